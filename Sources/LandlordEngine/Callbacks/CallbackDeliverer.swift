package import LandlordDomain
package import Logging
import ServiceLifecycle
import StatesLanguage
import Synchronization

/// Carries every callback from the outbox to whoever waits for it, at least once, or to the dead letters.
///
/// It never blocks an execution: the outbox row was born with the execution's end, and this service reads it
/// afterwards. One loop asks the outbox what is due at which destination and asks `DeliverySchedule` whose turn it is;
/// each attempt is a task of its own. So a destination that hangs holds its own few places, and nothing else waits.
package struct CallbackDeliverer: Service {
    /// How the deliverer works.
    package struct Options: Sendable, Hashable {
        /// How much is under way at once.
        package var limits: DeliverySchedule.Limits
        /// When a destination is left alone.
        package var breaker: CircuitBreaker.Policy
        /// The waits between the attempts for one callback.
        package var policy: DeliveryPolicy
        /// The time between two looks at the outbox when nothing wakes it.
        package var sweepInterval: Duration
        /// How long attempts may go on after the shutdown began.
        package var shutdownGrace: Duration

        /// The limits of the configuration.
        package init(
            limits: DeliverySchedule.Limits = .init(), breaker: CircuitBreaker.Policy = .init(),
            policy: DeliveryPolicy = .init(
                backoff: Backoff(delayBase: .seconds(1), delayLimit: .seconds(60), certainPart: 0)),
            sweepInterval: Duration = .seconds(10), shutdownGrace: Duration = .seconds(2)
        ) {
            self.limits = limits
            self.breaker = breaker
            self.policy = policy
            self.sweepInterval = sweepInterval
            self.shutdownGrace = shutdownGrace
        }
    }

    /// How many destinations are looked at in one go; the next go begins behind them.
    private static let laneWindow = 1_000

    private let outbox: any CallbackOutbox
    private let receiver: any CallbackReceiver
    private let changes: ChangeHub
    private let options: Options
    private let surroundings: Surroundings
    private let logger: Logger
    private let alarm = Alarm()
    private let rest = Alarm()
    private let board: DeliveryBoard

    /// A deliverer over the outbox.
    package init(
        outbox: any CallbackOutbox, receiver: any CallbackReceiver, changes: ChangeHub, options: Options,
        surroundings: Surroundings, logger: Logger
    ) {
        self.outbox = outbox
        self.receiver = receiver
        self.changes = changes
        self.options = options
        self.surroundings = surroundings
        self.logger = logger
        board = DeliveryBoard(DeliverySchedule(limits: options.limits, breaker: options.breaker))
    }

    /// Delivers until the graceful shutdown begins; attempts that are under way get a moment to finish.
    package func run() async throws {
        let subscription = changes.subscribe(limit: 16_384)
        alarm.open()
        rest.open()
        let interrupted = try await outbox.recoverInterrupted(at: surroundings.now())
        if interrupted > 0 {
            logger.info("Interrupted deliveries are tried again", metadata: [LogKeys.count: "\(interrupted)"])
        }
        await withDiscardingTaskGroup { group in
            group.addTask { await dispatch() }
            await withDiscardingTaskGroup { wakers in
                wakers.addTask {
                    for await batch in subscription { notice(batch) }
                }
                // Ends with the shutdown only; a cancelled wait is that shutdown.
                try? await gracefulShutdown()
                alarm.close()
                wakers.cancelAll()
            }
        }
        await receiver.close()
    }

    private func notice(_ batch: [Change]) {
        for change in batch {
            switch change {
            case .callback(let id) where board.withLock({ $0.inFlight.contains(Callback.ID(id)) }): break
            case .callback, .missed: return alarm.ring()
            case .tenant, .run, .execution, .approval, .schedule, .lease, .storage, .workflowTask, .workflowTimer: break
            }
        }
    }

    /// Takes what is due and sends it on its way, until the shutdown; then waits for what is under way.
    private func dispatch() async {
        await withDiscardingTaskGroup { attempts in
            var place: String?
            while !alarm.isClosed, !Task.isCancelled {
                let pause = await turn(at: &place) { claim in
                    attempts.addTask { await deliver(claim) }
                }
                await alarm.wait(atMost: pause, on: surroundings.clock)
            }
            if !board.withLock({ $0.inFlight.isEmpty }) {
                await rest.wait(atMost: options.shutdownGrace, on: surroundings.clock)
            }
            attempts.cancelAll()
        }
    }

    /// One look at the outbox.
    ///
    /// - Returns: How long to wait before the next one, if nothing rings before.
    private func turn(at place: inout String?, _ start: (Claim) -> Void) async -> Duration {
        var pause = options.sweepInterval
        do {
            repeat {
                let demands = try await outbox.demands(after: place, limit: Self.laneWindow)
                place = demands.count < Self.laneWindow ? nil : demands.last?.lane
                let now = surroundings.now()
                let plan = board.withLock { $0.schedule.plan(demands, at: now) }
                if let next = plan.lookAgainAt { pause = min(pause, max(.milliseconds(1), next.duration(since: now))) }
                let claimed = plan.wishes.isEmpty ? [] : Claim.all(try await outbox.claim(plan.wishes, at: now))
                let wished = plan.wishes.reduce(0) { $0 + $1.count }
                board.withLock { board in
                    for claim in claimed {
                        board.schedule.began(claim.lane)
                        board.inFlight.insert(claim.callback.id)
                    }
                    board.isCrowded = plan.isCrowded || (wished > 0 && claimed.count == wished)
                }
                for claim in claimed {
                    surroundings.reached(.delivering)
                    start(claim)
                }
                // Where the places are used up, the next look goes on from here.
                if plan.isCrowded, place != nil { break }
            } while place != nil && !alarm.isClosed
        } catch {
            logger.error("Callbacks cannot be read", metadata: [LogKeys.error: "\(error)"])
            return .seconds(1)
        }
        return pause
    }

    /// Makes one attempt for a callback that was taken from the outbox, and writes what came of it.
    ///
    /// The place at the destination is free as soon as it has answered: the next is on its way while this is written.
    private func deliver(_ claim: Claim) async {
        let callback = claim.callback
        let report = await receiver.deliver(callback)
        let now = surroundings.now()
        let isCrowded = board.withLock { board in
            board.schedule.ended(claim.lane, report.outcome, at: now)
            return board.isCrowded
        }
        if isCrowded { alarm.ring() }
        let next = CallbackDelivery.after(
            callback, report.outcome, policy: options.policy, jitter: surroundings.jitter, at: now)
        do {
            try await record(next, CallbackAttempt(of: callback, report, at: now))
            surroundings.reached(.delivered)
            report.outcome.log(next, logger)
        } catch {
            // What is stored stays `delivering`, and the next process to drive takes it up.
            logger.error(
                "A delivery cannot be recorded",
                metadata: [LogKeys.callbackID: "\(callback.id)", LogKeys.error: "\(error)"])
        }
        let isAtRest = board.withLock { board in
            board.inFlight.remove(callback.id)
            return board.inFlight.isEmpty
        }
        // Its own change was passed over while it was under way.
        if next.status == .pending { alarm.ring() }
        if isAtRest, alarm.isClosed { rest.ring() }
    }

    /// Writes what came of an attempt, again and again while the database does not take it.
    ///
    /// A callback that stayed `delivering` would be looked at by the next process only, and its run would wait for
    /// ever.
    private func record(_ callback: Callback, _ attempt: CallbackAttempt) async throws(RepositoryError) {
        while true {
            do throws(RepositoryError) {
                return try await outbox.record(callback, attempt)
            } catch {
                guard error.isRetriable, !alarm.isClosed, !Task.isCancelled else { throw error }
                logger.error(
                    "A delivery cannot be recorded yet",
                    metadata: [LogKeys.callbackID: "\(callback.id)", LogKeys.error: "\(error)"])
            }
            await cancelWhenGracefulShutdown {
                // A cancelled pause is the shutdown, which the next round sees.
                try? await surroundings.clock.sleep(for: .seconds(1))
            }
        }
    }
}

/// A callback that was taken from the outbox, with its destination, which is worked out once.
private struct Claim: Sendable {
    let callback: Callback
    let lane: String

    /// Claims of callbacks, many of which have the same destination.
    static func all(_ callbacks: [Callback]) -> [Claim] {
        var lanes: [Callback.Destination: String] = [:]
        return callbacks.map { callback in
            let lane = lanes[callback.destination] ?? callback.destination.lane
            lanes[callback.destination] = lane
            return Claim(callback: callback, lane: lane)
        }
    }
}

/// What is under way, shared by the loop and the attempts.
private final class DeliveryBoard: Sendable {
    struct State {
        var schedule: DeliverySchedule
        var inFlight: Set<Callback.ID> = []
        /// Something more may be due for which there was no place.
        var isCrowded = false
    }

    private let state: Mutex<State>

    init(_ schedule: DeliverySchedule) { state = Mutex(State(schedule: schedule)) }

    func withLock<Value>(_ body: (inout sending State) -> sending Value) -> sending Value { state.withLock(body) }
}

extension DeliveryOutcome {
    fileprivate func log(_ callback: Callback, _ logger: Logger) {
        guard case .failed(let failure) = self else { return }
        let metadata: Logger.Metadata = [
            LogKeys.callbackID: "\(callback.id)", LogKeys.attempt: "\(callback.attempts)",
            LogKeys.error: "\(failure)",
        ]
        if callback.status == .dead {
            logger.error("Callback is a dead letter", metadata: metadata)
        } else {
            logger.info("Delivery failed; it is tried again", metadata: metadata)
        }
    }
}
