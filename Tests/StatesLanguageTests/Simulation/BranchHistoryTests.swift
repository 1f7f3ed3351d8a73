import StatesLanguage
import Testing

/// The histories of Parallel and Map states; the expected ones are what moto 5.2.5 gives for the same machines, which
/// differs from this in distributed Maps only (see `docs/states-language.md`).
@Suite struct BranchHistoryTests {
    private static let map = """
        {"StartAt":"M","States":{"M":{"Type":"Map","ItemsPath":"$.items","MaxConcurrency":1,
        "ItemSelector":{"i.$":"$$.Map.Item.Index","v.$":"$$.Map.Item.Value"},
        "ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},"ResultPath":"$.r","End":true}}}
        """

    @Test func `iterations leave their events one after another`() throws {
        let result = try Simulation.result(of: Self.map, input: #"{"items":[1,2]}"#)
        #expect(
            result.shape == """
                1 0 ExecutionStarted
                2 0 MapStateEntered
                3 2 MapStateStarted
                4 3 MapIterationStarted
                5 4 PassStateEntered
                6 5 PassStateExited
                7 6 MapIterationSucceeded
                8 6 MapIterationStarted
                9 8 PassStateEntered
                10 9 PassStateExited
                11 10 MapIterationSucceeded
                12 11 MapStateSucceeded
                13 11 MapStateExited
                14 13 ExecutionSucceeded
                """)
        #expect(result.output?.serialized() == #"{"items":[1,2],"r":[{"i":0,"v":1},{"i":1,"v":2}]}"#)
        #expect(result.details(.mapStateStarted) == ["length": 2])
        #expect(result.details(.mapIterationStarted) == ["name": "M", "index": 0])
        #expect(result.history[10].details == ["name": "M", "index": 1])
    }

    @Test func `a Map over nothing goes on from its start`() throws {
        let result = try Simulation.result(of: Self.map, input: #"{"items":[]}"#)
        #expect(
            result.shape == """
                1 0 ExecutionStarted
                2 0 MapStateEntered
                3 2 MapStateStarted
                4 3 MapStateSucceeded
                5 3 MapStateExited
                6 5 ExecutionSucceeded
                """)
    }

    @Test func `an iteration that fails is passed by`() throws {
        let definition = """
            {"StartAt":"M","States":{"M":{"Type":"Map","ItemsPath":"$.items","MaxConcurrency":1,
            "ItemProcessor":{"StartAt":"F","States":{"F":{"Type":"Fail","Error":"E","Cause":"C"}}},
            "Catch":[{"ErrorEquals":["States.ALL"],"Next":"Z","ResultPath":"$.e"}],"End":true},
            "Z":{"Type":"Succeed"}}}
            """
        let result = try Simulation.result(of: definition, input: #"{"items":[1,2]}"#)
        #expect(
            result.shape == """
                1 0 ExecutionStarted
                2 0 MapStateEntered
                3 2 MapStateStarted
                4 3 MapIterationStarted
                5 4 FailStateEntered
                6 5 MapIterationFailed
                7 5 MapStateFailed
                8 7 MapStateExited
                9 8 SucceedStateEntered
                10 9 SucceedStateExited
                11 10 ExecutionSucceeded
                """)
        #expect(result.output?.serialized() == #"{"items":[1,2],"e":{"Error":"E","Cause":"C"}}"#)
    }

    @Test func `a Parallel that is tried again starts again without having failed`() throws {
        let definition = """
            {"StartAt":"P","States":{"P":{"Type":"Parallel",
            "Branches":[{"StartAt":"F","States":{"F":{"Type":"Fail","Error":"E","Cause":"C"}}}],
            "Retry":[{"ErrorEquals":["E"],"MaxAttempts":1,"IntervalSeconds":1}],"End":true}}}
            """
        let result = try Simulation.result(of: definition)
        #expect(
            result.shape == """
                1 0 ExecutionStarted
                2 0 ParallelStateEntered
                3 2 ParallelStateStarted
                4 3 FailStateEntered
                5 4 ParallelStateStarted
                6 5 FailStateEntered
                7 6 ParallelStateFailed
                8 7 ExecutionFailed
                """)
        #expect(result.error == "E" && result.cause == "C")
        #expect(result.seconds == .seconds(1))
    }

    @Test func `a Parallel goes on from the last event of its branches`() throws {
        let definition = """
            {"StartAt":"P","States":{"P":{"Type":"Parallel","Branches":[
            {"StartAt":"A","States":{"A":{"Type":"Pass","Result":1,"End":true}}},
            {"StartAt":"B","States":{"B":{"Type":"Wait","Seconds":5,"Next":"C"},"C":{"Type":"Succeed"}}}],
            "ResultSelector":{"a.$":"$[0]","b.$":"$[1]"},"End":true}}}
            """
        let result = try Simulation.result(of: definition, input: #"{"x":1}"#)
        #expect(
            result.shape == """
                1 0 ExecutionStarted
                2 0 ParallelStateEntered
                3 2 ParallelStateStarted
                4 3 PassStateEntered
                5 4 PassStateExited
                6 3 WaitStateEntered
                7 6 WaitStateExited
                8 7 SucceedStateEntered
                9 8 SucceedStateExited
                10 9 ParallelStateSucceeded
                11 9 ParallelStateExited
                12 11 ExecutionSucceeded
                """)
        #expect(result.output == ["a": 1, "b": ["x": 1]])
        #expect(result.seconds == .seconds(5))
    }

    @Test func `nested Maps chain to the iteration around them`() throws {
        let definition = """
            {"StartAt":"M","States":{"M":{"Type":"Map","MaxConcurrency":1,"ItemProcessor":{"StartAt":"N","States":{
            "N":{"Type":"Map","MaxConcurrency":1,"ItemProcessor":{"StartAt":"P","States":{
            "P":{"Type":"Pass","End":true}}},"End":true}}},"End":true}}}
            """
        let result = try Simulation.result(of: definition, input: "[[1,2],[3]]")
        let expected = [
            0, 0, 2, 3, 4, 5, 6, 7, 8, 9, 9, 11, 12, 13, 14, 14, 16, 16, 18, 19, 20, 21, 22, 23, 24, 24, 26, 27, 27, 29,
        ]
        #expect(result.history.map(\.previousEventID) == expected)
        #expect(result.output == [[1, 2], [3]])
    }

    /// Facts from issue 2868 and pull request 3167 of floci-io/floci, where they were seen on AWS: an error of the
    /// interpreter ends the execution at once, inside a branch too.
    @Test func `a runtime error in a branch ends the execution and names the branch's state`() throws {
        let definition = """
            {"StartAt":"P","States":{"P":{"Type":"Parallel","Branches":[
            {"StartAt":"Fast","States":{"Fast":{"Type":"Pass","Parameters":{"m.$":"$.nope"},"End":true}}}],
            "Catch":[{"ErrorEquals":["States.ALL"],"Next":"Z"}],"End":true},"Z":{"Type":"Succeed"}}}
            """
        let result = try Simulation.result(of: definition, input: #"{"x":"a"}"#)
        #expect(
            result.history.map(\.type.rawValue) == [
                "ExecutionStarted", "ParallelStateEntered", "ParallelStateStarted", "PassStateEntered",
                "ExecutionFailed",
            ])
        #expect(result.error == "States.Runtime")
        #expect(
            result.cause == "An error occurred while executing the state 'Fast' (entered at the event id #4). "
                + "The JSONPath '$.nope' specified for the field 'm.$' could not be found in the input '{\"x\":\"a\"}'")
    }

    @Test func `the branches beside one that fails are aborted`() throws {
        let definition = """
            {"StartAt":"P","States":{"P":{"Type":"Parallel","Branches":[
            {"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":60,"End":true}}},
            {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","End":true}}},
            {"StartAt":"M","States":{"M":{"Type":"Map","ItemProcessor":{"StartAt":"V","States":{
            "V":{"Type":"Wait","Seconds":70,"End":true}}},"End":true}}}],"End":true}}}
            """
        let result = try Simulation.result(
            of: definition, input: "[1]",
            mocks: #"{"tasks":{"T":[{"throw":{"error":"E","cause":"C"},"delay_seconds":3}]}}"#)
        #expect(
            result.history.suffix(9).map(\.type.rawValue) == [
                "WaitStateEntered", "TaskFailed", "TaskStateAborted", "WaitStateAborted", "WaitStateAborted",
                "MapIterationAborted", "MapStateAborted", "ParallelStateFailed", "ExecutionFailed",
            ])
        #expect(result.seconds == .seconds(3))
    }
}
