import StatesLanguage
import Testing

/// The events of tasks, by the kind of their resource: names and members as in the AWS API reference,
/// `HistoryEvent`, and in the histories that moto 5.2.5 writes.
@Suite struct TaskHistoryTests {
    private func run(
        _ resource: String, _ fields: String = "", mock: String = #"{"return":{"a":1}}"#
    ) throws -> SimulationResult {
        try Simulation.result(
            of: #"{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"\#(resource)",\#(fields)"End":true}}}"#,
            input: #"{"x":1}"#, mocks: #"{"tasks":{"T":\#(mock)}}"#)
    }

    private func types(_ result: SimulationResult) -> [String] {
        result.history.dropFirst(2).dropLast().map(\.type.rawValue)
    }

    @Test(arguments: [
        (
            "arn:aws:lambda:us-east-1:123456789012:function:f",
            [
                "LambdaFunctionScheduled", "LambdaFunctionStarted", "LambdaFunctionSucceeded", "TaskStateExited",
            ]
        ),
        (
            "arn:aws:states:us-east-1:123456789012:activity:a",
            [
                "ActivityScheduled", "ActivityStarted", "ActivitySucceeded", "TaskStateExited",
            ]
        ),
        ("arn:aws:states:::lambda:invoke", ["TaskScheduled", "TaskStarted", "TaskSucceeded", "TaskStateExited"]),
        (
            "arn:aws:states:::aws-sdk:s3:getObject",
            ["TaskScheduled", "TaskStarted", "TaskSucceeded", "TaskStateExited"]
        ),
        (
            "arn:aws:states:::batch:submitJob.sync",
            [
                "TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded", "TaskStateExited",
            ]
        ),
        (
            "arn:aws:states:::states:startExecution.sync:2",
            [
                "TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded", "TaskStateExited",
            ]
        ),
        (
            "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            [
                "TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded", "TaskStateExited",
            ]
        ),
    ])
    func `each kind of resource has its events`(resource: String, expected: [String]) throws {
        let result = try run(resource)
        #expect(types(result) == expected)
        #expect(result.history.dropFirst(2).map(\.previousEventID) == Array(2...(result.history.count - 1)))
        #expect(result.output == ["a": 1])
    }

    @Test func `a function's events name it by its ARN`() throws {
        let arn = "arn:aws:lambda:us-east-1:123456789012:function:f"
        let result = try run(arn, #""TimeoutSeconds":7,"#)
        #expect(
            result.details(.lambdaFunctionScheduled) == [
                "resource": .string(arn), "input": #"{"x":1}"#, "inputDetails": ["truncated": false],
                "timeoutInSeconds": 7,
            ])
        #expect(
            result.details(.lambdaFunctionSucceeded) == ["output": #"{"a":1}"#, "outputDetails": ["truncated": false]])
        #expect(result.history[3].json["lambdaFunctionStartedEventDetails"] == nil)
    }

    @Test func `an integration's events name service and action`() throws {
        let result = try run(
            "arn:aws:states:::aws-sdk:sfn:startExecution",
            #""Parameters":{"q.$":"$.x"},"TimeoutSeconds":9,"HeartbeatSeconds":8,"Credentials":{"RoleArn":"r"},"#)
        #expect(
            result.details(.taskScheduled) == [
                "resourceType": "aws-sdk:sfn", "resource": "startExecution", "region": "us-east-1",
                "parameters": #"{"q":1}"#, "timeoutInSeconds": 9, "heartbeatInSeconds": 8,
                "taskCredentials": ["roleArn": "r"],
            ])
        #expect(result.details(.taskStarted) == ["resourceType": "aws-sdk:sfn", "resource": "startExecution"])
        #expect(
            result.details(.taskSucceeded) == [
                "resourceType": "aws-sdk:sfn", "resource": "startExecution", "output": #"{"a":1}"#,
                "outputDetails": ["truncated": false],
            ])
    }

    private static let failures: [(resource: String, type: HistoryEventType, details: JSONValue)] = [
        (
            "arn:aws:lambda:us-east-1:123456789012:function:f", .lambdaFunctionFailed, ["error": "E", "cause": "C"]
        ),
        ("arn:aws:states:us-east-1:123456789012:activity:a", .activityFailed, ["error": "E", "cause": "C"]),
        (
            "arn:aws:states:::sqs:sendMessage", .taskFailed,
            ["resourceType": "sqs", "resource": "sendMessage", "error": "E", "cause": "C"]
        ),
    ]

    @Test(arguments: failures)
    func `a failure is of the resource's kind`(resource: String, type: HistoryEventType, details: JSONValue) throws {
        let result = try run(resource, mock: #"{"throw":{"error":"E","cause":"C"}}"#)
        #expect(result.details(type) == details)
        #expect(result.error == "E" && result.cause == "C")
    }

    /// Issue 2733 of floci-io/floci, seen on AWS: a time-out has no cause, and a lost heartbeat is reported as one.
    @Test(arguments: [
        (#"{"timeout":true}"#, 30), (#"{"heartbeat_timeout":true}"#, 4),
    ])
    func `a task that runs out of time ends with States.Timeout`(mock: String, seconds: Int) throws {
        let resource = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"
        let result = try run(resource, #""TimeoutSeconds":30,"HeartbeatSeconds":4,"#, mock: mock)
        #expect(result.error == "States.Timeout" && result.cause == nil)
        #expect(
            result.details(.taskTimedOut) == [
                "resourceType": "sqs", "resource": "sendMessage.waitForTaskToken", "error": "States.Timeout",
            ])
        #expect(result.history.last?.details == ["error": "States.Timeout"])
        #expect(result.seconds == .seconds(seconds))
    }

    @Test(arguments: [
        ("States.HeartbeatTimeout", true), ("States.Timeout", true), ("States.ALL", true), ("States.TaskFailed", false),
    ])
    func `a lost heartbeat is caught by either name`(name: String, isCaught: Bool) throws {
        let definition = """
            {"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "HeartbeatSeconds":4,"Catch":[{"ErrorEquals":["\(name)"],"Next":"Z"}],"End":true},"Z":{"Type":"Succeed"}}}
            """
        let result = try Simulation.result(of: definition, mocks: #"{"tasks":{"T":{"heartbeat_timeout":true}}}"#)
        #expect(result.status == (isCaught ? "SUCCEEDED" : "FAILED"))
    }

    @Test func `a heartbeat moves the moment at which a worker is given up`() throws {
        let machine = try StateMachine.single(
            #"{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","HeartbeatSeconds":10,"#
                + #""End":true}"#)
        var run = DrivenRun(machine)
        let task = try #require(run.lastTask)
        let first = try #require(run.state.openTimers.first)
        run.take(.heartbeat(task: task.id), at: .at(6))
        let second = try #require(run.state.openTimers.first)
        #expect(second != first)
        #expect(run.commands.contains(.startTimer(id: second, fireAt: Stamp.at(16).now)))
        run.take(.timerFired(timer: first), at: .at(10))
        #expect(run.state.isRunning)
        run.take(.timerFired(timer: second), at: .at(16))
        #expect(run.error == "States.Timeout")
    }

    @Test func `an activity starts when a worker takes it up`() throws {
        let machine = try StateMachine.single(
            #"{"Type":"Task","Resource":"arn:aws:states:us-east-1:1:activity:a","End":true}"#)
        var run = DrivenRun(machine)
        let task = try #require(run.lastTask)
        #expect(task.token != nil)
        #expect(run.types.last == "ActivityScheduled")
        run.take(.taskStarted(task: task.id, worker: "w"), at: .at(1))
        run.take(.taskStarted(task: task.id, worker: "w"), at: .at(1))
        #expect(run.types.suffix(2) == ["ActivityScheduled", "ActivityStarted"])
        #expect(run.events.last?.details == ["workerName": "w"])
    }

    @Test(arguments: [
        (TaskPhase.schedule, "TaskStartFailed"), (TaskPhase.start, "TaskStartFailed"),
        (TaskPhase.submit, "TaskSubmitFailed"),
    ])
    func `a task that never ran fails in its phase`(phase: TaskPhase, type: String) throws {
        var run = DrivenRun(
            try StateMachine.single(#"{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","End":true}"#))
        let task = try #require(run.lastTask)
        run.take(.taskRefused(task: task.id, phase: phase, error: "E", cause: "C"), at: .at(1))
        #expect(run.types.suffix(2) == [type, "ExecutionFailed"])
    }
}
