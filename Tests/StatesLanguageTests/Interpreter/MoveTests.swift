import Testing

@testable import StatesLanguage

/// Runs that go on with another definition.
@Suite struct MoveTests {
    private static let old = #"""
        {"StartAt":"Reserve","States":{
            "Reserve":{"Type":"Task","Resource":"reserve","Next":"Work","Extensions":{"Compensation":"Release"},
                "Catch":[{"ErrorEquals":["States.ALL"],"Next":"Work"}]},
            "Work":{"Type":"Task","Resource":"work","Next":"Fork",
                "Retry":[{"ErrorEquals":["Busy"],"MaxAttempts":2},{"ErrorEquals":["Slow"],"MaxAttempts":2}],
                "Catch":[{"ErrorEquals":["Lost"],"Next":"Give up"}]},
            "Fork":{"Type":"Parallel","Next":"Each","Branches":[
                {"StartAt":"Left","States":{"Left":{"Type":"Task","Resource":"left","End":true}}},
                {"StartAt":"Right","States":{"Right":{"Type":"Task","Resource":"right","End":true}}}]},
            "Each":{"Type":"Map","Next":"Rest","ItemProcessor":{"StartAt":"Item","States":{
                "Item":{"Type":"Task","Resource":"item","End":true}}}},
            "Rest":{"Type":"Wait","Seconds":60,"Next":"Ship"},
            "Ship":{"Type":"Task","Resource":"ship","End":true},
            "Give up":{"Type":"Fail","Error":"GaveUp"},
            "Release":{"Type":"Task","Resource":"release","End":true}}}
        """#

    /// A run of the old definition that has come to a state, answering everything on the way.
    private func run(upTo state: String, _ text: String = old) throws -> DrivenRun {
        var run = DrivenRun(try StateMachine(text), input: [1, 2])
        for second in 1...20 {
            let names = run.state.frames.all.map(\.frame.stateName)
            if names.contains(state) { return run }
            if let task = run.state.openTasks.first {
                run.take(.taskSucceeded(task: task, output: [1, 2]), at: .at(Double(second)))
            } else {
                run.take(.timerFired(timer: run.state.openTimers[0]), at: .at(Double(second)))
            }
        }
        Issue.record("the run never came to '\(state)'")
        return run
    }

    private func machine(replacing text: String, by other: String) throws -> StateMachine {
        #expect(Self.old.contains(text), "the definition has no '\(text)'")
        return try StateMachine(Self.old.replacing(text, with: other))
    }

    private static let move = RunMove(from: 1, to: 2, by: "ana", reason: "fix")

    // MARK: What must be alike

    @Test(
        arguments: [
            ("Work", "\"Resource\":\"work\"", "\"Resource\":\"labour\"", "it asks 'work' and would ask 'labour'"),
            (
                "Work", #""Work":{"Type":"Task""#, #""Work":{"QueryLanguage":"JSONata","Type":"Task""#,
                "it is written in JSONPath and would be in JSONata"
            ),
            (
                "Rest", #""Rest":{"Type":"Wait","Seconds":60,"#, #""Rest":{"Type":"Pass","#,
                "it is a Wait and would be a Pass"
            ),
            ("Ship", #""Ship""#, #""Send""#, "there is no such state"),
            (
                "Right", #""Right","States":{"Right":{"Type":"Task","Resource":"right","End":true}}}"#,
                #""Right","States":{"Right":{"Type":"Task","Resource":"right","End":true}}},{"StartAt":"T","#
                    + #""States":{"T":{"Type":"Succeed"}}}"#,
                "it has 2 branches and would have 3"
            ),
            (
                "Item", #""ItemProcessor":{"#,
                #""ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"#,
                "its mode is INLINE and would be DISTRIBUTED"
            ),
        ] as [(String, String, String, String)])
    func `what the run is in must be the same kind of state`(
        state: String, text: String, other: String, message: String
    ) throws {
        let run = try run(upTo: state)
        let problems = run.state.moveProblems(from: run.machine, to: try machine(replacing: text, by: other))
        #expect(problems.map(\.message) == [message])
        #expect(problems.allSatisfy { $0.place == .current })
        let moved = Interpreter.move(
            run.state, Self.move, from: run.machine, to: try machine(replacing: text, by: other), stamp: .at(30))
        #expect(moved.isEmpty && moved.state == run.state)
    }

    @Test func `a state that stands elsewhere is another one`() throws {
        let run = try run(upTo: "Left")
        let swapped = try StateMachine(
            Self.old.replacing("Left", with: "#").replacing("Right", with: "Left").replacing("#", with: "Right")
                .replacing("left", with: "#").replacing("right", with: "left").replacing("#", with: "right"))
        #expect(
            run.state.moveProblems(from: run.machine, to: swapped).map(\.description) == [
                "state 'Left', in which the run is: it stands in branch 1 of 'Fork' and would stand in branch 2 of "
                    + "'Fork'",
                "state 'Right', in which the run is: it stands in branch 2 of 'Fork' and would stand in branch 1 of "
                    + "'Fork'",
            ])
    }

    @Test func `what can be taken back must be there with what takes it back`() throws {
        let run = try run(upTo: "Ship")
        let renamed = try machine(replacing: "Release", by: "Free")
        #expect(
            run.state.moveProblems(from: run.machine, to: renamed).map(\.description) == [
                "state 'Release', which takes back 'Reserve': there is no such state"
            ])
        let changed = try machine(replacing: #""Resource":"reserve""#, by: #""Resource":"book""#)
        #expect(
            run.state.moveProblems(from: run.machine, to: changed).map(\.description) == [
                "state 'Reserve', which can be taken back: it asks 'reserve' and would ask 'book'"
            ])
    }

    @Test func `all problems are told at once, each once`() throws {
        var run = try run(upTo: "Item")
        #expect(run.state.frames.all.count == 3)
        let other = try StateMachine(
            #"{"StartAt":"Each","States":{"Each":{"Type":"Pass","Next":"Item"},"Item":{"Type":"Succeed"}}}"#)
        #expect(
            run.state.moveProblems(from: run.machine, to: other).map(\.description) == [
                "state 'Each', in which the run is: it is a Map and would be a Pass",
                "state 'Item', in which the run is: it stands in branch 1 of 'Each' and would stand on the main line",
                "state 'Item', in which the run is: it is a Task and would be a Succeed",
                "state 'Reserve', which can be taken back: there is no such state",
                "state 'Release', which takes back 'Reserve': there is no such state",
            ])
        run.take(.stop(error: "E", cause: ""), at: .at(30))
    }

    // MARK: What may differ

    @Test func `what comes behind may be another, in whatever order the states stand`() throws {
        var run = try run(upTo: "Work")
        let other = try StateMachine(
            #"""
            {"StartAt":"First","States":{
                "First":{"Type":"Pass","Next":"Reserve"},
                "Release":{"Type":"Task","Resource":"release","End":true},
                "Work":{"Type":"Task","Resource":"work","ResultSelector":{"done.$":"$"},"End":true},
                "Reserve":{"Type":"Task","Resource":"reserve","Next":"Work",
                    "Extensions":{"Compensation":"Release"}}}}
            """#)
        let task = try #require(run.lastTask)
        let moved = Interpreter.move(run.state, Self.move, from: run.machine, to: other, stamp: .at(30))
        #expect(moved.commands.isEmpty)
        #expect(moved.events.map(\.type) == [.executionMoved])
        #expect(
            moved.events[0].details == [
                "actor": "ana", "reason": "fix", "fromVersion": 1, "toVersion": 2,
            ])
        #expect(try RunState(json: JSONValue(parsing: moved.state.json.serialized())) == moved.state)
        let ended = Interpreter.step(
            machine: other, state: moved.state, input: .taskSucceeded(task: task.id, output: "well"), stamp: .at(31))
        #expect(ended.state.outcome == .succeeded(output: ["done": "well"]))
        run.state = moved.state
    }

    @Test func `attempts are counted anew where the rules of Retry are others`() throws {
        var run = try run(upTo: "Work")
        run.take(.taskFailed(task: run.lastTask?.id ?? 0, error: "Slow", cause: ""), at: .at(5))
        #expect(run.state.frames.main?.retryCounts == [0, 1])
        let alike = try machine(replacing: #""Seconds":60"#, by: #""Seconds":5"#)
        let kept = Interpreter.move(run.state, Self.move, from: run.machine, to: alike, stamp: .at(6)).state
        #expect(kept.frames.main?.retryCounts == [0, 1])
        let fewer = try machine(replacing: #"{"ErrorEquals":["Busy"],"MaxAttempts":2},"#, by: "")
        var moved = Interpreter.move(run.state, Self.move, from: run.machine, to: fewer, stamp: .at(6)).state
        #expect(moved.frames.main?.retryCounts == [])
        for second in [7.0, 9, 11] {
            guard let timer = moved.openTimers.first else { break }
            let again = Interpreter.step(
                machine: fewer, state: moved, input: .timerFired(timer: timer), stamp: .at(second)
            ).state
            let failed = RunInput.taskFailed(task: again.openTasks[0], error: "Slow", cause: "")
            moved = Interpreter.step(machine: fewer, state: again, input: failed, stamp: .at(second + 1)).state
        }
        #expect(moved.outcome == .failed(error: "Slow", cause: ""))
    }

    @Test func `a suspended run keeps what came in over a move`() throws {
        var run = try run(upTo: "Ship")
        run.take(.order(.sample(.suspend)), at: .at(20))
        run.take(.taskSucceeded(task: run.lastTask?.id ?? 0, output: "sent"), at: .at(21))
        let other = try machine(
            replacing: #""Ship":{"Type":"Task","Resource":"ship","End":true}"#,
            by: #""Ship":{"Type":"Task","Resource":"ship","Next":"Last"},"#
                + #""Last":{"Type":"Task","Resource":"last","End":true}"#)
        let moved = Interpreter.move(run.state, Self.move, from: run.machine, to: other, stamp: .at(22)).state
        #expect(moved.suspension?.kept.count == 1)
        let resumed = Interpreter.step(
            machine: other, state: moved, input: .order(.sample(.resume)), stamp: .at(23))
        #expect(resumed.state.currentState == "Last")
    }

    @Test func `a run that is taken back goes on taking back`() throws {
        var run = try run(upTo: "Work")
        run.take(.order(.sample(.cancel)), at: .at(20))
        #expect(run.state.currentState == "Release")
        let other = try machine(replacing: #""Resource":"work""#, by: #""Resource":"other""#)
        let moved = Interpreter.move(run.state, Self.move, from: run.machine, to: other, stamp: .at(21)).state
        #expect(moved.isCompensating)
        let ended = Interpreter.step(
            machine: other, state: moved, input: .taskSucceeded(task: run.lastTask?.id ?? 0, output: 1),
            stamp: .at(22))
        #expect(ended.state.outcome == .aborted(error: "CANCELLED", cause: "cancelled by ana: drill"))
    }

    // MARK: Runs that are over

    @Test func `a run that failed is moved and then retried on the other definition`() throws {
        var run = try run(upTo: "Work")
        run.take(.taskFailed(task: run.lastTask?.id ?? 0, error: "Lost", cause: "at sea"), at: .at(5))
        #expect(run.error == "GaveUp")
        let other = try machine(
            replacing: #"{"StartAt":"Reserve","States":{"#,
            by: #"{"StartAt":"New","States":{"New":{"Type":"Pass","Next":"Reserve"},"#)
        let moved = Interpreter.move(run.state, Self.move, from: run.machine, to: other, stamp: .at(6))
        #expect(moved.events.map(\.type) == [.executionMoved])
        #expect(moved.state.outcome == run.state.outcome)
        let retried = Interpreter.step(
            machine: other, state: moved.state, input: .order(.sample(.retry)), stamp: .at(7))
        #expect(retried.state.currentState == "Work")
        let without = try machine(replacing: "Give up", by: "Stop")
        #expect(
            run.state.moveProblems(from: run.machine, to: without).map(\.description) == [
                "state 'Give up', in which the run is: there is no such state"
            ])
        let renamed = try machine(replacing: "Work", by: "Toil")
        #expect(
            run.state.moveProblems(from: run.machine, to: renamed).map(\.description) == [
                "state 'Work', with which a retry would go on: there is no such state"
            ])
    }

    @Test func `a run that has succeeded is not moved`() throws {
        let machine = try StateMachine.single(#"{"Type":"Pass","End":true}"#)
        let run = DrivenRun(machine)
        #expect(Interpreter.move(run.state, Self.move, from: machine, to: machine, stamp: .at(1)).isEmpty)
    }

    @Test func `a step alone, which knows one definition, moves nothing`() throws {
        let run = try run(upTo: "Work")
        #expect(
            Interpreter.step(machine: run.machine, state: run.state, input: .move(Self.move), stamp: .at(9)).isEmpty)
        let json = RunInput.move(Self.move).json
        #expect(try RunInput(json: JSONValue(parsing: json.serialized())) == .move(Self.move))
    }
}
