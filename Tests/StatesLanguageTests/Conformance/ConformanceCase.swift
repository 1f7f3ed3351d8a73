import Foundation
import StatesLanguage
import Testing

/// One row of the conformance table: a machine, what it is given, and what must come of it.
///
/// The table is in `Cases`, a file for each topic. Each expected value has its `source`: a section of the specification
/// (states-language.net), a page of the Step Functions developer guide or API reference, or the program that gave it
/// for the same machine. None comes from this library. `covers` names the fields (`Task.Resource`), functions
/// (`States.Format`, `$hash`) and errors (`States.Timeout`) that the row is there for.
struct ConformanceCase: Sendable, CustomTestStringConvertible {
    /// What must come of a machine.
    enum Expectation: Sendable {
        case output(JSONValue)
        /// The run ends with an error; nil stands for what is not said.
        case failure(error: String?, cause: String?)
        /// The definition is refused, with a problem whose words include these.
        case refusal(String)
    }

    let file: String
    let name: String
    let source: String
    let covers: [String]
    let definition: JSONValue
    let input: JSONValue
    let mocks: JSONValue
    let kind: ExecutionKind
    let expectation: Expectation
    /// The history, a line for each event with its number, the one it follows, and its kind.
    let history: [String]
    /// The details of the first event of some kinds.
    let details: JSONObject

    var testDescription: String { "\(file): \(name)" }

    /// Whether the row shows something that works.
    var isSuccess: Bool { if case .output = expectation { true } else { false } }

    init(_ json: JSONValue, file: String) throws {
        func value(_ name: String) throws -> JSONValue {
            guard let value = json[name] else { throw Unreadable(description: "a case of \(file) has no '\(name)'") }
            return value
        }
        self.file = file
        name = try value("name").stringValue ?? ""
        source = try value("source").stringValue ?? ""
        covers = try value("covers").arrayValue?.compactMap(\.stringValue) ?? []
        input = json["input"] ?? [:]
        mocks = json["mocks"] ?? [:]
        kind = json["type"]?.stringValue.flatMap(ExecutionKind.init) ?? .standard
        history = json["history"]?.arrayValue?.compactMap(\.stringValue) ?? []
        details = json["events"]?.objectValue ?? [:]
        definition = try json["definition"] ?? Self.definition(of: value("states"), language: json["language"])
        let expected = try value("expect")
        if let output = expected["output"] {
            expectation = .output(output)
        } else if let words = expected["refused"]?.stringValue {
            expectation = .refusal(words)
        } else {
            expectation = .failure(error: expected["error"]?.stringValue, cause: expected["cause"]?.stringValue)
        }
    }

    /// A machine of the states of a row, which begins with the first.
    private static func definition(of states: JSONValue, language: JSONValue?) -> JSONValue {
        var definition: JSONObject = ["StartAt": .string(states.objectValue?.keys.first ?? "")]
        if let language { definition["QueryLanguage"] = language }
        definition["States"] = states
        return .object(definition)
    }

    struct Unreadable: Error, CustomStringConvertible {
        let description: String
    }
}

/// All rows of the table.
enum ConformanceTable {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cases")

    /// The rows; a file that cannot be read is a row that fails.
    static let rows: [Result<ConformanceCase, any Error>] = {
        // Without the folder there is no row, which a test notices.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".json") }.sorted().flatMap { name in
            do {
                let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
                let file = String(name.dropLast(".json".count))
                return (try JSONValue(parsing: text).arrayValue ?? []).map { json in
                    Result { try ConformanceCase(json, file: file) }
                }
            } catch {
                return [.failure(error)]
            }
        }
    }()

    /// Those that can be read; a test says which cannot.
    static let cases: [ConformanceCase] = rows.compactMap { try? $0.get() }
}
