import StatesLanguage
import Testing

@Suite struct SimulationTests {
    private static let task = """
        {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage",
        "Retry":[{"ErrorEquals":["E"],"IntervalSeconds":2,"MaxAttempts":2,"BackoffRate":3}],"End":true}}}
        """

    @Test func `outcomes are used in order, and the last repeats`() throws {
        let mocks = #"{"tasks":{"T":[{"throw":{"error":"E","cause":"C"}},{"throw":{"error":"E"}},{"return":3}]}}"#
        let result = try Simulation.result(of: Self.task, mocks: mocks)
        #expect(result.output == 3)
        #expect(result.seconds == .seconds(2 + 6))
        let always = try Simulation.result(of: Self.task, mocks: #"{"tasks":{"T":{"throw":{"error":"E"}}}}"#)
        #expect(always.error == "E" && always.cause == nil)
        #expect(always.history.filter { $0.type == .taskFailed }.count == 3)
    }

    @Test func `a mock is found by the resource too`() throws {
        let mocks = #"{"tasks":{"arn:aws:states:::sqs:sendMessage":{"return":4}}}"#
        #expect(try Simulation.result(of: Self.task, mocks: mocks).output == 4)
    }

    @Test func `a task without a mock is an error that names the state`() throws {
        let error = #expect(throws: SimulationError.self) { _ = try Simulation.result(of: Self.task) }
        #expect(error?.description.contains("'T'") == true)
    }

    @Test(arguments: [
        "5", #"{"task":{}}"#, #"{"tasks":{"T":[]}}"#, #"{"tasks":{"T":[{"give":1}]}}"#,
        #"{"tasks":{"T":[{"return":1,"throw":{}}]}}"#, #"{"tasks":{"T":[{"return":1,"x":1}]}}"#,
    ])
    func `mocks that make no sense are refused`(mocks: String) throws {
        #expect(throws: SimulationError.self) { _ = try Simulation.result(of: Self.task, mocks: mocks) }
    }

    @Test func `the context object says what the mocks give it`() throws {
        let definition = """
            {"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"n.$":"$$.Execution.Name",
            "m.$":"$$.StateMachine.Id","t.$":"$$.Execution.StartTime"},"End":true}}}
            """
        let mocks =
            #"{"context":{"Execution":{"Name":"run-7"},"StateMachine":{"Id":"arn:aws:states:eu-west-"#
            + #"1:1:stateMachine:x"}}}"#
        #expect(
            try Simulation.result(of: definition, mocks: mocks).output == [
                "n": "run-7", "m": "arn:aws:states:eu-west-1:1:stateMachine:x", "t": .string(Stamp.at(0).now.rfc3339),
            ])
    }

    @Test func `a simulation repeats itself`() throws {
        let definition =
            #"{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"u.$":"States.UUID()"},"End":true}}}"#
        #expect(try Simulation.result(of: definition) == Simulation.result(of: definition))
    }

    @Test(arguments: [
        (#"{"Type":"Pass","Output":[EXPRESSIONS],"End":true}"#, "a result with a size exceeding"),
        (#"{"Type":"Pass","Assign":{"x":[EXPRESSIONS]},"End":true}"#, "The variables assigned by the state"),
    ])
    func `a template stops at the size of a payload`(state: String, cause: String) throws {
        // Only the first two are evaluated: the third would fail otherwise.
        let expressions = #""{% $pad('', 140000, 'a') %}","{% $pad('', 140000, 'a') %}","{% $error('not reached') %}""#
        let state = state.replacing("EXPRESSIONS", with: expressions)
        let result = try Simulation.result(
            of: #"{"QueryLanguage":"JSONata","StartAt":"S","States":{"S":\#(state)}}"#)
        #expect(result.error == "States.DataLimitExceeded")
        #expect(result.cause?.contains(cause) == true)
    }

    @Test func `a history beyond 32 MiB ends the simulation`() throws {
        let loop = """
            {"StartAt":"A","States":{"A":{"Type":"Pass","Next":"W"},"W":{"Type":"Wait","Seconds":1,"Next":"C"},
            "C":{"Type":"Choice","Choices":[{"Variable":"$","IsPresent":true,"Next":"A"}],"Default":"Z"},
            "Z":{"Type":"Succeed"}}}
            """
        let error = #expect(throws: SimulationError.self) {
            try Simulation.result(of: loop, input: "\"\(String(repeating: "a", count: 200_000))\"")
        }
        #expect(error?.description == "the run's history takes more than 33554432 bytes")
    }

    /// Issue 2734 of floci-io/floci, seen on AWS: event 25,000 is the failure.
    @Test func `a standard execution ends at 25,000 events`() throws {
        let definition = """
            {"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[{"Variable":"$.x","IsPresent":true,"Next":"Z"}],
            "Default":"C"},"Z":{"Type":"Succeed"}}}
            """
        let result = try Simulation.result(of: definition)
        #expect(result.error == "States.Runtime")
        #expect(result.cause == "The execution reached the maximum number of history events (25000).")
        #expect(result.history.count == 25_000)
        #expect(result.history.last?.previousEventID == 24_999)
    }

    @Test func `a machine's time limit ends it without a cause`() throws {
        let definition = """
            {"StartAt":"W","TimeoutSeconds":3,"States":{"W":{"Type":"Wait","Seconds":25,"End":true}}}
            """
        let result = try Simulation.result(of: definition)
        #expect(result.status == "TIMED_OUT" && result.error == nil && result.cause == nil)
        #expect(result.history.last?.details == ["error": "States.Timeout"])
        #expect(result.history.last?.previousEventID == 0)
        #expect(result.seconds == .seconds(3))
    }

    @Test func `an express execution takes five minutes at most and waits for no jobs`() throws {
        let wait = #"{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":301,"End":true}}}"#
        #expect(try Simulation.result(of: wait, kind: .express).status == "TIMED_OUT")
        #expect(try Simulation.result(of: wait).status == "SUCCEEDED")
        let sync = try StateMachine.single(
            #"{"Type":"Task","Resource":"arn:aws:states:::batch:submitJob.sync","End":true}"#)
        #expect(
            sync.problems(for: .express).map(\.message) == [
                "Express state machine does not support '.sync' service integration"
            ])
        #expect(sync.problems(for: .standard).isEmpty)
    }

    @Test(.timeLimit(.minutes(1))) func `a Map of 10,000 items is linear in the items`() throws {
        let definition = """
            {"StartAt":"M","States":{"M":{"Type":"Map","ItemProcessor":{
            "ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"T","States":{
            "T":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","End":true}}},"End":true}}}
            """
        let input = "[\((0..<10_000).map(String.init).joined(separator: ","))]"
        let result = try Simulation.result(of: definition, input: input, mocks: #"{"tasks":{"T":{"return":1}}}"#)
        #expect(result.output?.arrayValue?.count == 10_000)
    }
}

@Suite struct StateTestTests {
    private func test(
        _ state: String, input: JSONValue = ["a": 1], mocks: String = "{}", language: QueryLanguage = .jsonPath,
        variables: JSONObject = [:]
    ) throws -> StateTest {
        var surroundings = StateTest.Surroundings(input: input, variables: variables, now: Stamp.at(0).now)
        surroundings.mocks = try SimulationMocks(json: JSONValue(parsing: mocks))
        return try StateTest(of: JSONValue(parsing: state), queryLanguage: language, in: surroundings)
    }

    @Test func `a task shows its data at each step`() throws {
        let state = """
            {"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","InputPath":"$.a","Parameters":{"p.$":"$"},
            "ResultSelector":{"s.$":"$.Payload"},"ResultPath":"$.r","OutputPath":"$.r","Next":"Other"}
            """
        let found = try test(state, mocks: #"{"tasks":{"State":{"return":{"Payload":9}}}}"#)
        #expect(found.status == "SUCCEEDED")
        #expect(found.output == ["s": 9])
        #expect(found.nextState == "Other")
        #expect(
            found.inspection == [
                "input": ["a": 1], "afterInputPath": 1, "afterParameters": ["p": 1], "result": ["Payload": 9],
                "afterResultSelector": ["s": 9], "afterResultPath": ["a": 1, "r": ["s": 9]],
            ])
    }

    @Test func `an error is caught, or would be tried again, or fails the state`() throws {
        let mocks = #"{"tasks":{"State":{"throw":{"error":"E","cause":"C"}}}}"#
        let task = #""Type":"Task","Resource":"arn:aws:states:::lambda:invoke","End":true"#
        let caught = try test("{\(task),\"Catch\":[{\"ErrorEquals\":[\"E\"],\"Next\":\"Z\"}]}", mocks: mocks)
        #expect(caught.status == "CAUGHT_ERROR" && caught.nextState == "Z" && caught.error == "E")
        #expect(caught.output == ["Error": "E", "Cause": "C"])
        let retried = try test("{\(task),\"Retry\":[{\"ErrorEquals\":[\"E\"]}]}", mocks: mocks)
        #expect(retried.status == "RETRIABLE" && retried.error == "E" && retried.cause == "C")
        let failed = try test("{\(task)}", mocks: mocks)
        #expect(failed.status == "FAILED" && failed.error == "E" && failed.cause == "C")
    }

    @Test func `a state reads the variables it is given and shows those it assigns`() throws {
        let state = #"{"Type":"Pass","Assign":{"y":"{% $x + 1 %}"},"Output":"{% $x %}","Next":"Z"}"#
        let found = try test(state, language: .jsonata, variables: ["x": 4])
        #expect(found.output == 4 && found.nextState == "Z")
        #expect(found.inspection["variables"] == ["y": 5])
    }
}
