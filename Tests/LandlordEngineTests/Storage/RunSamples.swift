import LandlordDomain
import StatesLanguage

@testable import LandlordEngine

/// A small machine and the steps that take a run of it to its end.
enum RunSample {
    static let document: JSONValue = [
        "StartAt": "Work",
        "States": [
            "Work": [
                "Type": "Task", "Resource": "landlord:compute:provision.waitForTaskToken",
                "Parameters": ["token.$": "$$.Task.Token"],
                "Retry": [["ErrorEquals": ["States.ALL"], "IntervalSeconds": 5, "MaxAttempts": 2]], "Next": "Rest",
            ],
            "Rest": ["Type": "Wait", "Seconds": 60, "Next": "Done"],
            "Done": ["Type": "Succeed"],
        ],
    ]

    static func spec(_ document: JSONValue = document) -> WorkflowSpec {
        WorkflowSpec(workflowID: "work", provider: "embedded", name: "Work", definition: document)
    }

    /// The first step of a run.
    static func beginning(
        _ id: String, tenantID: Tenant.ID? = nil, at second: Int = 0, of machine: StoredMachine
    ) -> RunBeginning {
        let input: JSONValue = ["n": 1]
        let start = RunStart(input: input, runID: id, runName: id, machineID: "work", machineName: "work")
        let stamp = Stamp(now: Sample.time(second), seed: UInt64.max)
        let transition = Interpreter.begin(machine: machine.machine, start: start, stamp: stamp)
        return RunBeginning(
            id: id, workflowID: "work", definitionVersion: machine.version, tenantID: tenantID, trigger: "test",
            input: input,
            step: RunStep(input: .start(start), stamp: stamp, transition: transition))
    }
}

extension DatabaseRunStore {
    /// Begins a run of the newest version at a second.
    func begin(_ id: String, tenantID: Tenant.ID? = nil, at second: Int = 0) async throws -> BegunRun? {
        let admission = try await begin("work") { machine in
            RunSample.beginning(id, tenantID: tenantID, at: second, of: machine)
        }
        guard case .begun(let run) = admission else { return nil }
        return run
    }

    /// Gives a run an input at a second, as the embedded provider does.
    @discardableResult
    func take(_ input: RunInput, to id: String, at second: Int) async throws(RepositoryError) -> RunAdvance? {
        try await advance(id) { _ in
            RunArrival(input, Stamp(now: Sample.time(second), seed: UInt64(second)))
        }
    }

    /// A run that has failed once, was tried again, and waits for its last timer.
    func waitingRun(_ id: String) async throws {
        _ = try await keep(RunSample.spec(), at: Sample.time(0))
        _ = try await begin(id)
        let first = try await openTasks(after: nil, limit: 1).items[0].task.id
        try await take(.taskFailed(task: first, error: "Boom", cause: "why"), to: id, at: 1)
        let timer = try await dueTimers(at: Sample.time(99), limit: 1)[0].timerID
        try await take(.timerFired(timer: timer), to: id, at: 6)
        let second = try await openTasks(after: nil, limit: 1).items[0].task.id
        try await take(.taskSucceeded(task: second, output: ["done": true]), to: id, at: 7)
    }
}
