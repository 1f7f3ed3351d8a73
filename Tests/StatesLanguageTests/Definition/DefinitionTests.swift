import StatesLanguage
import Testing

@Suite struct DefinitionTests {
    private func problems(_ text: String) throws -> [String] {
        let definition = try JSONValue(parsing: text)
        do {
            _ = try StateMachine(definition: definition)
            return []
        } catch {
            return error.problems.map { "\($0.code) \($0.pointer)" }
        }
    }

    @Test(arguments: [
        ("5", ["WRONG_TYPE "]),
        ("{}", ["MISSING_FIELD "]),
        (#"{"StartAt":"A","States":{}}"#, ["MISSING_FIELD /States"]),
        (#"{"StartAt":"A","States":[]}"#, ["WRONG_TYPE /States"]),
        (#"{"StartAt":"B","States":{"A":{"Type":"Succeed"}}}"#, ["MISSING_TARGET /StartAt"]),
        (#"{"StartAt":"A","Foo":1,"States":{"A":{"Type":"Succeed"}}}"#, ["UNKNOWN_FIELD /Foo"]),
        (#"{"StartAt":"A","Version":"2","States":{"A":{"Type":"Succeed"}}}"#, ["INVALID_VALUE /Version"]),
        (#"{"StartAt":"A","TimeoutSeconds":0,"States":{"A":{"Type":"Succeed"}}}"#, []),
        (#"{"StartAt":"A","TimeoutSeconds":-1,"States":{"A":{"Type":"Succeed"}}}"#, ["INVALID_VALUE /TimeoutSeconds"]),
        (#"{"StartAt":"A","QueryLanguage":"JSONata","States":{"A":{"Type":"Succeed"}}}"#, []),
        (
            #"{"StartAt":"A","QueryLanguage":"jsonata","States":{"A":{"Type":"Succeed"}}}"#,
            ["INVALID_VALUE /QueryLanguage"]
        ),
        (
            #"{"StartAt":"A","States":{"A":{"Type":"Succeed"},"B":{"Type":"Succeed"}}}"#,
            ["UNREACHABLE_STATE /States/B"]
        ),
        (
            #"{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Pass","Next":"A"}}}"#,
            ["NO_TERMINAL_STATE /States"]
        ),
    ])
    func `a machine that breaks a rule is refused`(text: String, expected: [String]) throws {
        #expect(try problems(text) == expected)
    }

    @Test(arguments: [
        (#"{}"#, ["MISSING_FIELD "]), (#"{"Type":"X"}"#, ["INVALID_VALUE /Type"]),
        (#"{"Type":1}"#, ["WRONG_TYPE /Type"]),
        (#"5"#, ["WRONG_TYPE "]), (#"{"Type":"Map","End":true}"#, ["MISSING_FIELD "]),
        (#"{"Type":"Parallel","End":true}"#, ["MISSING_FIELD "]), (#"{"Type":"Pass"}"#, ["MISSING_FIELD "]),
        (#"{"Type":"Pass","End":false}"#, ["MISSING_FIELD "]), (#"{"Type":"Pass","End":1}"#, ["WRONG_TYPE /End"]),
        (#"{"Type":"Pass","Next":"S","End":true}"#, ["CONFLICTING_FIELDS /End"]),
        (#"{"Type":"Pass","Next":"Z"}"#, ["MISSING_TARGET /Next"]),
        (#"{"Type":"Pass","Next":1}"#, ["WRONG_TYPE /Next"]),
        (#"{"Type":"Pass","End":true,"Resource":"x"}"#, ["UNKNOWN_FIELD /Resource"]),
        (#"{"Type":"Pass","End":true,"Parameters":{"a.$":1}}"#, ["INVALID_TEMPLATE /Parameters/a.$"]),
        (#"{"Type":"Pass","End":true,"Parameters":{"a.$":"$.x","a":1}}"#, ["INVALID_TEMPLATE /Parameters/a"]),
        (#"{"Type":"Pass","End":true,"ResultPath":1}"#, ["WRONG_TYPE /ResultPath"]),
        (#"{"Type":"Task","End":true}"#, ["MISSING_FIELD "]),
        (#"{"Type":"Task","End":true,"Resource":""}"#, ["INVALID_VALUE /Resource"]),
        (#"{"Type":"Task","End":true,"Resource":"r","TimeoutSeconds":0}"#, ["INVALID_VALUE /TimeoutSeconds"]),
        (#"{"Type":"Task","End":true,"Resource":"r","TimeoutSeconds":1.5}"#, ["WRONG_TYPE /TimeoutSeconds"]),
        (
            #"{"Type":"Task","End":true,"Resource":"r","TimeoutSeconds":5,"HeartbeatSeconds":5}"#,
            ["INVALID_VALUE /HeartbeatSeconds"]
        ),
        (
            #"{"Type":"Task","End":true,"Resource":"r","TimeoutSeconds":5,"TimeoutSecondsPath":"$.x"}"#,
            ["CONFLICTING_FIELDS /TimeoutSecondsPath"]
        ),
        (#"{"Type":"Task","End":true,"Resource":"r","ResultSelector":[]}"#, ["WRONG_TYPE /ResultSelector"]),
        (#"{"Type":"Task","End":true,"Resource":"r","Retry":{}}"#, ["WRONG_TYPE /Retry"]),
        (#"{"Type":"Task","End":true,"Resource":"r","Retry":[{}]}"#, ["MISSING_FIELD /Retry/0"]),
        (
            #"{"Type":"Task","End":true,"Resource":"r","Retry":[{"ErrorEquals":[]}]}"#,
            ["INVALID_VALUE /Retry/0/ErrorEquals"]
        ),
        (
            #"{"Type":"Task","End":true,"Resource":"r","Retry":[{"ErrorEquals":["States.Foo"]}]}"#,
            ["ERROR_NAMES /Retry/0/ErrorEquals"]
        ),
        (
            #"{"Type":"Task","End":true,"Resource":"r","Retry":[{"ErrorEquals":["States.ALL","A"]}]}"#,
            ["ERROR_NAMES /Retry/0/ErrorEquals"]
        ),
        (
            #"{"Type":"Task","End":true,"Resource":"r","Retry":[{"ErrorEquals":["States.ALL"]},"#
                + #"{"ErrorEquals":["A"]}]}"#,
            ["ERROR_NAMES /Retry/0/ErrorEquals"]
        ),
        (
            #"{"Type":"Task","End":true,"Resource":"r","Retry":[{"ErrorEquals":["A"],"#
                + #""BackoffRate":0.9,"MaxAttempts":-1,"JitterStrategy":"HALF"}]}"#,
            [
                "INVALID_VALUE /Retry/0/MaxAttempts", "INVALID_VALUE /Retry/0/BackoffRate",
                "INVALID_VALUE /Retry/0/JitterStrategy",
            ]
        ),
        (
            #"{"Type":"Task","End":true,"Resource":"r","Retry":[{"ErrorEquals":["A"],"#
                + #""IntervalSeconds":5,"MaxDelaySeconds":5}]}"#,
            ["INVALID_VALUE /Retry/0/MaxDelaySeconds"]
        ),
        (
            #"{"Type":"Task","End":true,"Resource":"r","Catch":[{"ErrorEquals":["A"],"Next":"Z"}]}"#,
            ["MISSING_TARGET /Catch/0/Next"]
        ),
        (#"{"Type":"Choice"}"#, ["MISSING_FIELD "]), (#"{"Type":"Choice","Choices":[]}"#, ["INVALID_VALUE /Choices"]),
        (#"{"Type":"Choice","Choices":[{"Next":"S"}]}"#, ["MISSING_FIELD /Choices/0"]),
        (#"{"Type":"Choice","Choices":[{"Variable":"$.x","Next":"S"}]}"#, ["MISSING_FIELD /Choices/0"]),
        (#"{"Type":"Choice","Choices":[{"Variable":"$.x","IsNull":true}]}"#, ["MISSING_FIELD /Choices/0"]),
        (#"{"Type":"Choice","Choices":[{"Variable":"$.x","IsNull":1,"Next":"S"}]}"#, ["WRONG_TYPE /Choices/0/IsNull"]),
        (
            #"{"Type":"Choice","Choices":[{"Variable":"$.x","Foo":1,"IsNull":true,"Next":"S"}]}"#,
            ["UNKNOWN_FIELD /Choices/0/Foo"]
        ),
        (
            #"{"Type":"Choice","Choices":[{"Variable":"$.x","NumericEquals":1,"IsNull":true,"Next":"S"}]}"#,
            ["CONFLICTING_FIELDS /Choices/0/IsNull"]
        ),
        (
            #"{"Type":"Choice","Choices":[{"Variable":"$.x[*]","IsNull":true,"Next":"S"}]}"#,
            ["INVALID_PATH /Choices/0/Variable"]
        ),
        (
            #"{"Type":"Choice","Choices":[{"Variable":"$.x","StringEquals":1,"Next":"S"}]}"#,
            ["WRONG_TYPE /Choices/0/StringEquals"]
        ),
        (
            #"{"Type":"Choice","Choices":[{"Variable":"$.x","TimestampEquals":"now","Next":"S"}]}"#,
            ["INVALID_VALUE /Choices/0/TimestampEquals"]
        ),
        (#"{"Type":"Choice","Choices":[{"And":[],"Next":"S"}]}"#, ["INVALID_VALUE /Choices/0/And"]),
        (
            #"{"Type":"Choice","Choices":[{"Not":{"Variable":"$.x","IsNull":true,"Next":"S"},"Next":"S"}]}"#,
            ["UNKNOWN_FIELD /Choices/0/Not/Next"]
        ),
        (#"{"Type":"Wait","End":true}"#, ["MISSING_FIELD "]),
        (#"{"Type":"Wait","End":true,"Seconds":-1}"#, ["INVALID_VALUE /Seconds"]),
        (#"{"Type":"Wait","End":true,"Seconds":1,"Timestamp":"x"}"#, ["CONFLICTING_FIELDS /Timestamp"]),
        (#"{"Type":"Wait","End":true,"Timestamp":"x"}"#, ["INVALID_VALUE /Timestamp"]),
        (#"{"Type":"Succeed","Next":"S"}"#, ["UNKNOWN_FIELD /Next"]),
        (#"{"Type":"Fail","InputPath":"$"}"#, ["UNKNOWN_FIELD /InputPath"]),
        (#"{"Type":"Fail","Error":"a","ErrorPath":"$.a"}"#, ["CONFLICTING_FIELDS /ErrorPath"]),
        (#"{"Type":"Fail","CausePath":"x"}"#, ["INVALID_PATH /CausePath"]),
    ])
    func `a state that breaks a rule is refused`(state: String, expected: [String]) throws {
        // A state that leads to itself alone breaks another rule besides.
        let found = try problems("{\"StartAt\":\"S\",\"States\":{\"S\":\(state)}}")
        #expect(
            found.filter { $0 != "NO_TERMINAL_STATE /States" }
                == expected.map {
                    $0.replacing(" ", with: " /States/S", maxReplacements: 1)
                })
    }

    @Test func `all problems are reported at once`() throws {
        let text = #"{"StartAt":"X","Bad":1,"States":{"A":{"Type":"Pass","Next":"Y"},"B":{"Type":"Wait","End":true}}}"#
        #expect(
            try problems(text) == [
                "UNKNOWN_FIELD /Bad", "MISSING_TARGET /States/A/Next", "MISSING_FIELD /States/B",
                "MISSING_TARGET /StartAt",
            ])
    }

    @Test func `names are limited to 80 characters and escaped in pointers`() throws {
        let name = String(repeating: "é", count: 80)
        #expect(try problems("{\"StartAt\":\"\(name)\",\"States\":{\"\(name)\":{\"Type\":\"Succeed\"}}}") == [])
        let long = name + "é"
        #expect(
            try problems("{\"StartAt\":\"\(long)\",\"States\":{\"\(long)\":{\"Type\":\"Succeed\"}}}")
                == ["NAME_TOO_LONG /States/\(long)"])
        #expect(
            try problems(#"{"StartAt":"a/b~c","States":{"a/b~c":{"Type":"Pass"}}}"#) == [
                "MISSING_FIELD /States/a~1b~0c"
            ])
    }

    @Test func `a definition of 10,000 states compiles and one beyond a megabyte is refused`() throws {
        let states = (0..<10_000).map { "\"S\($0)\":{\"Type\":\"Pass\",\"Next\":\"S\($0 + 1)\"}" }.joined(
            separator: ",")
        let text = "{\"StartAt\":\"S0\",\"States\":{\(states),\"S10000\":{\"Type\":\"Succeed\"}}}"
        #expect(try problems(text) == [])
        let comment = String(repeating: "x", count: 1_048_576)
        #expect(
            try problems("{\"Comment\":\"\(comment)\",\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Succeed\"}}}")
                == ["DEFINITION_TOO_LARGE "])
    }

    @Test func `a compiled machine tells of itself`() throws {
        let machine = try StateMachine(
            #"{"StartAt":"A","Comment":"c","TimeoutSeconds":9,"States":{"#
                + #""A":{"Type":"Task","Resource":"r","Next":"B"},"B":{"Type":"Fail"}}}"#
        )
        #expect(machine.startAt == "A")
        #expect(machine.comment == "c")
        #expect(machine.timeoutSeconds == 9)
        #expect(machine.states.map(\.name) == ["A", "B"])
        #expect(machine.states.map(\.type) == [.task, .fail])
        #expect(machine.state(named: "A")?.resource == "r")
        #expect(machine.state(named: "C") == nil)
        #expect(try machine == StateMachine(definition: machine.definition))
    }
}
