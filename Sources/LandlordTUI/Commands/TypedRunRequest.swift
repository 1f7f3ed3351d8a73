import LandlordDomain
import StatesLanguage

/// What somebody has typed to have something said to a run, or a run started.
struct TypedRunRequest: Hashable, Sendable {
    /// What is done.
    let verb: ConsoleVerb
    /// What is asked about it.
    let title: String
    /// What goes with it.
    let data: String

    /// Reads a signal: its name, and data as JSON, without which it has none.
    static func signal(_ text: String, to run: String) -> Result<TypedRunRequest, TypedRunProblem> {
        read(text).flatMap { words, data in
            guard words.count == 1 else { return .failure(.init("a signal is one name, and then JSON")) }
            return .success(
                TypedRunRequest(
                    verb: .signal(run, name: words[0], data: data ?? .null), title: "Send '\(words[0])' to \(run)",
                    data: (data ?? .null).serialized()))
        }
    }

    /// Reads a start: the workflow, a name for the run, and an input as JSON, `{}` where there is none.
    static func start(_ text: String) -> Result<TypedRunRequest, TypedRunProblem> {
        read(text).flatMap { words, data in
            guard let workflow = words.first, words.count <= 2 else {
                return .failure(.init("a start is a workflow, perhaps a name, and then JSON"))
            }
            guard WorkflowSpec.isLegalWorkflowID(workflow) else {
                return .failure(.init("'\(workflow)' is no workflow"))
            }
            let name = words.dropFirst().first
            if let name, !ExecutionInput.isLegalExecutionName(name) {
                return .failure(.init("'\(name)' is no name for a run"))
            }
            let input = data ?? [:]
            return .success(
                TypedRunRequest(
                    verb: .start(workflow, name: name, input: input),
                    title: "Start \(workflow)\(name.map { " as \($0)" } ?? "")", data: input.serialized()))
        }
    }

    /// The words before the JSON, and the JSON.
    private static func read(_ text: String) -> Result<(words: [String], data: JSONValue?), TypedRunProblem> {
        let words = text.split(separator: " ")
        let begin = words.firstIndex { word in
            word.first.map { "{[\"-0123456789".contains($0) } ?? false && word != words.first
        }
        guard let begin else { return .success((words.map(String.init), nil)) }
        do throws(JSONParseError) {
            let data = try JSONValue(parsing: String(text[words[begin].startIndex...]))
            return .success((words[..<begin].map(String.init), data))
        } catch {
            return .failure(.init("this is not JSON: \(error)"))
        }
    }
}

/// Why what was typed cannot be understood.
struct TypedRunProblem: Error, Hashable, Sendable {
    let message: String

    init(_ message: String) { self.message = message }
}
