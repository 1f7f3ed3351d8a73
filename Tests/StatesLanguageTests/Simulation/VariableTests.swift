import StatesLanguage
import Testing

@Suite struct VariableTests {
    @Test func `variables are assigned from a result and read by their names`() throws {
        let definition = """
            {"StartAt":"A","States":{"A":{"Type":"Pass","Result":{"k":5},"Assign":{"v.$":"$.k","w":[1]},"Next":"B"},
            "B":{"Type":"Pass","Parameters":{"got.$":"$v","first.$":"$w[0]"},"Next":"C"},
            "C":{"Type":"Choice","Choices":[{"Variable":"$v","NumericEquals":5,"Next":"D"}]},
            "D":{"Type":"Succeed"}}}
            """
        let result = try Simulation.result(of: definition, input: #"{"x":1}"#)
        #expect(result.output == ["got": 5, "first": 1])
        // As moto 5.2.5 writes it.
        #expect(
            result.history[2].details == [
                "name": "A", "output": #"{"k":5}"#, "outputDetails": ["truncated": false],
                "assignedVariables": ["v": "5", "w": "[1]"], "assignedVariablesDetails": ["truncated": false],
            ])
    }

    /// AWS documentation, "Passing data between states with variables": branches read outer variables, and what they
    /// assign ends with them.
    @Test func `a branch reads the variables around it and keeps its own to itself`() throws {
        let definition = """
            {"QueryLanguage":"JSONata","StartAt":"A","States":{
            "A":{"Type":"Pass","Assign":{"x":1},"Next":"P"},
            "P":{"Type":"Parallel","Branches":[{"StartAt":"B","States":{
            "B":{"Type":"Pass","Assign":{"y":"{% $x + 1 %}"},"Next":"C"},
            "C":{"Type":"Pass","Output":"{% $x + $y %}","End":true}}}],
            "Assign":{"x":"{% $states.result[0] %}"},"Next":"Z"},
            "Z":{"Type":"Pass","Output":{"x":"{% $x %}","y":"{% $exists($y) %}"},"End":true}}}
            """
        #expect(try Simulation.result(of: definition).output == ["x": 3, "y": false])
    }

    @Test func `an iteration of a distributed Map sees no variables from outside`() throws {
        let definition = """
            {"QueryLanguage":"JSONata","StartAt":"A","States":{
            "A":{"Type":"Pass","Assign":{"x":1},"Next":"M"},
            "M":{"Type":"Map","Items":[1],"ItemProcessor":{"ProcessorConfig":{"Mode":"MODE","ExecutionType":"STANDARD"},
            "StartAt":"B","States":{"B":{"Type":"Pass","Output":"{% $exists($x) %}","End":true}}},"End":true}}}
            """
        #expect(
            try Simulation.result(of: definition.replacing("MODE", with: "DISTRIBUTED")).output == [false])
        let inline = definition.replacing("MODE", with: "INLINE").replacing(#","ExecutionType":"STANDARD""#, with: "")
        #expect(try Simulation.result(of: inline).output == [true])
    }

    @Test func `an assignment takes effect when the state is left`() throws {
        let definition = """
            {"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Pass","Assign":{"x":1},"Next":"B"},
            "B":{"Type":"Pass","Assign":{"x":2,"old":"{% $x %}"},"Output":"{% $x %}","Next":"C"},
            "C":{"Type":"Pass","Output":["{% $states.input %}","{% $old %}","{% $x %}"],"End":true}}}
            """
        #expect(try Simulation.result(of: definition).output == [1, 1, 2])
    }

    @Test func `variables have a size limit`() throws {
        let definition = """
            {"StartAt":"A","States":{"A":{"Type":"Pass","Assign":{"x.$":"$","y.$":"$"},"End":true}}}
            """
        let text = String(repeating: "x", count: 131_070)
        #expect(try Simulation.result(of: definition, input: "\"\(text)\"").status == "SUCCEEDED")
        let result = try Simulation.result(of: definition, input: "\"\(text)x\"")
        #expect(result.error == "States.DataLimitExceeded")
    }

    @Test(arguments: [
        (#"{"states":1}"#, "RESERVED_VARIABLE_NAME: Cannot assign to reserved variable '$states'."),
        (#"{"a b":1}"#, "INVALID_VARIABLE_NAME: Invalid variable name 'a b'"),
        (#"{"1a":1}"#, "INVALID_VARIABLE_NAME: Invalid variable name '1a'"),
        (#"{"x":1}"#, "INVALID_VARIABLE_NAME: Invalid variable name 'x': the variable is assigned in an outer scope."),
    ])
    func `some names cannot be assigned`(assign: String, diagnosis: String) throws {
        let definition = """
            {"StartAt":"A","States":{"A":{"Type":"Pass","Assign":{"x":1},"Next":"P"},
            "P":{"Type":"Parallel","Branches":[{"StartAt":"B","States":{
            "B":{"Type":"Pass","Assign":\(assign),"End":true}}}],"End":true}}}
            """
        let error = #expect(throws: DefinitionError.self) { _ = try StateMachine(definition) }
        #expect(error?.problems.count == 1)
        #expect(error?.problems.first?.diagnosis.hasPrefix(diagnosis) == true)
    }

    @Test func `a machine lists the variables its states refer to`() throws {
        let machine = try StateMachine(
            """
            {"StartAt":"A","States":{"A":{"Type":"Pass","Assign":{"v":1,"w":2},"Next":"B"},
            "B":{"Type":"Pass","Parameters":{"a.$":"$v.x","b.$":"States.Format('$no {}', $w)","c":"$v"},"Next":"C"},
            "C":{"Type":"Pass","QueryLanguage":"JSONata","Output":"{% ($q := $v; $q + $sum($states.input)) %}",
            "End":true}}}
            """)
        #expect(machine.variableReferences == ["B": ["v", "w"], "C": ["v"]])
    }
}
