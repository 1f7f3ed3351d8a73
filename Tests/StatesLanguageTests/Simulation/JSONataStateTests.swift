import StatesLanguage
import Testing

/// States in JSONata; the words of errors are those of issues 2665 and 2736 of floci-io/floci, seen on AWS.
@Suite struct JSONataStateTests {
    private func single(_ fields: String) -> String {
        #"{"QueryLanguage":"JSONata","StartAt":"S","States":{"S":\#(fields),"N":{"Type":"Succeed"}}}"#
    }

    private func alone(_ fields: String) -> String {
        #"{"QueryLanguage":"JSONata","StartAt":"S","States":{"S":\#(fields)}}"#
    }

    @Test(arguments: [
        (#"{"Type":"Pass","End":true}"#, #"{"a":1}"#),
        (
            #"{"Type":"Pass","Output":{"b":"{% $states.input.a + 1 %}","c":["{% 'x' %}",2]},"End":true}"#,
            #"{"b":2,"c":["x",2]}"#
        ),
        (#"{"Type":"Pass","Output":"{% $states.context.State.Name %}","End":true}"#, #""S""#),
        (#"{"Type":"Pass","Output":null,"End":true}"#, "null"),
        (#"{"Type":"Succeed","Output":{"done":"{% $states.input.a = 1 %}"}}"#, #"{"done":true}"#),
        (#"{"Type":"Wait","Seconds":"{% $states.input.a %}","Output":"{% 'waited' %}","End":true}"#, #""waited""#),
        (#"{"Type":"Wait","Timestamp":"{% '2020-01-01T00:00:00Z' %}","End":true}"#, #"{"a":1}"#),
        (
            #"{"Type":"Parallel","Arguments":{"x":"{% $states.input.a %}"},"Branches":[{"StartAt":"A","States":{"#
                + #""A":{"Type":"Pass","Output":"{% $states.input.x + 1 %}","End":true}}}],"#
                + #""Output":"{% $states.result[0] %}","End":true}"#, "2"
        ),
        (
            #"{"Type":"Map","Items":"{% [1,2] %}","ItemSelector":{"v":"{% $states.context.Map.Item.Value %}","#
                + #""i":"{% $states.context.Map.Item.Index %}","a":"{% $states.input.a %}"},"#
                + #""ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},"End":true}"#,
            #"[{"v":1,"i":0,"a":1},{"v":2,"i":1,"a":1}]"#
        ),
        (
            #"{"Type":"Map","Items":[1,"{% 2 %}"],"ItemProcessor":{"StartAt":"P","States":{"P":{"Typ"#
                + #"e":"Pass","End":true}}},"End":true}"#,
            "[1,2]"
        ),
    ])
    func `a state gives its output`(state: String, output: String) throws {
        let result = try Simulation.result(of: alone(state), input: #"{"a":1}"#)
        #expect(result.error == nil && result.cause == nil)
        #expect(result.output?.serialized() == output)
    }

    @Test(arguments: [
        (
            #"{"Type":"Pass","Output":{"v":"{% $states.input.no %}"},"End":true}"#, "Output/v",
            "returned nothing (undefined)."
        ),
        (
            #"{"Type":"Pass","Output":{"a":{"b":["{% $states.input.no %}"]}},"End":true}"#, "Output/a/b[0]",
            "returned nothing (undefined)."
        ),
        (
            #"{"Type":"Pass","Assign":{"x":"{% $states.input.no %}"},"End":true}"#, "Assign/x",
            "returned nothing (undefined)."
        ),
        (
            #"{"Type":"Pass","Output":"{% $abs('x') %}","End":true}"#, "Output",
            #"threw an error during evaluation. T0410: Argument 1 of function "abs" does not match f"#
                + #"unction signature"#
        ),
        (
            #"{"Type":"Wait","Seconds":"{% 'x' %}","End":true}"#, "Seconds",
            #"returned an unexpected result type. Expected 'number', but was 'string' for value: "x""#
        ),
        (
            #"{"Type":"Fail","Error":"{% 5 %}"}"#, "Error",
            "returned an unexpected result type. Expected 'string', but was 'number' for value: 5"
        ),
        (
            #"{"Type":"Map","Items":"{% 5 %}","ItemProcessor":{"StartAt":"P","States":{"P":{"Type":""#
                + #"Pass","End":true}}},"End":true}"#,
            "Items", "returned an unexpected result type. Expected 'array', but was 'number' for value: 5"
        ),
        (
            #"{"Type":"Choice","Choices":[{"Condition":false,"Next":"N"},{"Condition":"{% 1 %}","Next":"N"}]}"#,
            "Choices[1]/Condition",
            "returned an unexpected result type. Expected 'boolean', but was 'number' for value: 1"
        ),
    ])
    func `an expression that fails is an event with its place`(state: String, field: String, words: String) throws {
        let isChoice = state.contains("Choice")
        let result = try Simulation.result(of: isChoice ? single(state) : alone(state), input: #"{"a":1}"#)
        #expect(result.error == "States.QueryEvaluationError")
        let details = try #require(result.details(.evaluationFailed))
        #expect(details["error"] == "States.QueryEvaluationError")
        #expect(details["location"]?.stringValue == field)
        #expect(details["state"] == "S")
        #expect(details["cause"]?.stringValue == result.cause)
        let cause = try #require(result.cause)
        #expect(cause.hasPrefix("An error occurred while executing the state 'S' (entered at the event id #2). "))
        #expect(cause.hasSuffix("specified for the field '\(field)' \(words)"))
    }

    @Test func `a Choice takes the first condition that holds, with its own Output and Assign`() throws {
        let definition = """
            {"QueryLanguage":"JSONata","StartAt":"C","States":{"C":{"Type":"Choice","Choices":[
            {"Condition":"{% $states.input.a > 5 %}","Next":"N"},
            {"Condition":"{% $states.input.a = 1 %}","Assign":{"x":"{% $states.input.a * 10 %}"},
            "Output":{"o":1},"Next":"N"}],"Default":"D","Assign":{"x":0},"Output":{"o":2}},
            "N":{"Type":"Pass","Output":{"x":"{% $x %}","o":"{% $states.input.o %}"},"End":true},
            "D":{"Type":"Pass","Output":{"x":"{% $x %}","d":"{% $states.input.o %}"},"End":true}}}
            """
        #expect(try Simulation.result(of: definition, input: #"{"a":1}"#).output == ["x": 10, "o": 1])
        #expect(try Simulation.result(of: definition, input: #"{"a":2}"#).output == ["x": 0, "d": 2])
    }

    @Test func `a Task computes Arguments, and Catch sees the error`() throws {
        let definition = """
            {"QueryLanguage":"JSONata","StartAt":"T","States":{"T":{"Type":"Task",
            "Resource":"arn:aws:states:::lambda:invoke","Arguments":{"Payload":"{% $states.input.a %}"},
            "TimeoutSeconds":"{% $states.input.a + 8 %}","Output":"{% $states.result.Payload %}",
            "Catch":[{"ErrorEquals":["Bad"],"Assign":{"e":"{% $states.errorOutput.Error %}"},
            "Output":{"c":"{% $states.errorOutput.Cause %}"},"Next":"N"}],"End":true},
            "N":{"Type":"Pass","Output":{"e":"{% $e %}","c":"{% $states.input.c %}"},"End":true}}}
            """
        let good = try Simulation.result(
            of: definition, input: #"{"a":1}"#, mocks: #"{"tasks":{"T":{"return":{"Payload":7}}}}"#)
        #expect(good.output == 7)
        let scheduled = try #require(good.details(.taskScheduled))
        #expect(scheduled["parameters"] == #"{"Payload":1}"#)
        #expect(scheduled["timeoutInSeconds"] == 9)
        let bad = try Simulation.result(
            of: definition, input: #"{"a":1}"#, mocks: #"{"tasks":{"T":{"throw":{"error":"Bad","cause":"why"}}}}"#)
        #expect(bad.output == ["e": "Bad", "c": "why"])
    }

    @Test func `an error in Arguments is tried again and leaves an event each time`() throws {
        let definition = alone(
            #"{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","Arguments":{"m":"{% $sta"#
                + #"tes.input.no %}"},"#
                + #""Retry":[{"ErrorEquals":["States.ALL"],"MaxAttempts":1,"IntervalSeconds":0}],"End":true}"#)
        let result = try Simulation.result(of: definition)
        #expect(
            result.history.map(\.type.rawValue) == [
                "ExecutionStarted", "TaskStateEntered", "EvaluationFailed", "EvaluationFailed", "ExecutionFailed",
            ])
    }

    @Test func `a state may be in another language than its machine`() throws {
        let definition = """
            {"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"b.$":"$.a"},"Next":"B"},
            "B":{"Type":"Pass","QueryLanguage":"JSONata","Output":"{% $states.input.b + 1 %}","End":true}}}
            """
        #expect(try Simulation.result(of: definition, input: #"{"a":1}"#).output == 2)
    }
}
