import LandlordDomain
import LandlordTestSupport
import StatesLanguage
import Testing

@testable import LandlordTUI

@Suite("Why a run is where it is") struct RunWhyTests {
    static func run(
        _ status: WorkflowExecutionStatus = .running, _ subState: WorkflowSubState = .running,
        control: RunControl? = nil, wakeIn seconds: Int? = nil, retries: Int = 0, error: WorkflowFailure? = nil
    ) -> WorkflowRun {
        WorkflowRun(
            id: "order-7", workflowID: "order", definitionVersion: 1, status: status, subState: subState,
            control: control, currentState: "Pay", retryCount: retries,
            wakeAt: seconds.map { Timestamp.sample.advanced(by: .seconds($0)) }, input: ["n": 1], output: nil,
            error: error, tenantID: nil, trigger: "ana", inputCount: 2, eventCount: 7, createdAt: .sample,
            updatedAt: .sample, endedAt: status.isTerminal ? Timestamp.sample.advanced(by: .seconds(5)) : nil)
    }

    static func task(
        _ resource: String, worker: String? = nil, semaphore: String? = nil, timeout: Int? = nil, heartbeat: Int? = nil,
        attempt: Int = 1,
        isSubmitted: Bool = false
    ) -> StoredTask {
        StoredTask(
            runID: "order-7", tenantID: nil,
            task: ScheduledTask(
                id: 2, stateName: "Pay", resource: resource, parameters: [:], token: "t", timeoutSeconds: timeout,
                heartbeatSeconds: heartbeat, attempt: attempt, semaphore: semaphore), status: .open,
            askedAt: Timestamp.sample.advanced(by: .seconds(-180)), isAdmitted: false, isSubmitted: isSubmitted,
            lease: worker == nil ? 0 : 1, leaseUntil: worker.map { _ in Timestamp.sample.advanced(by: .seconds(60)) },
            worker: worker)
    }

    @Test(arguments: [
        (run(), task("landlord:activity:pay"), "'Pay' waits for a worker of 'pay', asked 3m ago"),
        (run(), task("landlord:activity:pay", worker: "bob"), "'Pay' is with the worker bob for 1m more, asked 3m ago"),
        (
            run(), task("landlord:signal:paid", timeout: 240, attempt: 2),
            "'Pay' waits for the signal 'paid', asked 3m ago, attempt 2, gives up in 1m"
        ),
        (
            run(), task("landlord:activity:pay", timeout: 600, heartbeat: 240),
            "'Pay' waits for a worker of 'pay', asked 3m ago, gives up in 1m"
        ),
        (
            run(), task("landlord:activity:pay", worker: "bob", timeout: 600, heartbeat: 60),
            "'Pay' is with the worker bob for 1m more, asked 3m ago, gives up in 7m, with a heartbeat every 1m at least"
        ),
        (run(), task("landlord:workflow.sync"), "'Pay' waits for the run 'order-7-2', asked 3m ago"),
        (run(), task("landlord:http", semaphore: "bank"), "'Pay' waits for a place in the limit 'bank', asked 3m ago"),
        (run(), task("landlord:signal:paid.waitForTaskToken"), "'Pay' waits for the signal 'paid', asked 3m ago"),
        (
            run(), task("landlord:approval.waitForTaskToken", isSubmitted: true),
            "'Pay' waits for whoever has the token of landlord:approval.waitForTaskToken, asked 3m ago"
        ),
        (
            run(control: .compensating), task("x:y"),
            "takes back what it did: 'Pay' waits for whoever has the token of x:y, asked 3m ago"
        ),
    ])
    func `a task says who has to act`(run: WorkflowRun, task: StoredTask, sentence: String) {
        #expect(RunWhy.sentence(run, RunWhy.Facts(tasks: [task]), now: .sample) == sentence)
    }

    @Test(arguments: [
        (run(control: .suspended), "suspended in 'Pay': nothing begins until it is resumed"),
        (
            run(.running, .backingOff, wakeIn: 8, retries: 1, error: WorkflowFailure(code: "Busy", message: "")),
            "'Pay' backs off after Busy and is tried again in 8s, attempt 2"
        ),
        (run(), "'Pay' works"), (run(.succeeded, .succeeded), "succeeded in 5.0s"),
        (
            run(.failed, .failed, error: WorkflowFailure(code: "E", message: "no")),
            "failed in 'Pay' after 5.0s: E, no"
        ),
        (
            run(.failed, .failed, error: WorkflowFailure(code: "States.Timeout", message: "")),
            "failed in 'Pay' after 5.0s: States.Timeout, no answer, or no heartbeat, in time"
        ),
    ])
    func `a run without a task says what it waits for, or how it ended`(
        run: WorkflowRun, sentence: String
    ) {
        #expect(RunWhy.sentence(run, now: .sample) == sentence)
    }

    @Test func `who suspended a run, since when and why, is named`() {
        let suspension = RunSuspension(
            order: RunOrder(.suspend, by: "ana", reason: "the bank is closed"),
            since: Timestamp.sample.advanced(by: .seconds(-180)))
        #expect(
            RunWhy.sentence(Self.run(control: .suspended), RunWhy.Facts(suspension: suspension), now: .sample)
                == "suspended by ana (the bank is closed) 3m ago in 'Pay': nothing begins until it is resumed")
    }

    @Test func `an attempt says how many there are at most`() throws {
        let outline = MachineOutline(
            try StateMachine(
                definition: JSONValue(
                    parsing: #"""
                        {"StartAt":"Pay","States":{"Pay":{"Type":"Task","Resource":"x:y","End":true,"Retry":[
                          {"ErrorEquals":["Busy"],"MaxAttempts":4},{"ErrorEquals":["Slow"],"MaxAttempts":1}]}}}
                        """#)))
        let facts = RunWhy.Facts(outline: outline)
        #expect(
            RunWhy.sentence(Self.run(.running, .backingOff, wakeIn: 8, retries: 1), facts, now: .sample)
                == "'Pay' backs off and is tried again in 8s, attempt 2 of 6")
        #expect(
            RunWhy.sentence(
                Self.run(), RunWhy.Facts(tasks: [Self.task("x:y", attempt: 3)], outline: outline), now: .sample
            ).hasSuffix("attempt 3 of 6"))
    }

    @Test func `a Map says how many of its items are done`() throws {
        let outline = MachineOutline(
            try StateMachine(
                definition: JSONValue(
                    parsing: #"""
                        {"StartAt":"Pay","States":{"Pay":{"Type":"Map","End":true,"ItemProcessor":{"StartAt":"One",
                          "States":{"One":{"Type":"Task","Resource":"x:y","End":true}}}}}}
                        """#)))
        let branches = BranchProgress(doneCount: 3, failedCount: 1, runningCount: 2, total: 12)
        #expect(
            RunWhy.sentence(Self.run(), RunWhy.Facts(branches: branches, outline: outline), now: .sample)
                == "'Pay' has 3 of 12 items done, 1 failed")
        #expect(
            RunWhy.sentence(
                Self.run(), RunWhy.Facts(tasks: [Self.task("x:y")], branches: branches), now: .sample
            ).hasPrefix("'Pay' has 3 of 12 branches done, 1 failed; 'Pay' waits for whoever"))
    }

    @Test func `a column says what the line says, from the first task and how many there are`() {
        let (first, second) = (Self.task("landlord:signal:paid"), Self.task("x:y"))
        let whole = RunWhy.Facts(tasks: [first, second])
        let short = RunWhy.Facts(OpenTasks(first: first, count: 2))
        #expect(RunWhy.short(Self.run(), short, now: .sample) == RunWhy.sentence(Self.run(), whole, now: .sample))
        #expect(RunWhy.short(Self.run(), short, now: .sample).hasSuffix("'paid', asked 3m ago, and 1 more task"))
    }

    @Test(arguments: [
        (WorkflowSubState.waiting, 60, "'Pay' waits for 1m, until "), (.waiting, 0, "'Pay' waits for 0s, until "),
        (.waiting, -180, "'Pay' was to go on 3m ago, at "),
        (.backingOff, -180, "'Pay' backs off and was to be tried again 3m ago, attempt 2"),
    ])
    func `a time that has passed is not one that is waited for`(state: WorkflowSubState, seconds: Int, begin: String) {
        let run = Self.run(.running, state, wakeIn: seconds, retries: state == .backingOff ? 1 : 0)
        #expect(RunWhy.sentence(run, now: .sample).hasPrefix(begin))
    }

    @Test func `a task that should have been given up says so`() {
        let facts = RunWhy.Facts(tasks: [Self.task("x:y", timeout: 60)])
        #expect(RunWhy.sentence(Self.run(), facts, now: .sample).hasSuffix(", was to give up 2m ago"))
    }

    @Test func `a column says the error of a run that failed and how long one took that did not`() {
        let failed = Self.run(.failed, .failed, error: WorkflowFailure(code: "E", message: "no"))
        #expect(RunWhy.short(failed, now: .sample) == "E: no")
        #expect(RunWhy.short(Self.run(.succeeded, .succeeded), now: .sample) == "took 5.0s")
        #expect(RunWhy.short(Self.run(), now: .sample) == "'Pay' works")
    }
}
