import StatesLanguage
import Testing

/// Random machines under random inputs: what must hold whatever happens.
@Suite struct ReplayTests {
    /// A machine of random states, each of which may lead to any other.
    private func randomMachine(using random: inout SeededGenerator) throws -> StateMachine {
        let count = Int.random(in: 2...8, using: &random)
        var states: [String] = []
        for position in 0..<count {
            let next = "\"Next\":\"S\(min(position + 1, count))\""
            let back = "S\(Int.random(in: 0..<count, using: &random))"
            let retry =
                #""Retry":[{"ErrorEquals":["E"],"MaxAttempts":2,"JitterStrategy":"FULL"},"#
                + #"{"ErrorEquals":["States.ALL"]}]"#
            let body =
                switch Int.random(in: 0..<6, using: &random) {
                case 0: #""Type":"Pass","Parameters":{"u.$":"States.UUID()","n.$":"$$.Execution.Input.n"},\#(next)"#
                case 1: #""Type":"Wait","Seconds":\#(Int.random(in: 0...3, using: &random)),\#(next)"#
                case 2: #""Type":"Task","Resource":"r","TimeoutSeconds":5,\#(retry),\#(next)"#
                case 3:
                    #""Type":"Task","Resource":"r.waitForTaskToken","Parameters":{"t.$":"$$.Task.Token"},"#
                        + #""ResultPath":"$.r","Catch":[{"ErrorEquals":["States.TaskFailed"],"Next":"\#(back)"}],"#
                        + next
                case 4:
                    #""Type":"Choice","Choices":[{"Variable":"$.n","IsPresent":true,\#(next)}],"#
                        + #""Default":"S\#(min(position + 1, count))""#
                default: #""Type":"Task","Resource":"r","OutputPath":"$.n",\#(retry),\#(next)"#
                }
            states.append("\"S\(position)\":{\(body)}")
        }
        states.append("\"S\(count)\":{\"Type\":\"Succeed\"}")
        let limit = Bool.random(using: &random) ? "\"TimeoutSeconds\":20," : ""
        return try StateMachine("{\"StartAt\":\"S0\",\(limit)\"States\":{\(states.joined(separator: ","))}}")
    }

    private func randomInput(for state: RunState, using random: inout SeededGenerator) -> RunInput {
        let anything = Int.random(in: 1...12, using: &random)
        let task = state.openTasks.randomElement(using: &random) ?? anything
        switch Int.random(in: 0..<13, using: &random) {
        case 0...3: return .taskSucceeded(task: task, output: ["n": 1, "é": .random(using: &random, depth: 2)])
        case 4, 5: return .taskFailed(task: task, error: "E", cause: "c")
        case 6: return .taskFailed(task: task, error: "States.HeartbeatTimeout", cause: "")
        case 7, 8: return .timerFired(timer: state.openTimers.randomElement(using: &random) ?? anything)
        case 9: return .timerFired(timer: anything)
        case 10: return .taskSucceeded(task: anything, output: 5)
        case 11: return .order(.random(using: &random))
        default: return anything == 1 ? .stop(error: "Op", cause: "") : .start(.sample())
        }
    }

    @Test func `folding the inputs gives the state of every step, through storage and back`() throws {
        var random = SeededGenerator(seed: 2_026)
        var outcomes = 0
        for _ in 0..<300 {
            let machine = try randomMachine(using: &random)
            var run = DrivenRun(machine, input: ["n": 3], stamp: .at(0, seed: random.next()))
            for second in 1...25 {
                let input = randomInput(for: run.state, using: &random)
                #expect(try RunInput(json: JSONValue(parsing: input.json.serialized())) == input)
                run.take(input, at: .at(Double(second), seed: random.next()))
                expectSound(run)
                let stored = try RunState(json: JSONValue(parsing: run.state.json.serialized()))
                #expect(stored == run.state)
                run.state = stored
            }
            #expect(Interpreter.fold(machine: machine, inputs: run.inputs) == run.state)
            outcomes += run.state.isRunning ? 0 : 1
        }
        #expect(outcomes > 100)
    }

    /// What holds for any run at any moment.
    private func expectSound(_ run: DrivenRun) {
        #expect(run.events.map(\.id) == Array(1...run.state.eventCount))
        #expect(run.events.allSatisfy { $0.previousEventID < $0.id })
        var tasks: Set<Int> = []
        var timers: Set<Int> = []
        var finishes = 0
        for command in run.commands {
            switch command {
            case .scheduleTask(let task): tasks.insert(task.id)
            case .readItems(let read): tasks.insert(read.id)
            case .startTimer(let id, _): timers.insert(id)
            case .cancelTask(let id): #expect(tasks.contains(id))
            case .cancelTimer(let id): #expect(timers.contains(id))
            case .finish: finishes += 1
            }
        }
        #expect(tasks.isSuperset(of: run.state.openTasks))
        #expect(timers.isSuperset(of: run.state.openTimers))
        // A run that has not ended has a reason to move, and one that has ended has nothing open.
        let hasOpenWork = !run.state.openTasks.isEmpty || !run.state.openTimers.isEmpty
        #expect(run.state.isRunning == hasOpenWork)
        #expect(run.state.isRunning == (run.state.waiting != .none))
        #expect(finishes == run.state.retryCount + (run.state.isRunning ? 0 : 1))
    }

    @Test func `a fold needs a start`() throws {
        let machine = try StateMachine.single(#"{"Type":"Succeed"}"#)
        #expect(Interpreter.fold(machine: machine, inputs: []) == nil)
        #expect(Interpreter.fold(machine: machine, inputs: [(.timerFired(timer: 1), .at(0))]) == nil)
    }

    @Test(arguments: [
        "{}", "5", #"{"start":{},"head":{"startedAt":0,"eventCount":1,"nextID":1}}"#,
        #"{"start":{"input":1,"runID":"a","runName":"b","machineID":"c","machineName":"d"},"#
            + #""head":{"startedAt":"x","eventCount":1,"nextID":1}}"#,
        #"{"start":{"input":1,"runID":"a","runName":"b","machineID":"c","machineName":"d"},"#
            + #""head":{"startedAt":0,"eventCount":1,"nextID":1,"line":{}}}"#,
        #"{"start":{"input":1,"runID":"a","runName":"b","machineID":"c","machineName":"d"},"#
            + #""head":{"startedAt":0,"eventCount":1,"nextID":1},"pieces":[5]}"#,
    ])
    func `a stored state that is damaged is an error`(text: String) throws {
        let json = try JSONValue(parsing: text)
        #expect(throws: StoredFormError.self) { try RunState(json: json) }
        #expect(throws: StoredFormError.self) { try RunInput(json: json) }
        #expect(throws: StoredFormError.self) { try HistoryEvent(json: json) }
    }

    @Test func `a run whose machine was swapped under it fails instead of crashing`() throws {
        let state = DrivenRun(try StateMachine.single(#"{"Type":"Task","Resource":"r","End":true}"#)).state
        let other = try StateMachine(#"{"StartAt":"X","States":{"X":{"Type":"Succeed"}}}"#)
        let step = Interpreter.step(
            machine: other, state: state, input: .taskSucceeded(task: 1, output: 1), stamp: .at(1))
        guard case .failed("States.Runtime", _)? = step.state.outcome else {
            Issue.record("The outcome is \(String(describing: step.state.outcome)).")
            return
        }
    }
}
