import Foundation
import Testing

@testable import StatesLanguage

/// The linter beyond the examples of its document.
struct LintTests {
    private func codes(_ text: String, _ options: Linter.Options = .init()) -> [String] {
        Linter(options: options).findings(in: text).map(\.code)
    }

    // MARK: Machines that Step Functions takes

    static let accepted: [URL] = {
        let folder = LintDocument.root.appending(path: "examples/workflows")
        // Without the folder there is no machine, which a test notices.
        let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        return files.filter { $0.pathExtension == "json" }.sorted { $0.path < $1.path }
    }()

    @Test func `there are thirty example machines, with all types of state and both languages`() throws {
        #expect(Self.accepted.count >= 30)
        let machines = try Self.accepted.map {
            try StateMachine(definition: JSONValue(parsing: Array(Data(contentsOf: $0))))
        }
        #expect(Set(machines.flatMap { $0.states.map(\.type) }) == Set(StateType.allCases))
        #expect(Set(machines.flatMap { $0.states.map(\.queryLanguage) }) == Set(QueryLanguage.allCases))
    }

    @Test(arguments: accepted) func `an example machine has neither errors nor warnings`(file: URL) throws {
        let findings = try Linter().findings(in: Array(Data(contentsOf: file)))
        let told = findings.filter { $0.severity != .info }.map { "\($0.code) \($0.pointer): \($0.message)" }
        // It is kept in the old form, and that form is accepted.
        #expect(told == [])
    }

    // MARK: Places

    @Test func `a finding has the line and the column of the name of its field`() throws {
        let text = """
            {
              "StartAt": "S",
              "States": {
                "S": { "Type": "Pass", "Next": "T" },
                "é/~": { "Comment": "é", "Type": "Succeed" }
              }
            }
            """
        let findings = Linter().findings(in: text)
        let missing = try #require(findings.first { $0.code == "MISSING_TARGET" })
        #expect(missing.pointer == "/States/S/Next")
        #expect(missing.line == 4 && missing.column == 28)
        let places = TextPlaces(of: ["/States/é~1~0/Type", "/States/é~1~0/None", ""], in: Array(text.utf8))
        #expect(places["/States/é~1~0/Type"] == .init(line: 5, column: 30))
        #expect(places["/States/é~1~0/None"] == .init(line: 5, column: 5))
        #expect(places[""] == .init(line: 1, column: 1))
    }

    @Test func `elements of arrays have the place where they start`() {
        let text = "{\"a\": [1, \"x]\", {\"b\": [[], {\"c\\u0064\": -1.5e3}]}]}"
        let places = TextPlaces(of: ["/a/1", "/a/2/b/1/cd", "/a/2/b/0"], in: Array(text.utf8))
        #expect(places["/a/1"].column == 11)
        #expect(places["/a/2/b/0"].column == 24)
        #expect(places["/a/2/b/1/cd"].column == 29)
    }

    @Test(arguments: [
        ("{", 1, 2), ("{\n \"a\": tru }", 2, 7), ("{\"é\": 1, \"é\": 2}", 1, 10), ("", 1, 1),
    ])
    func `a text that is not JSON has one finding, at the place where reading stopped`(
        text: String, line: Int, column: Int
    ) {
        let findings = Linter().findings(in: text)
        #expect(findings.count == 1)
        #expect(findings.first?.line == line)
        #expect(findings.first?.column == column)
        #expect(findings.first?.severity == .error)
    }

    // MARK: Hints

    @Test(
        arguments: [
            (
                #"{"StartAt":"S","States":{"S":{"Type":"Pass","Nxt":"T"},"T":{"Type":"Succeed"}}}"#, "UNKNOWN_FIELD",
                "'Next'"
            ),
            (
                #"{"StartAt":"S","States":{"S":{"Type":"Pass","Next":"Done"},"Don":{"Type":"Succeed"}}}"#,
                "MISSING_TARGET",
                "'Don'"
            ),
            (#"{"StartAt":"T","States":{"Tea":{"Type":"Succeed"}}}"#, "MISSING_TARGET", nil),
            (#"{"StartAt":"S","States":{"S":{"Type":"Sucede"}}}"#, "UNKNOWN_STATE_TYPE", "'Succeed'"),
        ] as [(String, String, String?)])
    func `a slip is answered with the nearest name`(text: String, code: String, hint: String?) throws {
        let finding = try #require(Linter().findings(in: text).first { $0.code == code })
        #expect(finding.suggestion?.contains(hint ?? "") ?? (hint == nil))
    }

    // MARK: Edges

    @Test(arguments: [(86_400, false), (86_401, true)])
    func `a retry may come a day after the one before it`(seconds: Int, isReported: Bool) {
        let rule = #"{"ErrorEquals":["States.ALL"],"MaxAttempts":1,"IntervalSeconds":\#(seconds)}"#
        #expect(codes(Self.task("\"Retry\":[\(rule)]")).contains("RETRY_DELAY_UNBOUNDED") == isReported)
    }

    @Test(arguments: [(300, false), (301, true)])
    func `an Express run waits for five minutes`(seconds: Int, isReported: Bool) {
        let text = #"{"StartAt":"S","States":{"S":{"Type":"Wait","Seconds":\#(seconds),"End":true}}}"#
        #expect(codes(text, .init(kind: .express)).contains("EXPRESS_TOO_LONG") == isReported)
        #expect(!codes(text).contains("EXPRESS_TOO_LONG"))
    }

    @Test func `a transition to nowhere is not called a loop too`() {
        let text = #"{"StartAt":"S","States":{"S":{"Type":"Pass","Next":"T"},"U":{"Type":"Succeed"}}}"#
        #expect(codes(text) == ["MISSING_TARGET"])
    }

    @Test func `a Choice whose last rule always matches needs no Default`() {
        let text = """
            {"QueryLanguage":"JSONata","StartAt":"C","States":{"C":{"Type":"Choice","Choices":[{"Condition":true,
            "Next":"D"}]},"D":{"Type":"Succeed"}}}
            """
        #expect(!codes(text).contains("CHOICE_WITHOUT_DEFAULT"))
        #expect(codes(text).contains("CONSTANT_CONDITION"))
    }

    @Test(arguments: [
        ("$$", false), ("$$.Task", false), ("$$.Task.Token", false), ("$token", false), ("$$.Execution.Id", true),
    ])
    func `a token may be passed inside something larger`(path: String, isReported: Bool) {
        let text = """
            {"StartAt":"S","States":{"S":{"Type":"Task","TimeoutSeconds":5,"End":true,
            "Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken","Parameters":{"FunctionName":"f",
            "Payload":{"x.$":"\(path)"}}}}}
            """
        #expect(codes(text).contains("TOKEN_NOT_PASSED") == isReported)
    }

    @Test func `variables are seen in branches, but not from one branch to another`() {
        func machine(_ read: String) -> String {
            """
            {"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Pass","Assign":{"outer":1},"Next":"P"},
            "P":{"Type":"Parallel","End":true,"Branches":[
            {"StartAt":"B","States":{"B":{"Type":"Pass","Assign":{"inner":2},"Next":"B2"},
            "B2":{"Type":"Pass","Output":"{% $inner + $outer %}","End":true}}},
            {"StartAt":"C","States":{"C":{"Type":"Pass","Output":"{% \(read) %}","End":true}}}]}}}
            """
        }
        #expect(codes(machine("$outer")).filter { $0.contains("VARIABLE") || $0.contains("BEFORE") } == [])
        #expect(codes(machine("$inner")).contains("UNDEFINED_VARIABLE"))
        #expect(codes(machine("($inner := 5; $inner)")).filter { $0.contains("VARIABLE") } == [])
        #expect(codes(machine("'$inner' /* $nobody */")).filter { $0 == "UNDEFINED_VARIABLE" } == [])
    }

    @Test func `a variable that a loop brings back is not read too early`() {
        let text = """
            {"QueryLanguage":"JSONata","StartAt":"Use","States":{"Use":{"Type":"Pass",
            "Output":"{% $exists($n) ? $n : 0 %}","Next":"Keep"},"Keep":{"Type":"Pass","Assign":{"n":1},"Next":"More"},
            "More":{"Type":"Choice","Choices":[{"Condition":"{% $n < 5 %}","Next":"Use"}],"Default":"Done"},
            "Done":{"Type":"Succeed"}}}
            """
        #expect(!codes(text).contains("READ_BEFORE_ASSIGNED"))
    }

    static func task(_ fields: String) -> String {
        """
        {"StartAt":"S","States":{"S":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke",
        "Parameters":{"FunctionName":"f"},\(fields),"End":true}}}
        """
    }

    // MARK: SARIF

    @Test func `SARIF has every rule with its help, and the place of each finding`() throws {
        let findings = Linter().findings(in: #"{"StartAt":"S","States":{"S":{"Type":"Pass","Next":"T"}}}"#)
        let document = LintSARIF(file: "my order.json", version: "1.2.3").document(findings)
        #expect(document["version"] == "2.1.0")
        let run = try #require(document["runs"]?[0])
        let rules = try #require(run["tool"]?["driver"]?["rules"]?.arrayValue)
        #expect(rules.count == LintRule.all.count)
        for rule in rules {
            #expect(rule["help"]?["text"]?.stringValue?.isEmpty == false)
            #expect(rule["help"]?["markdown"]?.stringValue?.contains("docs/workflow-lint.md") == true)
        }
        let result = try #require(run["results"]?[0])
        let index = try #require(result["ruleIndex"]?.intValue)
        #expect(rules[index]["id"] == result["ruleId"])
        let place = result["locations"]?[0]?["physicalLocation"]
        #expect(place?["artifactLocation"]?["uri"] == "my%20order.json")
        #expect(place?["region"]?["startLine"]?.intValue == 1)
        #expect((place?["region"]?["startColumn"]?.intValue ?? 0) > 1)
    }
}
