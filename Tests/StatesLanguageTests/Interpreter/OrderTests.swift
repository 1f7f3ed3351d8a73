import StatesLanguage
import Testing

/// What operators do to runs.
@Suite struct OrderTests {
    /// Two tasks that can be taken back, and a third that cannot.
    private static let saga = #"""
        {"StartAt":"Reserve","States":{
            "Reserve":{"Type":"Task","Resource":"reserve","Next":"Charge","Extensions":{"Compensation":"Release"}},
            "Charge":{"Type":"Task","Resource":"charge","Next":"Ship","Extensions":{"Compensation":"Refund"},
                "Retry":[{"ErrorEquals":["Busy"],"IntervalSeconds":1}]},
            "Ship":{"Type":"Task","Resource":"ship","End":true},
            "Release":{"Type":"Task","Resource":"release","Parameters":{"of.$":"$.Output.id"},"End":true},
            "Refund":{"Type":"Task","Resource":"refund","Parameters":{"of.$":"$.Output.id"},"End":true,
                "Retry":[{"ErrorEquals":["Busy"],"IntervalSeconds":1,"MaxAttempts":1}]}}}
        """#

    private func run(upTo state: String, _ text: String = saga) throws -> DrivenRun {
        var run = DrivenRun(try StateMachine(text))
        var second = 0.0
        while let task = run.lastTask, task.stateName != state, second < 10 {
            second += 1
            run.take(.taskSucceeded(task: task.id, output: ["id": .string(task.stateName)]), at: .at(second))
        }
        return run
    }

    // MARK: Suspend and resume

    @Test func `a suspended run begins nothing and goes on with what came in`() throws {
        var run = try run(upTo: "Charge")
        run.take(.order(.sample(.suspend)), at: .at(10))
        #expect(run.state.suspension?.order.reason == "drill")
        let task = try #require(run.lastTask)
        #expect(run.take(.taskSucceeded(task: task.id, output: ["id": 7]), at: .at(11)).isEmpty)
        // The same answer twice is one.
        let again = Interpreter.step(
            machine: run.machine, state: run.state, input: .taskSucceeded(task: task.id, output: ["id": 8]),
            stamp: .at(12))
        #expect(again.isEmpty)
        #expect(run.state.suspension?.kept.count == 1)
        let commands = run.take(.order(.sample(.resume)), at: .at(20))
        #expect(run.state.suspension == nil)
        #expect(run.lastTask?.stateName == "Ship")
        #expect(commands.count == 1)
        #expect(run.types.suffix(6).first == "ExecutionResumed")
    }

    @Test func `what is kept is a step of its own, so that it is stored`() throws {
        let run = try run(upTo: "Charge")
        let suspended = Interpreter.step(
            machine: run.machine, state: run.state, input: .order(.sample(.suspend)), stamp: .at(10))
        let kept = Interpreter.step(
            machine: run.machine, state: suspended.state,
            input: .taskSucceeded(task: run.lastTask?.id ?? 0, output: ["id": 7]), stamp: .at(11))
        #expect(!kept.isEmpty)
        #expect(kept.events.isEmpty && kept.commands.isEmpty)
    }

    @Test func `suspending twice and resuming what goes on change nothing`() throws {
        var run = try run(upTo: "Charge")
        #expect(run.take(.order(.sample(.resume)), at: .at(9)).isEmpty)
        run.take(.order(.sample(.suspend)), at: .at(10))
        let count = run.events.count
        run.take(.order(.sample(.suspend)), at: .at(11))
        #expect(run.events.count == count)
    }

    // MARK: Cancel and compensate

    @Test func `a cancelled run takes back what it has done, last first`() throws {
        var run = try run(upTo: "Ship")
        let ship = try #require(run.lastTask)
        let commands = run.take(.order(.sample(.cancel)), at: .at(10))
        #expect(commands.contains(.cancelTask(id: ship.id)))
        #expect(run.state.isCompensating)
        let refund = try #require(run.lastTask)
        #expect(refund.resource == "refund")
        #expect(refund.parameters == ["of": "Charge"])
        // It is itself retried.
        run.take(.taskFailed(task: refund.id, error: "Busy", cause: ""), at: .at(11))
        run.take(.timerFired(timer: run.state.openTimers[0]), at: .at(12))
        let second = try #require(run.lastTask)
        #expect(second.resource == "refund" && second.attempt == 2)
        run.take(.taskSucceeded(task: second.id, output: [:]), at: .at(13))
        let release = try #require(run.lastTask)
        #expect(release.resource == "release")
        #expect(release.parameters == ["of": "Reserve"])
        run.take(.taskSucceeded(task: release.id, output: [:]), at: .at(14))
        #expect(run.state.outcome == .aborted(error: "CANCELLED", cause: "cancelled by ana: drill"))
        #expect(run.state.currentState == "Ship", "it was there, and not in what took it back")
        #expect(!run.state.canBeRetried)
    }

    @Test func `what cannot be taken back does not keep the rest, and is named at the end`() throws {
        var run = try run(upTo: "Ship")
        run.take(.order(.sample(.cancel)), at: .at(10))
        run.take(.taskFailed(task: run.lastTask?.id ?? 0, error: "Gone", cause: "no such charge"), at: .at(11))
        #expect(run.lastTask?.resource == "release")
        run.take(.taskSucceeded(task: run.lastTask?.id ?? 0, output: [:]), at: .at(12))
        #expect(run.error == "CompensationFailed")
        #expect(run.cause == "not taken back: 'Charge' (Gone: no such charge)")
    }

    @Test func `what was done while a run was suspended is taken back as well`() throws {
        var run = try run(upTo: "Charge")
        let charge = try #require(run.lastTask)
        run.take(.order(.sample(.suspend)), at: .at(10))
        run.take(.taskSucceeded(task: charge.id, output: ["id": "Charge"]), at: .at(11))
        let commands = run.take(.order(.sample(.cancel)), at: .at(12))
        // It is over, so that nobody is told to stop it, and what comes behind it does not begin.
        #expect(!commands.contains(.cancelTask(id: charge.id)))
        let refund = try #require(run.lastTask)
        #expect(refund.resource == "refund" && refund.parameters == ["of": "Charge"])
        run.take(.taskSucceeded(task: refund.id, output: [:]), at: .at(13))
        #expect(run.lastTask?.resource == "release")
        run.take(.taskSucceeded(task: run.lastTask?.id ?? 0, output: [:]), at: .at(14))
        #expect(run.state.outcome == .aborted(error: "CANCELLED", cause: "cancelled by ana: drill"))
    }

    @Test func `what failed while a run was suspended is not taken back`() throws {
        var run = try run(upTo: "Charge")
        run.take(.order(.sample(.suspend)), at: .at(10))
        run.take(.taskFailed(task: run.lastTask?.id ?? 0, error: "Busy", cause: ""), at: .at(11))
        run.take(.order(.sample(.cancel)), at: .at(12))
        #expect(run.lastTask?.resource == "release")
    }

    @Test func `nothing to take back, or terminate, ends a run at once`() throws {
        var early = try run(upTo: "Reserve")
        early.take(.order(.sample(.cancel)), at: .at(5))
        #expect(early.state.outcome == .aborted(error: "CANCELLED", cause: "cancelled by ana: drill"))
        var late = try run(upTo: "Ship")
        late.take(.order(.sample(.terminate)), at: .at(5))
        #expect(late.state.outcome == .aborted(error: "CANCELLED", cause: "terminated by ana: drill"))
    }

    @Test func `a run that is taken back can be terminated, and not cancelled again`() throws {
        var run = try run(upTo: "Ship")
        run.take(.order(.sample(.cancel)), at: .at(10))
        #expect(run.take(.order(.sample(.cancel)), at: .at(11)).isEmpty)
        run.take(.order(.sample(.terminate)), at: .at(12))
        #expect(!run.state.isRunning)
    }

    @Test func `a failure takes back where the definition says so`() throws {
        let text = "{\"Extensions\":{\"CompensateOnFailure\":true},\(Self.saga.dropFirst())"
        var run = try run(upTo: "Ship", text)
        run.take(.taskFailed(task: run.lastTask?.id ?? 0, error: "Lost", cause: "at sea"), at: .at(10))
        #expect(run.lastTask?.resource == "refund")
        run.take(.taskSucceeded(task: run.lastTask?.id ?? 0, output: [:]), at: .at(11))
        run.take(.taskSucceeded(task: run.lastTask?.id ?? 0, output: [:]), at: .at(12))
        #expect(run.error == "Lost")
    }

    // MARK: Retry

    @Test func `a failed run goes on with the state that failed and what that was given`() throws {
        var run = try run(upTo: "Ship")
        let given = run.lastTask?.parameters
        run.take(.taskFailed(task: run.lastTask?.id ?? 0, error: "Lost", cause: ""), at: .at(10))
        #expect(run.state.canBeRetried)
        run.take(.order(.sample(.retry)), at: .at(20))
        #expect(run.state.isRunning)
        #expect(run.lastTask?.stateName == "Ship")
        #expect(run.lastTask?.parameters == given)
        run.take(.taskSucceeded(task: run.lastTask?.id ?? 0, output: "done"), at: .at(21))
        #expect(run.output == "done")
        #expect(run.types.contains("ExecutionRedriven"))
        #expect(run.take(.order(.sample(.retry)), at: .at(22)).isEmpty)
    }

    @Test func `a run that ended in a Fail state goes on where the error was caught`() throws {
        let text = #"""
            {"StartAt":"Work","States":{
                "Work":{"Type":"Task","Resource":"work","End":true,
                    "Catch":[{"ErrorEquals":["States.ALL"],"Next":"Give up"}]},
                "Give up":{"Type":"Fail","Error":"GaveUp"}}}
            """#
        var run = DrivenRun(try StateMachine(text), input: ["n": 1])
        run.take(.taskFailed(task: run.lastTask?.id ?? 0, error: "E", cause: ""), at: .at(1))
        #expect(run.error == "GaveUp")
        run.take(.order(.sample(.retry)), at: .at(2))
        #expect(run.lastTask?.parameters == ["n": 1])
        run.take(.taskSucceeded(task: run.lastTask?.id ?? 0, output: 2), at: .at(3))
        #expect(run.output == 2)
    }

    @Test func `a run that kept nothing when it ended, as those of before did, cannot be retried`() throws {
        var run = try run(upTo: "Ship")
        run.take(.taskFailed(task: run.lastTask?.id ?? 0, error: "Lost", cause: ""), at: .at(10))
        let former = run.state.withoutRetryData
        #expect(former != run.state && !former.canBeRetried)
        #expect(former.head["keepsData"] == nil && former.head["completed"] == nil)
        #expect(try RunState(json: former.json) == former)
        run.state = former
        #expect(run.take(.order(.sample(.retry)), at: .at(20)).isEmpty)
        #expect(!run.state.isRunning)
    }

    @Test func `attempts and the limit of the run are counted anew`() throws {
        let text = #"""
            {"StartAt":"Work","TimeoutSeconds":60,"States":{"Work":{"Type":"Task","Resource":"work","End":true,
                "Parameters":{"redrives.$":"$$.Execution.RedriveCount"},
                "Retry":[{"ErrorEquals":["E"],"MaxAttempts":1,"IntervalSeconds":1}]}}}
            """#
        var run = DrivenRun(try StateMachine(text))
        for attempt in 1...2 {
            run.take(.taskFailed(task: run.lastTask?.id ?? 0, error: "E", cause: ""), at: .at(Double(attempt)))
            if attempt == 1, let timer = run.state.openTimers.last { run.take(.timerFired(timer: timer), at: .at(2)) }
        }
        #expect(run.error == "E")
        let commands = run.take(.order(.sample(.retry)), at: .at(100))
        #expect(run.lastTask?.attempt == 1)
        #expect(run.lastTask?.parameters == ["redrives": 1])
        #expect(
            commands.contains { if case .startTimer(_, let fireAt) = $0 { fireAt == Stamp.at(160).now } else { false } }
        )
    }

    // MARK: What definitions may say

    @Test(arguments: [
        (#"{"Compensation":"Nowhere"}"#, "Missing 'Compensation' target: Nowhere"),
        (#"{"Compensation":5}"#, "Expected value of type [STRING]"),
        (#"{"Semaphore":""}"#, "A semaphore's name has 1 to 80 characters"),
        (#"{"Priority":5000}"#, "Maximum value is 1000"),
        (#"{"Urgency":1}"#, "Field 'Urgency' is not supported"),
        ("5", "Expected value of type [OBJECT]"),
    ])
    func `what is wrong in the extensions of a state is said`(extensions: String, message: String) throws {
        let error = #expect(throws: DefinitionError.self) {
            try StateMachine.single(#"{"Type":"Task","Resource":"r","End":true,"Extensions":\#(extensions)}"#)
        }
        #expect(error?.problems.contains { $0.message == message } == true)
    }

    @Test func `priority and semaphore reach the task`() throws {
        let run = DrivenRun(
            try StateMachine.single(
                #"{"Type":"Task","Resource":"r","End":true,"Extensions":{"Priority":-3,"Semaphore":"payments"}}"#))
        #expect(run.lastTask?.priority == -3)
        #expect(run.lastTask?.semaphore == "payments")
    }
}
