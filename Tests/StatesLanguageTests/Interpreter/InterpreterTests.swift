import StatesLanguage
import Testing

@Suite struct InterpreterTests {
    @Test func `states without waiting run in one step, with the history of Step Functions`() throws {
        let machine = try StateMachine(
            """
            {"StartAt":"P","States":{
              "P":{"Type":"Pass","Result":{"n":1},"Next":"C"},
              "C":{"Type":"Choice","Choices":[{"Variable":"$.n","NumericEquals":1,"Next":"E"}]},
              "E":{"Type":"Succeed"}}}
            """)
        let run = DrivenRun(machine, input: ["a": 1])
        #expect(
            run.types == [
                "ExecutionStarted", "PassStateEntered", "PassStateExited", "ChoiceStateEntered", "ChoiceStateExited",
                "SucceedStateEntered", "SucceedStateExited", "ExecutionSucceeded",
            ])
        #expect(run.events.map(\.id) == Array(1...8))
        #expect(run.events.map(\.previousEventID) == [0, 0, 2, 3, 4, 5, 6, 7])
        #expect(run.state.eventCount == 8)
        #expect(run.commands == [.finish(.succeeded(output: ["n": 1]))])
        #expect(run.state.currentState == "E")
        #expect(run.state.waiting == .none)
        #expect(
            run.events[2].json.serialized()
                == #"{"timestamp":"2026-11-21T12:00:00.000Z","type":"PassStateExited","id":3,"previousEventId":2,"#
                + #""stateExitedEventDetails":{"name":"P","output":"{\"n\":1}","outputDetails":{"truncated":false}}}"#)
        for event in run.events { #expect(try HistoryEvent(json: event.json) == event) }
    }

    @Test func `a task is scheduled, answered and left`() throws {
        let machine = try StateMachine.single(
            """
            {"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","InputPath":"$.in","End":true,
             "Parameters":{"x.$":"$.x","fixed":1},"ResultSelector":{"id.$":"$.MessageId"},"ResultPath":"$.result",
             "OutputPath":"$.result","TimeoutSeconds":60,"HeartbeatSeconds":10}
            """)
        var run = DrivenRun(machine, input: ["in": ["x": 2]])
        let task = try #require(run.lastTask)
        #expect(task.parameters == ["x": 2, "fixed": 1])
        #expect(task.token == nil)
        #expect(task.attempt == 1)
        #expect(task.timeoutSeconds == 60)
        #expect(task.heartbeatSeconds == 10)
        #expect(
            run.commands.suffix(2) == [
                .startTimer(id: 2, fireAt: Stamp.at(60).now), .startTimer(id: 3, fireAt: Stamp.at(10).now),
            ])
        #expect(run.state.waiting == .task(id: task.id, stateName: "S", attempt: 1))
        #expect(run.state.openTasks == [1])
        #expect(run.state.openTimers == [2, 3])
        let done = run.take(.taskSucceeded(task: task.id, output: ["MessageId": "m", "other": 1]), at: .at(5))
        #expect(done == [.cancelTimer(id: 2), .cancelTimer(id: 3), .finish(.succeeded(output: ["id": "m"]))])
        #expect(
            run.types == [
                "ExecutionStarted", "TaskStateEntered", "TaskScheduled", "TaskStarted", "TaskSucceeded",
                "TaskStateExited",
                "ExecutionSucceeded",
            ])
        #expect(
            run.events[2].details == [
                "resourceType": "sqs", "resource": "sendMessage", "parameters": #"{"x":2,"fixed":1}"#,
                "timeoutInSeconds": 60, "heartbeatInSeconds": 10,
            ])
    }

    @Test(arguments: [
        ("landlord:compute:provision.waitForTaskToken", "landlord:compute", "provision.waitForTaskToken"),
        ("arn:aws:states:::aws-sdk:dynamodb:getItem", "aws-sdk:dynamodb", "getItem"),
        ("arn:aws:states:::states:startExecution.sync:2", "states", "startExecution.sync:2"),
        ("plain", "", "plain"),
    ])
    func `resources are shown as Step Functions shows them`(resource: String, type: String, name: String) throws {
        let run = DrivenRun(try StateMachine.single("{\"Type\":\"Task\",\"Resource\":\"\(resource)\",\"End\":true}"))
        #expect(run.events[3].details == ["resourceType": .string(type), "resource": .string(name)])
        #expect(run.lastTask?.resource == resource)
    }

    @Test func `a task token is minted from run, task and seed, and seen by the parameters`() throws {
        let machine = try StateMachine.single(
            #"{"Type":"Task","Resource":"r.waitForTaskToken","End":true,"Parameters":{"token.$":"$$.Task.Token"}}"#)
        let run = DrivenRun(machine, stamp: .at(0, seed: 5))
        let task = try #require(run.lastTask)
        #expect(task.token?.utf8.count == 64)
        #expect(task.parameters == ["token": .string(task.token ?? "")])
        #expect(DrivenRun(machine, stamp: .at(0, seed: 5)).lastTask?.token == task.token)
        #expect(DrivenRun(machine, stamp: .at(0, seed: 6)).lastTask?.token != task.token)
    }

    @Test(arguments: ["r.waitForTaskToken", "landlord:activity:pack.waitForTaskToken"])
    func `a call that was made is in the history once, and the task waits for its token`(resource: String) throws {
        let machine = try StateMachine.single(#"{"Type":"Task","Resource":"\#(resource)","End":true}"#)
        var run = DrivenRun(machine)
        let task = try #require(run.lastTask)
        for second in 1...2 {
            run.take(
                .taskSubmitted(task: task.id, output: ["call": .number(JSONNumber(second))]), at: .at(Double(second)))
            run.state = try RunState(json: run.state.json)
        }
        #expect(run.types.filter { $0 == "TaskSubmitted" }.count == 1)
        run.take(.taskSucceeded(task: task.id, output: "done"), at: .at(3))
        #expect(run.output == "done")
    }

    @Test func `an answer that is there at once cannot say that a call was made`() throws {
        var run = DrivenRun(try StateMachine.single(#"{"Type":"Task","Resource":"r","End":true}"#))
        run.take(.taskSubmitted(task: 1, output: [:]), at: .at(1))
        #expect(!run.types.contains("TaskSubmitted"))
    }

    @Test func `a task that is late times out and is cancelled`() throws {
        let machine = try StateMachine.single(
            #"{"Type":"Task","Resource":"r","End":true,"TimeoutSecondsPath":"$.t"}"#)
        var run = DrivenRun(machine, input: ["t": 3])
        #expect(run.commands.last == .startTimer(id: 2, fireAt: Stamp.at(3).now))
        let commands = run.take(.timerFired(timer: 2), at: .at(3))
        #expect(commands == [.cancelTask(id: 1), .finish(.failed(error: "States.Timeout", cause: ""))])
        #expect(run.types.suffix(2) == ["TaskTimedOut", "ExecutionFailed"])
        for bad in [["t": 0], ["t": "3"], [:]] as [JSONValue] {
            #expect(DrivenRun(machine, input: bad).error == "States.Runtime")
        }
    }

    @Test(arguments: [
        (#""Seconds":5"#, 5.0), (#""SecondsPath":"$.s""#, 7.0), (#""Timestamp":"2026-11-21T12:00:09Z""#, 9.0),
        (#""TimestampPath":"$.at""#, 11.5),
    ])
    func `a Wait state waits until its moment`(field: String, seconds: Double) throws {
        let machine = try StateMachine.single("{\"Type\":\"Wait\",\(field),\"End\":true}")
        let input: JSONValue = ["s": 7, "at": "2026-11-21T12:00:11.500Z"]
        var run = DrivenRun(machine, input: input)
        #expect(run.commands == [.startTimer(id: 1, fireAt: Stamp.at(seconds).now)])
        #expect(run.state.waiting == .timer(fireAt: Stamp.at(seconds).now))
        run.take(.timerFired(timer: 1), at: .at(seconds))
        #expect(run.output == input)
        #expect(run.types == ["ExecutionStarted", "WaitStateEntered", "WaitStateExited", "ExecutionSucceeded"])
    }

    @Test func `a Wait state whose moment has passed does not wait`() throws {
        #expect(DrivenRun(try StateMachine.single(#"{"Type":"Wait","Seconds":0,"End":true}"#)).output == [:])
        let past = try StateMachine.single(#"{"Type":"Wait","Timestamp":"2020-01-01T00:00:00Z","End":true}"#)
        #expect(DrivenRun(past).output == [:])
    }

    @Test(arguments: [
        (#""SecondsPath":"$.s""#, #"{"s":-1}"#), (#""SecondsPath":"$.s""#, #"{"s":"1"}"#),
        (#""SecondsPath":"$.s""#, "{}"),
        (#""TimestampPath":"$.s""#, #"{"s":"soon"}"#), (#""TimestampPath":"$.s""#, #"{"s":5}"#),
    ])
    func `a Wait state with a wrong value fails the run`(field: String, input: String) throws {
        let machine = try StateMachine.single("{\"Type\":\"Wait\",\(field),\"End\":true}")
        #expect(DrivenRun(machine, input: try JSONValue(parsing: input)).error == "States.Runtime")
    }

    @Test func `a Fail state ends the run with its error, fixed or computed`() throws {
        let fixed = DrivenRun(try StateMachine.single(#"{"Type":"Fail","Error":"E","Cause":"C"}"#))
        #expect(fixed.state.outcome == .failed(error: "E", cause: "C"))
        #expect(fixed.types == ["ExecutionStarted", "FailStateEntered", "ExecutionFailed"])
        let machine = try StateMachine.single(
            #"{"Type":"Fail","ErrorPath":"$.e","CausePath":"States.Format('why {}', $.c)"}"#)
        #expect(DrivenRun(machine, input: ["e": "X", "c": 5]).state.outcome == .failed(error: "X", cause: "why 5"))
        #expect(DrivenRun(machine, input: ["e": 5, "c": 5]).error == "States.Runtime")
        #expect(DrivenRun(try StateMachine.single(#"{"Type":"Fail"}"#)).events.last?.details == [:])
    }

    @Test func `a machine's own time limit ends the run`() throws {
        let machine = try StateMachine(
            #"{"StartAt":"S","TimeoutSeconds":30,"States":{"#
                + #""S":{"Type":"Task","Resource":"r","TimeoutSeconds":9,"End":true}}}"#
        )
        var run = DrivenRun(machine)
        #expect(run.commands.first == .startTimer(id: 1, fireAt: Stamp.at(30).now))
        let commands = run.take(.timerFired(timer: 1), at: .at(30))
        #expect(commands.prefix(2) == [.cancelTask(id: 2), .cancelTimer(id: 3)])
        #expect(run.types.last == "ExecutionTimedOut")
        guard case .timedOut("States.Timeout", _)? = run.state.outcome else {
            Issue.record("The outcome is \(String(describing: run.state.outcome)).")
            return
        }
        var quick = DrivenRun(machine)
        #expect(quick.take(.taskSucceeded(task: 2, output: 1), at: .at(1)).contains(.cancelTimer(id: 1)))
    }

    @Test func `an operator stops a run in whatever it waits for`() throws {
        let task = try StateMachine.single(#"{"Type":"Task","Resource":"r","TimeoutSeconds":9,"End":true}"#)
        var run = DrivenRun(task)
        let commands = run.take(.stop(error: "Op", cause: "enough"), at: .at(1))
        #expect(
            commands == [.cancelTask(id: 1), .cancelTimer(id: 2), .finish(.aborted(error: "Op", cause: "enough"))])
        #expect(run.types.last == "ExecutionAborted")
        var waiting = DrivenRun(try StateMachine.single(#"{"Type":"Wait","Seconds":9,"End":true}"#))
        #expect(
            waiting.take(.stop(error: "", cause: ""), at: .at(1))
                == [.cancelTimer(id: 1), .finish(.aborted(error: "", cause: ""))])
    }

    @Test func `late, repeated and unknown inputs change nothing`() throws {
        let machine = try StateMachine(
            """
            {"StartAt":"A","States":{
              "A":{"Type":"Task","Resource":"r","TimeoutSeconds":5,"Next":"W"},
              "W":{"Type":"Wait","Seconds":5,"Next":"B"},
              "B":{"Type":"Task","Resource":"r","End":true}}}
            """)
        var run = DrivenRun(machine)
        func expectNothing(_ inputs: [RunInput], in run: DrivenRun) {
            for input in inputs {
                let step = Interpreter.step(machine: machine, state: run.state, input: input, stamp: .at(99))
                #expect(step.isEmpty)
                #expect(step.state == run.state)
            }
        }
        let start = RunInput.start(.sample())
        expectNothing(
            [start, .taskSucceeded(task: 2, output: 1), .timerFired(timer: 1), .timerFired(timer: 7)], in: run)
        run.take(.taskSucceeded(task: 1, output: 1), at: .at(1))
        let repeated: [RunInput] = [
            .taskSucceeded(task: 1, output: 2), .taskFailed(task: 1, error: "E", cause: ""), .timerFired(timer: 2),
        ]
        expectNothing([start] + repeated, in: run)
        run.take(.timerFired(timer: 3), at: .at(6))
        expectNothing([start, .timerFired(timer: 3)] + repeated, in: run)
        run.take(.taskSucceeded(task: 4, output: 1), at: .at(7))
        #expect(run.output == 1)
        expectNothing([start, .stop(error: "", cause: ""), .taskSucceeded(task: 4, output: 1)] + repeated, in: run)
    }

    @Test func `a run that never waits is ended`() throws {
        let machine = try StateMachine(
            """
            {"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Choice",
              "Choices":[{"Variable":"$.x","IsPresent":true,"Next":"E"}],"Default":"A"},"E":{"Type":"Succeed"}}}
            """)
        let run = DrivenRun(machine)
        #expect(run.error == "States.Runtime")
        #expect(run.events.count == 2 * Interpreter.stateLimitPerStep + 2)
    }

    @Test func `data that grows without end is stopped at its limit`() throws {
        let wide = try StateMachine(
            #"{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"a.$":"$","b.$":"$"},"Next":"B"},"#
                + #""B":{"Type":"Choice","Choices":[{"Variable":"$.x","IsPresent":true,"Next":"E"}],"Default":"A"},"#
                + #""E":{"Type":"Succeed"}}}"#
        )
        #expect(DrivenRun(wide).error == "States.DataLimitExceeded")
        let deep = try StateMachine(
            #"{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"a.$":"$"},"Next":"B"},"#
                + #""B":{"Type":"Choice","Choices":[{"Variable":"$.x","IsPresent":true,"Next":"E"}],"Default":"A"},"#
                + #""E":{"Type":"Succeed"}}}"#
        )
        #expect(DrivenRun(deep).error == "States.DataLimitExceeded")
        let calls = Array(repeating: "$", count: 900).joined(separator: ",")
        let bomb = try StateMachine.single(
            "{\"Type\":\"Pass\",\"End\":true,\"Parameters\":{\"x.$\":\"States.JsonToString(States.Array(\(calls)))\"}}")
        let large = JSONValue.string(String(repeating: "x", count: 200_000))
        #expect(DrivenRun(bomb, input: large).error == "States.DataLimitExceeded")
        #expect(
            DrivenRun(bomb, input: .string(String(repeating: "x", count: 300_000))).error == "States.DataLimitExceeded")
        var task = DrivenRun(try StateMachine.single(#"{"Type":"Task","Resource":"r","End":true}"#))
        task.take(.taskSucceeded(task: 1, output: .string(String(repeating: "x", count: 300_000))), at: .at(1))
        #expect(task.error == "States.DataLimitExceeded")
        #expect(task.types.suffix(2) == ["TaskFailed", "ExecutionFailed"])
    }
}
