import LandlordDomain
import LandlordTestSupport
import StatesLanguage
import Testing

@testable import LandlordTUI

/// The screens of runs, on a run that waits for people after two attempts of a task.
enum RunScene {
    private static let definition = #"""
        {"StartAt":"Reserve","States":{
          "Reserve":{"Type":"Task","Resource":"landlord:http","Next":"Big?","Extensions":{"Compensation":"Release"},
            "Retry":[{"ErrorEquals":["Busy"]}]},
          "Big?":{"Type":"Choice","Choices":[{"Variable":"$.amount","NumericGreaterThan":1000,"Next":"Approve"}],
            "Default":"Pay"},
          "Approve":{"Type":"Task","Resource":"landlord:approval","Next":"Pay",
            "Parameters":{"Title":"Over the limit","Approvers":["ana","bob"],"Quorum":2}},
          "Pay":{"Type":"Parallel","End":true,"Branches":[
            {"StartAt":"Charge","States":{"Charge":{"Type":"Task","Resource":"landlord:activity:charge","End":true}}},
            {"StartAt":"Letter","States":{"Letter":{"Type":"Wait","Seconds":60,"End":true}}}]},
          "Release":{"Type":"Pass","End":true}}}
        """#

    static func show(_ scene: String, in journey: inout Journey) throws {
        journey.press(.character("5"))
        let facts = try facts()
        let ended = RunWhyTests.run(.failed, .failed, error: WorkflowFailure(code: "Refused", message: "no money"))
        journey.send(
            .loaded(
                .runs(
                    journey.model.runQuery, anchors: nil, Page(items: [facts.run, ended], next: nil),
                    [facts.run.id: OpenTasks(first: facts.tasks[0], count: 1)])))
        guard scene != "runs" else { return }
        journey.press(.enter)
        journey.send(.loaded(.run(facts.run.id, .after(0), facts)))
        let tabs = ["run-graph", "run-timeline", "run-history", "run-raw", "run-pending", "run-data"]
        for _ in 0..<(tabs.firstIndex(of: scene) ?? 0) { journey.press(.character("]")) }
        if scene == "run-cancel" { journey.press(.character("X")) }
    }

    private static func facts() throws -> RunFacts {
        let machine = try StateMachine(definition: JSONValue(parsing: definition))
        func stamp(_ seconds: Int) -> Stamp { Stamp(now: Timestamp.sample.advanced(by: .seconds(seconds)), seed: 7) }
        let start = RunStart(
            input: ["amount": 5000], runID: "loan-1", runName: "loan-1", machineID: "loan", machineName: "loan")
        var transition = Interpreter.begin(machine: machine, start: start, stamp: stamp(-20))
        var history = transition.events
        let inputs: [(RunInput, Int)] = [
            (.taskFailed(task: 1, error: "Busy", cause: "try later"), -18), (.timerFired(timer: 2), -17),
            (.taskSucceeded(task: 3, output: ["amount": 5000, "id": "r-1"]), -16),
        ]
        var tasks: [ScheduledTask] = []
        for (input, second) in inputs {
            transition = Interpreter.step(
                machine: machine, state: transition.state, input: input, stamp: stamp(second))
            history += transition.events
            tasks = transition.commands.compactMap { if case .scheduleTask(let task) = $0 { task } else { nil } }
        }
        let task = try #require(tasks.last)
        var facts = RunFacts(
            run: WorkflowRun(
                id: "loan-1", workflowID: "loan", definitionVersion: 1, status: .running, subState: .running,
                currentState: transition.state.currentState, retryCount: 0, wakeAt: nil, input: ["amount": 5000],
                output: nil, error: nil, tenantID: nil, trigger: "ana", inputCount: 4, eventCount: history.count,
                createdAt: stamp(-20).now, updatedAt: stamp(-16).now, endedAt: nil))
        facts.outline = MachineOutline(machine)
        facts.history = history
        facts.tasks = [
            StoredTask(runID: "loan-1", tenantID: nil, task: task, status: .open, askedAt: stamp(-16).now)
        ]
        facts.approvals = [
            Approval(
                of: task.id, in: "loan-1", tenantID: nil, try Approval.Request(json: task.parameters),
                at: stamp(-16).now)
        ]
        return facts
    }
}
