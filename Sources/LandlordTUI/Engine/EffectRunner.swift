import Dispatch
import LandlordDomain
import LandlordEngine
import StatesLanguage

/// Does what the console's model asks for, and posts what came of it.
///
/// It is the only part of the console that calls the engine. Every kind of query has a lane with room for one wish:
/// a wish that comes while the lane is busy replaces the one that waits, so a burst of changes costs two loads and
/// not a thousand. Changes of tenants have one lane that forgets nothing and keeps their order.
struct EffectRunner: Sendable {
    let engine: Engine
    let actor: String
    /// Waits between loads; only tests have another.
    let clock: any Clock<Duration>
    let now: @Sendable () -> Timestamp
    let drafts: DraftFolder
    let post: @Sendable (ConsoleEvent) -> Void

    /// Changes are passed on at most this often; the first after a pause at once.
    static let changeInterval = Duration.milliseconds(50)

    private let wishes: [ConsoleQuery.Lane: Lane<ConsoleQuery>]
    private let verbs: Lane<Work>
    /// Open when everything that was submitted is done.
    private let isDone = DispatchSemaphore(value: 0)

    /// What must happen in order and be done to its end.
    private enum Work: Sendable {
        case submit(ConsoleVerb)
        case draft(DraftWork)
    }

    /// A queue from the terminal's thread to a task.
    private struct Lane<Wish: Sendable>: Sendable {
        let stream: AsyncStream<Wish>
        let continuation: AsyncStream<Wish>.Continuation

        init(_ policy: AsyncStream<Wish>.Continuation.BufferingPolicy) {
            (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: policy)
        }
    }

    /// A runner over an engine; nothing happens before `run`.
    init(
        engine: Engine, actor: String, clock: any Clock<Duration>, now: @escaping @Sendable () -> Timestamp,
        drafts: DraftFolder, post: @escaping @Sendable (ConsoleEvent) -> Void
    ) {
        self.engine = engine
        self.actor = actor
        self.clock = clock
        self.now = now
        self.drafts = drafts
        self.post = post
        wishes = Dictionary(
            uniqueKeysWithValues: ConsoleQuery.Lane.allCases.map { ($0, Lane(.bufferingNewest(1))) })
        // As many as there are confirmed changes; each was asked for one by one.
        verbs = Lane(.unbounded)
    }

    /// Takes an effect over and returns at once.
    func start(_ effect: ConsoleEffect) {
        switch effect {
        case .load(let query): wishes[query.lane]?.continuation.yield(query)
        case .submit(let verb): verbs.continuation.yield(.submit(verb))
        case .draft(let work): verbs.continuation.yield(.draft(work))
        case .edit, .quit, .stop, .redraw, .ring: break
        }
    }

    /// Says that nothing more comes; `run` ends when what was submitted is done.
    func finish() {
        for lane in wishes.values { lane.continuation.finish() }
        verbs.continuation.finish()
    }

    /// Waits until everything that was submitted is written; what an operator confirmed is not lost by leaving.
    ///
    /// - Parameter limit: The longest wait, so that a database that hangs does not keep the terminal.
    func waitForSubmissions(atMost limit: DispatchTimeInterval) {
        _ = isDone.wait(timeout: .now() + limit)
    }

    /// Works until `finish` or until the task is cancelled.
    ///
    /// - Parameter changes: The engine's changes, subscribed before anything was loaded.
    func run(changes: ChangeSubscription) async {
        await withTaskGroup { group in
            group.addTask { await pass(changes) }
            for (kind, lane) in wishes {
                group.addTask { await serve(lane.stream, pause: kind.pause) }
            }
            group.addTask {
                for await work in verbs.stream { await perform(work) }
                isDone.signal()
            }
            // The changes never end by themselves; the lanes do.
            for _ in 0...wishes.count { await group.next() }
            group.cancelAll()
        }
    }

    private func pass(_ changes: ChangeSubscription) async {
        for await batch in changes {
            let summary = ChangeBatch(batch)
            if summary != ChangeBatch() { send(.changed(summary)) }
            await pause(Self.changeInterval)
        }
    }

    private func serve(_ lane: AsyncStream<ConsoleQuery>, pause interval: Duration?) async {
        for await query in lane {
            let spent = await clock.measure {
                do throws(LoadFailure) {
                    send(.loaded(try await load(query)))
                } catch {
                    send(.loadFailed(query, error.message))
                }
            }
            if let interval { await pause(Self.rest(of: interval, after: spent)) }
        }
    }

    /// How long a lane rests that rests at all: long enough that it takes a hundredth of a core at most, so that the
    /// counts of a large fleet cost no more than those of a small one; five seconds at the longest.
    static func rest(of interval: Duration, after spent: Duration) -> Duration {
        min(max(interval, spent * 100), max(interval, .seconds(5)))
    }

    private func pause(_ interval: Duration) async {
        // A pause that is cut short by the end of the console is over all the same.
        try? await clock.sleep(for: interval)
    }

    private func send(_ kind: ConsoleEvent.Kind) { post(ConsoleEvent(at: now(), kind: kind)) }

    private func perform(_ work: Work) async {
        switch work {
        case .submit(let verb): send(.submitted(verb, await outcome(of: verb)))
        case .draft(.discard(let draft)): drafts.discard(draft)
        case .draft(.write(let purpose, let text)): send(.draft(drafts.write(text, for: purpose)))
        case .draft(.read(let draft)): send(.draft(await answer(to: draft)))
        }
    }
}

extension ChangeBatch {
    /// Merges what the hub says into what the console must look at.
    init(_ changes: [Change]) {
        for change in changes {
            switch change {
            case .tenant(let id, _): tenants.insert(id)
            case .execution(let id, let tenantID):
                executions.insert(id)
                // A tenant's screen lists its executions.
                tenants.insert(tenantID)
            case .run: hasRuns = true
            case .callback(let id):
                if id.hasPrefix(CallbackOperation.idPrefix) { hasOperations = true } else { hasCallbacks = true }
            case .lease, .storage: hasDriving = true
            // A run's screen shows what it asks people for.
            case .approval: hasRuns = true
            case .schedule: hasSchedules = true
            case .workflowTask, .workflowTimer: break
            case .missed: isComplete = false
            }
        }
    }
}

extension ConsoleQuery.Lane {
    /// How long a lane rests at least after an answer: what costs a scan of an index is read a few times a second at
    /// most.
    fileprivate var pause: Duration? {
        switch self {
        case .fleet, .operations: .milliseconds(500)
        case .causes: .milliseconds(250)
        case .tenants, .executions, .callbacks, .callback, .sample, .preview, .tenant, .execution, .logs, .running,
            .runs, .run, .approvals, .approval, .schedules, .schedule:
            nil
        }
    }
}
