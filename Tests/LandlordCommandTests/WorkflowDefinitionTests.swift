import Foundation
import StatesLanguage
import Testing

/// `landlord workflow lint`, `run` and `test-state`: definitions, without an engine.
@Suite(.timeLimit(.minutes(3)))
struct WorkflowDefinitionTests {
    private static let hello = #"{"StartAt":"S","States":{"S":{"Type":"Pass","End":true}}}"#
    private static let broken =
        "StartAt: S\nStates:\n  S:\n    Type: Pass\n    Next: Shipp\n  Ship:\n    Type: Succeed\n"
    private static let warned = """
        {"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[{"Variable":"$.a","IsPresent":true,"Next":"D"}]},
        "D":{"Type":"Succeed"}}}
        """
    private static let task = """
        {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke",
        "Parameters":{"FunctionName":"f","Payload.$":"$"},"ResultSelector":{"x.$":"$.Payload.x"},"ResultPath":"$.out",
        "Catch":[{"ErrorEquals":["Known"],"Next":"C"}],"Next":"D"},"C":{"Type":"Fail","Error":"Caught"},
        "D":{"Type":"Succeed"}}}
        """

    // MARK: lint

    @Test func `lint says nothing of a good definition, and leaves with 0`() async throws {
        let home = try Home()
        let end = try await home.run(["workflow", "lint", try home.write(Self.hello, to: "a.json")])
        #expect(end.code == 0)
        #expect(end.output.hasSuffix("a.json: nothing found\n"))
    }

    @Test func `lint names the line of the YAML, and leaves with 65`() async throws {
        let home = try Home()
        let end = try await home.run(["workflow", "lint", try home.write(Self.broken, to: "a.yaml")])
        #expect(end.code == 65)
        #expect(
            end.output.contains("a.yaml:5:5: error MISSING_TARGET: Missing 'Next' target: Shipp (did you mean 'Ship'?)")
        )
        #expect(end.problems == "")
    }

    @Test(arguments: [([], 0), (["--strict"], 65)] as [([String], Int32)])
    func `warnings alone fail only a strict lint`(options: [String], code: Int32) async throws {
        let end = try await Home().run(["workflow", "lint", "-"] + options, input: Self.warned)
        #expect(end.code == code)
        #expect(end.output.contains("stdin:1:26: warning CHOICE_WITHOUT_DEFAULT"))
    }

    @Test func `lint writes JSON and SARIF`() async throws {
        let home = try Home()
        let json = try await home.run(["workflow", "lint", "-", "-o", "json"], input: Self.broken)
        let document = try JSONValue(parsing: json.output)
        #expect(document["errors"] == 1)
        #expect(document["findings"]?[0]?["line"] == 5)
        let sarif = try await home.run(["workflow", "lint", "-", "-o", "sarif"], input: Self.broken)
        #expect(sarif.code == 65)
        let region = try JSONValue(parsing: sarif.output)["runs"]?[0]?["results"]?[0]?["locations"]?[0]
        #expect(region?["physicalLocation"]?["region"]?["startLine"] == 5)
    }

    @Test(arguments: [("{", "INVALID_JSON"), ("a: [", "INVALID_JSON"), ("{\"a\":1,\"a\":2}", "DUPLICATE_KEY")])
    func `what cannot be read is a finding`(text: String, code: String) async throws {
        let end = try await Home().run(["workflow", "lint", "-"], input: text)
        #expect(end.code == 65)
        #expect(end.output.contains(code))
    }

    @Test func `a file that is not there is 66`() async throws {
        let home = try Home()
        for verb in ["lint", "run", "test-state"] {
            let end = try await home.run(["workflow", verb, home.file("none.json")])
            #expect(end.code == 66)
            #expect(end.problems.split(separator: "\n").count == 1)
        }
    }

    // MARK: run

    @Test func `a run prints status, output and history, and starts at one moment`() async throws {
        let home = try Home()
        let file = try home.write(Self.hello, to: "a.json")
        let end = try await home.run(["workflow", "run", file, "--input", #"{"n":1}"#])
        #expect(end.code == 0)
        let document = try JSONValue(parsing: end.output)
        #expect(document["status"] == "SUCCEEDED")
        #expect(document["output"] == ["n": 1])
        let types = document["history"]?.arrayValue?.compactMap { $0["type"]?.stringValue }
        #expect(types == ["ExecutionStarted", "PassStateEntered", "PassStateExited", "ExecutionSucceeded"])
        #expect(document["history"]?[0]?["timestamp"]?.stringValue?.hasPrefix("2026-01-01T00:00:00") == true)
        #expect(document["history"]?[1]?["stateEnteredEventDetails"]?["name"] == "S")
    }

    @Test func `a run that fails leaves with 1, and its mocks may be YAML`() async throws {
        let home = try Home()
        let file = try home.write(Self.task, to: "a.json")
        let mocks = try home.write("tasks:\n  T:\n    - throw: { error: Other, cause: because }\n", to: "mocks.yaml")
        let end = try await home.run(["workflow", "run", file, "--mocks", mocks])
        #expect(end.code == 1)
        let document = try JSONValue(parsing: end.output)
        #expect(document["status"] == "FAILED")
        #expect(document["error"] == "Other")
        #expect(document["cause"] == "because")
    }

    @Test func `the timeline is for people`() async throws {
        let home = try Home()
        let file = try home.write(Self.hello, to: "a.json")
        let end = try await home.run(["workflow", "run", file, "-o", "text"])
        #expect(end.output.contains("EVENT  AFTER  TYPE"))
        #expect(end.output.contains("status  SUCCEEDED"))
    }

    @Test(
        arguments: [
            (["--input", "{"], Int32(65)), (["--input", "@none"], 66), (["--mocks", "none"], 66),
            (["--clock", "sun"], 64),
            (["--type", "EXPRESSO"], 64), ([], 65),
        ] as [([String], Int32)])
    func `what is wrong with the call is one line`(options: [String], code: Int32) async throws {
        let home = try Home()
        let file = try home.write(Self.task, to: "a.json")
        let end = try await home.run(["workflow", "run", file] + options)
        #expect(end.code == code)
        #expect(end.problems.split(separator: "\n").count == 1)
        #expect(end.output == "")
    }

    // MARK: test-state

    @Test func `a state is run by itself, with the data at each step`() async throws {
        let home = try Home()
        let file = try home.write(Self.task, to: "a.json")
        let end = try await home.run([
            "workflow", "test-state", file, "--state", "T", "--input", #"{"a":1}"#, "--result",
            #"{"Payload":{"x":5}}"#, "--inspection-level", "DEBUG",
        ])
        #expect(end.code == 0)
        let document = try JSONValue(parsing: end.output)
        #expect(document["status"] == "SUCCEEDED")
        #expect(document["output"] == ["a": 1, "out": ["x": 5]])
        #expect(document["nextState"] == "D")
        #expect(document["inspectionData"]?["afterParameters"] == ["FunctionName": "f", "Payload": ["a": 1]])
        #expect(document["inspectionData"]?["afterResultSelector"] == ["x": 5])
    }

    @Test(arguments: [("Known", "CAUGHT_ERROR", Int32(0)), ("Unknown", "FAILED", 1)])
    func `an error of the task is caught or not`(error: String, status: String, code: Int32) async throws {
        let home = try Home()
        let file = try home.write(Self.task, to: "a.json")
        let end = try await home.run(["workflow", "test-state", file, "--error", error, "--cause", "why"])
        #expect(end.code == code)
        let document = try JSONValue(parsing: end.output)
        #expect(document["status"]?.stringValue == status)
        #expect(document["inspectionData"] == nil)
    }

    @Test func `a state may stand alone in the file, and reads variables`() async throws {
        let state = #"{"Type":"Pass","QueryLanguage":"JSONata","Output":"{% $n * 2 %}","End":true}"#
        let end = try await Home().run(["workflow", "test-state", "-", "--variables", #"{"n":4}"#], input: state)
        #expect(try JSONValue(parsing: end.output)["output"] == 8)
    }

    private static let wrongTests: [(options: [String], code: Int32)] = [
        (["--state", "X"], 66), (["--result", "1", "--error", "E"], 64), (["--cause", "c"], 64),
        (["--variables", "[]"], 65),
    ]

    @Test(arguments: wrongTests)
    func `what is wrong with a test is one line`(options: [String], code: Int32) async throws {
        let home = try Home()
        let file = try home.write(Self.task, to: "a.json")
        let end = try await home.run(["workflow", "test-state", file] + options)
        #expect(end.code == code)
        #expect(end.problems.split(separator: "\n").count == 1)
    }
}
