import LandlordDomain
import LandlordTestSupport
import StatesLanguage
import Testing

@testable import LandlordEngine

/// Runs of before the third migration, with a log of one row for each input and one for each event.
@Suite(.timeLimit(.minutes(1)))
struct RunConversionTests {
    private let directory: TemporaryDirectory
    private var path: String { directory.file("landlord.db") }

    init() throws {
        directory = try TemporaryDirectory()
    }

    @Test func `runs of before are chained anew, and go on`() async throws {
        let old = try Database(path: path, options: .init(), hub: ChangeHub(), migrations: [.first, .second])
        let waiting = try OldRun("waiting", inputs: [.taskFailed(task: 1, error: "Boom", cause: "why")])
        let asking = try OldRun("asking", inputs: [])
        // The moment of both steps is the same, so the log of before does not say which events are whose.
        let ended = try OldRun("ended", inputs: [.stop(error: "E", cause: "by hand")], seconds: 0)
        try await old.write { transaction throws(RepositoryError) in
            try OldRun.writeDefinition(transaction)
            for run in [waiting, asking, ended] { try run.write(transaction) }
        }
        await old.close()

        let database = try Database(path: path)
        let store = DatabaseRunStore(database)
        #expect(try await DatabaseVerifier(database).verify().findings == [])
        for run in [waiting, asking, ended] {
            #expect(try await store.history(of: run.id, after: 0, limit: 99) == run.events)
            #expect(try await store.run(run.id)?.input == ["n": 1])
        }
        #expect(try await store.openTasks(after: nil, limit: 9).items.map(\.runID).sorted() == ["asking", "ended"])
        let timer = try #require(try await store.dueTimers(at: Sample.time(99), limit: 9).first)
        #expect(timer.runID == "waiting")
        #expect(try await store.take(.timerFired(timer: timer.timerID), to: "waiting", at: 6) != nil)
        #expect(try await store.take(.taskSucceeded(task: 1, output: [:]), to: "asking", at: 7) != nil)
        #expect(try await DatabaseVerifier(database).verify().findings == [])
        let left = try await database.read { reader throws(RepositoryError) in
            try reader.count("SELECT count(*) FROM sqlite_schema WHERE name LIKE '%_before'")
        }
        #expect(left == 0)
    }
}

/// A run as it was written before.
private struct OldRun {
    let id: String
    private(set) var events: [HistoryEvent] = []
    private var inputs: [(RunInput, Stamp)] = []
    private var commands: [Command] = []
    private var state: RunState

    init(_ id: String, inputs: [RunInput], seconds: Int = 1) throws {
        self.id = id
        let machine = try StateMachine(definition: RunSample.document)
        let begun = RunSample.beginning(id, of: StoredMachine(workflowID: "work", version: 1, machine: machine)).step
        state = begun.transition.state
        take(begun)
        for (index, input) in inputs.enumerated() {
            let stamp = Stamp(now: Sample.time((index + 1) * seconds), seed: 7)
            let transition = Interpreter.step(machine: machine, state: state, input: input, stamp: stamp)
            take(RunStep(input: input, stamp: stamp, transition: transition))
        }
    }

    private mutating func take(_ step: RunStep) {
        inputs.append((step.input, step.stamp))
        events += step.transition.events
        commands += step.transition.commands
        state = step.transition.state
    }

    static func writeDefinition(_ transaction: any SQLTransaction) throws(RepositoryError) {
        try transaction.execute(
            """
            INSERT INTO workflow_definitions (workflow_id, version, definition, sha256, provider, name, description,
                created_at, is_forgotten)
            VALUES ('work', 1, ?, ?, 'embedded', 'Work', '', 0, 0)
            """,
            [.json(RunSample.document), .text(SHA256Digest.hex(of: RunSample.document.canonical()))])
    }

    func write(_ transaction: any SQLTransaction) throws(RepositoryError) {
        let summary = RunSummary(state)
        try transaction.execute(
            """
            INSERT INTO workflow_runs (run_id, workflow_id, definition_version, status, sub_state, current_state,
                retry_count, wake_at, state, input, error_code, error_message, input_count, input_head, event_count,
                event_head, trigger, created_at, updated_at, ended_at)
            VALUES (?, 'work', 1, ?, ?, ?, ?, ?, ?, '{"n":1}', ?, ?, ?, '', ?, '', 'test', ?, ?, ?)
            """,
            [
                .text(id), .text(summary.status.rawValue), .text(summary.subState.rawValue),
                .optional(summary.currentState), .integer(summary.retryCount), .optional(summary.wakeAt),
                .json(state.json), .optional(summary.error?.code), .optional(summary.error?.message),
                .integer(inputs.count), .integer(events.count), .timestamp(inputs[0].1.now),
                .timestamp(inputs[inputs.count - 1].1.now),
                .optional(state.isRunning ? nil : inputs[inputs.count - 1].1.now),
            ])
        for (index, (input, stamp)) in inputs.enumerated() {
            try transaction.execute(
                "INSERT INTO workflow_inputs (run_id, sequence, payload, at, seed, hash) VALUES (?, ?, ?, ?, ?, '')",
                [
                    .text(id), .integer(index + 1), .json(input.json), .timestamp(stamp.now),
                    .integer(Int64(bitPattern: stamp.seed)),
                ])
        }
        for event in events {
            try transaction.execute(
                """
                INSERT INTO workflow_events (run_id, sequence, previous, type, at, details, hash)
                VALUES (?, ?, ?, ?, ?, ?, '')
                """,
                [
                    .text(id), .integer(event.id), .integer(event.previousEventID), .text(event.type.rawValue),
                    .timestamp(event.timestamp), .json(event.details),
                ])
        }
        try writeWaits(transaction)
    }

    private func writeWaits(_ transaction: any SQLTransaction) throws(RepositoryError) {
        for case .scheduleTask(let task) in commands {
            let status = state.openTasks.contains(task.id) ? "open" : state.isRunning ? "answered" : "cancelling"
            try transaction.execute(
                """
                INSERT INTO workflow_tasks (run_id, task_id, state_name, resource, parameters, token, token_hash,
                    attempt, status, created_at, updated_at)
                VALUES (?, ?, ?, ?, ?, ?, '', ?, ?, 0, 0)
                """,
                [
                    .text(id), .integer(task.id), .text(task.stateName), .text(task.resource), .json(task.parameters),
                    .optional(task.token), .integer(task.attempt), .text(status),
                ])
        }
        for case .startTimer(let timer, let fireAt) in commands where state.openTimers.contains(timer) {
            try transaction.execute(
                "INSERT INTO workflow_timers (run_id, timer_id, fire_at) VALUES (?, ?, ?)",
                [.text(id), .integer(timer), .timestamp(fireAt)])
        }
    }
}
