import LandlordDomain
import StatesLanguage

/// Computes the chains of runs again from the lines that were written of them.
///
/// It is given one line after the other and keeps one run's place, so that a file of any size can be checked.
public struct RunLineCheck: Sendable {
    private var report = VerificationReport()

    /// The run whose lines come now.
    private struct Current {
        let id: String
        let inputCount: Int
        let eventCount: Int
        /// The last digest; nil where the run was not over.
        let hash: String?
        var head = RunLog.Head()
        var isBroken = false
    }

    private var lineNumber = 0
    private var current: Current?

    /// A check that has seen nothing yet.
    public init() {
        for name in ["runs", Self.unchecked] { report.count(name, 0) }
    }

    private static let unchecked = "runs that are not over and cannot be checked"

    /// Takes the next line.
    public mutating func take(_ line: [UInt8]) {
        lineNumber += 1
        let json: JSONValue
        do throws(JSONParseError) {
            json = try JSONValue(parsing: line)
        } catch {
            return report(.unreadable, "line \(lineNumber)", "it is not JSON: \(error)")
        }
        switch json["kind"]?.stringValue {
        case "workflow": endRun()
        case "run": begin(json)
        case "input": follow(json)
        default: report(.unreadable, "line \(lineNumber)", "it is neither a workflow nor a run nor an input")
        }
    }

    /// Says that there are no more lines.
    ///
    /// - Returns: What was looked at, and what is wrong: the first for each run.
    public mutating func finish() -> VerificationReport {
        endRun()
        return report
    }

    private mutating func begin(_ json: JSONValue) {
        endRun()
        guard let id = json["run"]?.stringValue, let inputs = json["inputs"]?.intValue,
            let events = json["events"]?.intValue
        else { return report(.unreadable, "line \(lineNumber)", "it is no run") }
        current = Current(id: id, inputCount: inputs, eventCount: events, hash: json["hash"]?.stringValue)
        report.count("runs", 1)
        if current?.hash == nil { report.count(Self.unchecked, 1) }
    }

    private mutating func follow(_ json: JSONValue) {
        guard var run = current, json["run"]?.stringValue == run.id else {
            return report(.missingHistory, "line \(lineNumber)", "it is an input of a run whose line is not before it")
        }
        defer { current = run }
        guard !run.isBroken else { return }
        guard json["number"]?.intValue == run.head.inputCount + 1 else {
            run.isBroken = true
            return report(
                .missingHistory, "run \(run.id)", "line \(lineNumber) is not input \(run.head.inputCount + 1)")
        }
        do throws(RepositoryError) {
            guard run.hash != nil else {
                run.head.inputCount += 1
                run.head.eventCount += json["history"]?.arrayValue?.count ?? 0
                return
            }
            run.head = try RunLog.Link(line: json, behind: run.head).head(behind: run.head, of: run.id)
            guard Hexadecimal.text(run.head.hash) == json["hash"]?.stringValue else {
                run.isBroken = true
                let message = "input \(run.head.inputCount), line \(lineNumber), is not what its digest was made of"
                return report(.hash, "run \(run.id)", message)
            }
        } catch {
            run.isBroken = true
            report(.unreadable, "run \(run.id)", "line \(lineNumber): \(error)")
        }
    }

    private mutating func endRun() {
        guard let run = current else { return }
        current = nil
        guard !run.isBroken else { return }
        guard (run.head.inputCount, run.head.eventCount) == (run.inputCount, run.eventCount) else {
            let message = """
                it has \(run.head.inputCount) inputs and \(run.head.eventCount) events where its line counts \
                \(run.inputCount) and \(run.eventCount)
                """
            return report(.missingHistory, "run \(run.id)", message)
        }
        if let hash = run.hash, hash != Hexadecimal.text(run.head.hash) {
            report(.hash, "run \(run.id)", "its last input is not the one whose digest its line holds")
        }
    }

    private mutating func report(_ kind: VerificationReport.Finding.Kind, _ subject: String, _ message: String) {
        report.add([.init(kind, subject, message)])
    }
}

extension RunLog.Link {
    /// A link as a line has it.
    fileprivate init(line: JSONValue, behind head: RunLog.Head) throws(RepositoryError) {
        guard let at = line["at"]?.stringValue.flatMap(Timestamp.init(rfc3339:)),
            let seed = line["seed"]?.stringValue.flatMap(Int64.init), let input = line["input"],
            let history = line["history"]?.arrayValue
        else { throw .unusable("it is no input of a run") }
        var events: [HistoryEvent] = []
        do throws(StoredFormError) {
            for event in history { events.append(try HistoryEvent(json: event)) }
        } catch {
            throw .unusable("\(error)")
        }
        try self.init(input: input.serialized(), at: at, seed: seed, events: events, behind: head)
    }
}
