import StatesLanguage
import Testing

/// What Step Functions says of definitions that it refuses; the words are those of issues 2735, 2745, 2968 and 3733 of
/// floci-io/floci, 11978 of localstack/localstack, and 4076 to 4085 of aws-cloudformation/cfn-lint, all seen on AWS.
@Suite struct DiagnosisTests {
    private func diagnoses(_ text: String) throws -> [String] {
        let definition = try JSONValue(parsing: text)
        do {
            _ = try StateMachine(definition: definition)
            return []
        } catch {
            return error.problems.map(\.diagnosis)
        }
    }

    private func inState(_ state: String, language: QueryLanguage = .jsonPath) throws -> [String] {
        try diagnoses(
            #"{"QueryLanguage":"\#(language.rawValue)","StartAt":"S","States":{"S":\#(state),"Z":{"Type":"Succeed"},"#
                + #""Y":{"Type":"Pass","Next":"Z"}}}"#
        ).filter { !$0.contains("is not reachable") }
    }

    @Test(arguments: [
        (
            #"{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Pass","Next":"A"}}"#,
            ["MISSING_END_STATE: Workflow has no terminal state at null"]
        ),
        (
            #"{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Pass","Next":"A"},"C":{"Type":"Pass","End":true}}"#,
            [#"MISSING_TRANSITION_TARGET: State "C" is not reachable. at /States/C"#]
        ),
        (
            #"{"A":{"Type":"Pass","Next":"X"}}"#,
            ["MISSING_TRANSITION_TARGET: Missing 'Next' target: X at /States/A/Next"]
        ),
        (
            #"{"A":{"Type":"Map","TimeoutSeconds":1,"ItemProcessor":{"StartAt":"B","States":{"B":{"T"#
                + #"ype":"Succeed"}}},"End":true}}"#,
            ["SCHEMA_VALIDATION_FAILED: Field 'TimeoutSeconds' is not supported at /States/A"]
        ),
        (
            #"{"A":{"Type":"Parallel","Branches":[{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}],"End":true}}"#,
            ["DUPLICATE_STATE_NAME: Duplicate State name: A at /States/A/Branches[0]/States/A"]
        ),
        (
            #"{"A":{"Type":"Map","ItemProcessor":{"QueryLanguage":"JSONata","StartAt":"B","States":{"#
                + #""B":{"Type":"Succeed"}}},"End":true}}"#,
            ["SCHEMA_VALIDATION_FAILED: Field 'QueryLanguage' is not supported at /States/A/ItemProcessor"]
        ),
    ])
    func `the graph of states is checked`(states: String, expected: [String]) throws {
        #expect(try diagnoses(#"{"StartAt":"A","States":\#(states)}"#) == expected)
    }

    @Test(arguments: [
        (
            #"{"Type":"Nope"}"#,
            "SCHEMA_VALIDATION_FAILED: The field 'Type' should have one of these values: [Task, Wait"
                + ", Pass, Succeed, Fail, Choice, Parallel, Map] at /States/S/Type"
        ),
        (
            #"{"Type":"Pass","OutputPath":"x","Next":"Y"}"#,
            "SCHEMA_VALIDATION_FAILED: Value must be a"
                + " valid JSONPath."
        ),
        (
            #"{"Type":"Choice","Choices":[{"Variable":"x","IsNull":true,"Next":"Y"}]}"#,
            "SCHEMA_VALIDATION_FAILED: Value is not a Reference Path: Reference path didn't start wi"
                + "th '$' at /States/S/Choices[0]/Variable"
        ),
        (
            #"{"Type":"Pass","Output":1,"Next":"Y"}"#,
            "SCHEMA_VALIDATION_FAILED: The QueryLanguage is set to 'JSONPath', but field 'Output' is"
                + " only supported for the 'JSONata' QueryLanguage at /States/S"
        ),
        (
            #"{"Type":"Pass","QueryLanguage":"jsonpath","Next":"Y"}"#,
            "SCHEMA_VALIDATION_FAILED: Value should be one of the following: [JSONPath, JSONata] at "
                + "/States/S/QueryLanguage"
        ),
        (
            #"{"Type":"Wait","Seconds":1,"SecondsPath":"$.x","Next":"Y"}"#,
            "SCHEMA_VALIDATION_FAILED: There should only be one of the following fields: [SecondsPat"
                + "h, Seconds, TimestampPath, Timestamp] at /States/S"
        ),
        (
            #"{"Type":"Task","Resource":"r","TimeoutSeconds":0,"Next":"Y"}"#,
            "SCHEMA_VALIDATION_FAILED: Minimum value is 1 at /States/S/TimeoutSeconds"
        ),
        (
            #"{"Type":"Task","Resource":"r","TimeoutSeconds":100000000,"Next":"Y"}"#,
            "SCHEMA_VALIDATION_FAILED: Maximum value is 99999999 at /States/S/TimeoutSeconds"
        ),
        (
            #"{"Type":"Task","Resource":"r","Retry":[{}],"Next":"Y"}"#,
            "SCHEMA_VALIDATION_FAILED: These fields are required: [ErrorEquals] at /States/S/Retry[0]"
        ),
        (
            #"{"Type":"Task","Resource":"r","Catch":[{"ErrorEquals":["A"]}],"Next":"Y"}"#,
            "SCHEMA_VALIDATION_FAILED: These fields are required: [Next] at /States/S/Catch[0]"
        ),
        (
            #"{"Type":"Task","Resource":"r","Retry":[{"ErrorEquals":["States.ALL"]},{"ErrorEquals":["#
                + #""A"]}],"Next":"Y"}"#,
            "SCHEMA_VALIDATION_FAILED: States.ALL must appear alone and at end of list at /States/S/"
                + "Retry[0]/ErrorEquals"
        ),
        (
            #"{"Type":"Pass"}"#,
            "SCHEMA_VALIDATION_FAILED: This object should have only one of the following fields: [Ne"
                + "xt, End] at /States/S"
        ),
        (#"{"Type":"Choice","Choices":[]}"#, "SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States/S/Choices"),
        (
            #"{"Type":"Map","ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED"},"StartAt":"B","#
                + #""States":{"B":{"Type":"Succeed"}}},"Next":"Y"}"#,
            "SCHEMA_VALIDATION_FAILED: These fields are required: [ExecutionType] at /States/S/ItemP"
                + "rocessor/ProcessorConfig"
        ),
        (
            #"{"Type":"Map","MaxConcurrencyPath":"$$.x","ItemProcessor":{"StartAt":"B","States":{"B""#
                + #":{"Type":"Succeed"}}},"Next":"Y"}"#,
            "SCHEMA_VALIDATION_FAILED: Value is not a Reference Path"
        ),
    ])
    func `a state of the one language is checked`(state: String, expected: String) throws {
        let found = try inState(state)
        #expect(found.contains { $0.hasPrefix(expected) }, "\(found)")
    }

    @Test(arguments: [
        (
            #"{"Type":"Pass","Output":"{% 1 + %}","Next":"Y"}"#,
            "INVALID_JSONATA_EXPRESSION: Unexpected end of expression at /States/S/Output"
        ),
        (
            #"{"Type":"Pass","Output":"{% $$.x %}","Next":"Y"}"#,
            "UNSUPPORTED_JSONATA_EXPRESSION: Reference to '$$' is not supported. at /States/S/Output"
        ),
        (
            #"{"Type":"Pass","Output":{"v":"{% phone %}"},"Next":"Y"}"#,
            "UNSUPPORTED_JSONATA_EXPRESSION: Reference to 'phone' at the top level is not supported."
                + " at /States/S/Output/v"
        ),
        (#"{"Type":"Pass","Output":"{% $states.errorOutput %}","Next":"Y"}"#, "UNSUPPORTED_JSONATA_EXPRESSION: "),
        (
            #"{"Type":"Pass","InputPath":"$.x","Next":"Y"}"#,
            "SCHEMA_VALIDATION_FAILED: The QueryLanguage is set to 'JSONata', but field 'InputPath' "
                + "is only supported for the 'JSONPath' QueryLanguage at /States/S"
        ),
        (
            #"{"Type":"Pass","QueryLanguage":"JSONPath","Next":"Y"}"#,
            "SCHEMA_VALIDATION_FAILED: 'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for"
                + " whole state machine at /States/S"
        ),
        (
            #"{"Type":"Pass","Output":"{% x","Next":"Y"}"#,
            "SCHEMA_VALIDATION_FAILED: JSONata string must start with {% and end with %}"
        ),
    ])
    func `a state of the other language is checked`(state: String, expected: String) throws {
        let found = try inState(state, language: .jsonata)
        #expect(found.contains { $0.hasPrefix(expected) }, "\(found)")
    }

    @Test(arguments: [
        #"{"Type":"Pass","Output":"{% $states.input.items[value > 3] %}","Next":"Y"}"#,
        #"{"Type":"Task","Resource":"r","Catch":[{"ErrorEquals":["A"],"Output":"{% $states.errorOutp"#
            + #"ut %}","Next":"Y"}],"Next":"Y"}"#,
        #"{"Type":"Choice","Choices":[{"Condition":"{% $x %}","Next":"Y"},{"Condition":true,"Next":""#
            + #"Y"}],"Default":"Y"}"#,
        #"{"Type":"Task","Resource":"r","Retry":[{"ErrorEquals":["A"],"IntervalSeconds":0}],"Next":"Y"}"#,
    ])
    func `what Step Functions takes is taken`(state: String) throws {
        #expect(try inState(state, language: .jsonata) == [])
    }
}
