import StatesLanguage
import Testing

@Suite struct ChoiceTests {
    private func outcome(_ rule: String, _ input: String) throws -> DrivenRun {
        let machine = try StateMachine(
            """
            {"StartAt":"C","States":{
              "C":{"Type":"Choice","Choices":[{\(rule),"Next":"Yes"}],"Default":"No"},
              "Yes":{"Type":"Pass","Result":"yes","End":true},"No":{"Type":"Pass","Result":"no","End":true}}}
            """)
        return DrivenRun(machine, input: try JSONValue(parsing: input))
    }

    private static func test(_ comparison: String) -> String { "\"Variable\":\"$.x\",\(comparison)" }

    @Test(arguments: [
        (#""StringEquals":"a""#, #""a""#, true), (#""StringEquals":"a""#, #""b""#, false),
        (#""StringEquals":"1""#, "1", false),
        (#""StringLessThan":"b""#, #""a""#, true), (#""StringLessThan":"a""#, #""a""#, false),
        (#""StringGreaterThan":"a""#, #""b""#, true), (#""StringLessThanEquals":"a""#, #""a""#, true),
        (#""StringGreaterThanEquals":"b""#, #""a""#, false), (#""StringGreaterThanEquals":"b""#, "null", false),
        (#""StringEqualsPath":"$.y""#, #""why""#, true), (#""StringLessThanPath":"$.y""#, #""z""#, false),
        (#""NumericEquals":1"#, "1.0", true), (#""NumericEquals":1"#, #""1""#, false),
        (#""NumericLessThan":1.5"#, "1", true),
        (#""NumericGreaterThan":1"#, "1", false), (#""NumericGreaterThanEquals":1"#, "1", true),
        (#""NumericLessThanEquals":9007199254740992"#, "9007199254740993", false),
        (#""NumericEqualsPath":"$.n""#, "7", true),
        (#""BooleanEquals":true"#, "true", true), (#""BooleanEquals":true"#, "false", false),
        (#""BooleanEqualsPath":"$.t""#, "true", true), (#""BooleanEquals":true"#, "1", false),
        (#""TimestampEquals":"2024-01-01T00:00:00Z""#, #""2024-01-01T01:00:00+01:00""#, true),
        (#""TimestampLessThan":"2024-01-01T00:00:00Z""#, #""2023-12-31T23:59:59.999Z""#, true),
        (#""TimestampGreaterThan":"2024-01-01T00:00:00Z""#, #""later""#, false),
        (#""TimestampGreaterThanEquals":"2024-01-01T00:00:00Z""#, #""2024-01-01T00:00:00Z""#, true),
        (#""TimestampLessThanEqualsPath":"$.when""#, #""2024-01-01T00:00:00Z""#, true),
        (#""StringMatches":"log-*.txt""#, #""log-1.txt""#, true),
        (#""StringMatches":"log-*.txt""#, #""log-.txt""#, true),
        (#""StringMatches":"log-*.txt""#, #""log-1.txtx""#, false), (#""StringMatches":"*""#, #""""#, true),
        (#""StringMatches":"a*a""#, #""a""#, false), (#""StringMatches":"*ab*ab*""#, #""xabxab""#, true),
        (#""StringMatches":"*ab*ab*""#, #""xabx""#, false), (#""StringMatches":"a\\*b""#, #""a*b""#, true),
        (#""StringMatches":"a\\*b""#, #""axb""#, false), (#""StringMatches":"a\\\\*""#, #""a\\x""#, true),
        (#""StringMatches":"a""#, "1", false), (#""StringMatches":"*aab*""#, #""aaab""#, true),
        (#""IsNull":true"#, "null", true), (#""IsNull":true"#, "0", false), (#""IsNull":false"#, "0", true),
        (#""IsString":true"#, #""a""#, true), (#""IsString":false"#, "1", true), (#""IsNumeric":true"#, "1", true),
        (#""IsNumeric":true"#, #""1""#, false), (#""IsBoolean":true"#, "false", true),
        (#""IsTimestamp":true"#, #""2024-01-01T00:00:00Z""#, true), (#""IsTimestamp":true"#, #""2024""#, false),
        (#""IsPresent":true"#, "null", true), (#""IsPresent":false"#, "null", false),
    ])
    func `a comparison decides`(comparison: String, x: String, holds: Bool) throws {
        let input = "{\"x\":\(x),\"y\":\"why\",\"n\":7.0,\"t\":true,\"when\":\"2024-01-01T00:00:00Z\"}"
        let run = try outcome(Self.test(comparison), input)
        #expect(run.output == (holds ? "yes" : "no"))
        let negated = try outcome("\"Not\":{\(Self.test(comparison))}", input)
        #expect(negated.output == (holds ? "no" : "yes"))
    }

    @Test(arguments: [
        (#""And":[{"Variable":"$.a","IsNumeric":true},{"Variable":"$.b","IsNumeric":true}]"#, #"{"a":1,"b":1}"#, true),
        (
            #""And":[{"Variable":"$.a","IsNumeric":true},{"Variable":"$.b","IsNumeric":true}]"#, #"{"a":1,"b":""}"#,
            false
        ),
        (#""Or":[{"Variable":"$.a","IsNumeric":true},{"Variable":"$.b","IsNumeric":true}]"#, #"{"a":"","b":1}"#, true),
        (#""And":[{"Variable":"$.a","IsPresent":true},{"Variable":"$.a","IsNumeric":true}]"#, "{}", false),
        (#""Or":[{"Variable":"$.a","IsPresent":false},{"Variable":"$.a","IsNumeric":true}]"#, "{}", true),
        (#""Not":{"And":[{"Variable":"$.a","IsPresent":true}]}"#, "{}", true),
        (#""Variable":"$$.Execution.Name","StringEquals":"first""#, "{}", true),
    ])
    func `rules combine and stop early`(rule: String, input: String, holds: Bool) throws {
        #expect(try outcome(rule, input).output == (holds ? "yes" : "no"))
    }

    @Test func `a variable that is not there fails the run`() throws {
        #expect(try outcome(#""Variable":"$.x","IsNull":true"#, "{}").error == "States.Runtime")
        #expect(try outcome(#""Variable":"$.x","NumericEqualsPath":"$.y""#, "{\"x\":1}").error == "States.Runtime")
    }

    @Test func `no match and no default is an error`() throws {
        let machine = try StateMachine(
            #"{"StartAt":"C","States":{"C":{"Type":"Choice","Choices":["#
                + #"{"Variable":"$.x","IsNull":true,"Next":"E"}]},"E":{"Type":"Succeed"}}}"#
        )
        #expect(DrivenRun(machine, input: ["x": 1]).error == "States.Runtime")
    }

    @Test func `the first rule that holds wins, and paths filter what passes`() throws {
        let machine = try StateMachine(
            """
            {"StartAt":"C","States":{"C":{"Type":"Choice","InputPath":"$.in","OutputPath":"$.out","Choices":[
              {"Variable":"$.n","NumericGreaterThan":5,"Next":"A"},{"Variable":"$.n","NumericGreaterThan":1,"Next":"B"},
              {"Variable":"$.n","NumericGreaterThan":0,"Next":"A"}]},
              "A":{"Type":"Fail"},"B":{"Type":"Succeed"}}}
            """)
        #expect(DrivenRun(machine, input: ["in": ["n": 3, "out": 9]]).output == 9)
    }

    @Test func `a hostile pattern is matched in linear time`() throws {
        let text = String(repeating: "a", count: 100_000)
        let pattern = "*" + String(repeating: "a", count: 50_000) + "b*"
        #expect(try outcome(Self.test("\"StringMatches\":\"\(pattern)\""), "{\"x\":\"\(text)\"}").output == "no")
    }
}
