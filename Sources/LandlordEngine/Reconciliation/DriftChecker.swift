package import LandlordDomain
package import Logging
import ServiceLifecycle
package import StatesLanguage

/// What the drift check needs of compute: the live state of one tenant.
package protocol LiveStatus: Sendable {
    /// What exists of a tenant at this moment; nil for nothing.
    func liveStatus(of subject: DriftSubject) async throws(ComputeError) -> ComputeStatus?
}

/// Compares ready tenants with the live state, in bulk and within a rate.
///
/// It goes round all ready tenants by identifier, and begins anew at the earliest when the interval is over. Drift is
/// written down, never repaired unasked; what is as it was before is not written at all, so that a quiet fleet costs
/// reads alone. Where a process begins is left to chance: one that never lives for a round still sees all in the end.
package struct DriftChecker: Service {
    /// How the checker works.
    package struct Options: Sendable, Hashable {
        /// The time from the beginning of one round to that of the next, at least.
        package var interval: Duration
        /// Comparisons a second.
        package var rate: Int

        /// The limits of the configuration.
        package init(interval: Duration = .seconds(60), rate: Int = 25) {
            self.interval = interval
            self.rate = rate
        }
    }

    private let tenants: any TenantRepository
    private let compute: any LiveStatus
    private let options: Options
    private let surroundings: Surroundings
    private let logger: Logger

    /// A checker over stored tenants.
    package init(
        tenants: any TenantRepository, compute: any LiveStatus, options: Options, surroundings: Surroundings,
        logger: Logger
    ) {
        self.tenants = tenants
        self.compute = compute
        self.options = options
        self.surroundings = surroundings
        self.logger = logger
    }

    /// Compares until the graceful shutdown begins: at most `rate` tenants, then a second of rest.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            var round = DriftRound(begunAt: surroundings.now())
            round.place = await firstPlace()
            while !Task.isCancelled {
                round.place = await check(behind: round.place)
                // Cancellation ends the loop at its head.
                try? await surroundings.clock.sleep(for: round.pause(at: surroundings.now(), options.interval))
            }
        }
    }

    private func firstPlace() async -> Tenant.ID? {
        do {
            return try await tenants.readyTenant(at: surroundings.jitter)
        } catch {
            logger.error("Drift checks begin at the first tenant", metadata: [LogKeys.error: "\(error)"])
            return nil
        }
    }

    /// Compares as many tenants as the rate allows in a second.
    ///
    /// - Returns: The last of them; nil where the round is over.
    package func check(behind place: Tenant.ID?) async -> Tenant.ID? {
        do {
            let subjects = try await tenants.driftSubjects(after: place, limit: options.rate)
            let now = surroundings.now()
            var news: [DriftCheck] = []
            for subject in subjects {
                let drift = await drift(of: subject)
                guard drift != subject.drift else { continue }
                news.append(DriftCheck(tenantID: subject.tenantID, drift: drift, checkedAt: now))
            }
            try await tenants.recordDrift(news)
            return subjects.count < options.rate ? nil : subjects.last?.tenantID
        } catch {
            logger.error("Drift cannot be recorded", metadata: [LogKeys.error: "\(error)"])
            return place
        }
    }

    private func drift(of subject: DriftSubject) async -> String? {
        do throws(ComputeError) {
            return Drift.describe(observedHash: subject.observedHash, live: try await compute.liveStatus(of: subject))
        } catch {
            logger.info(
                "The live state is unknown",
                metadata: [LogKeys.tenantID: "\(subject.tenantID)", LogKeys.error: "\(error.code.rawValue)"])
            return subject.drift
        }
    }
}

/// A round of comparisons.
package struct DriftRound: Sendable, Hashable {
    /// When it began.
    package private(set) var begunAt: Timestamp
    /// The tenant that was compared last; nil at the beginning.
    package var place: Tenant.ID?

    /// A round that begins.
    package init(begunAt: Timestamp) { self.begunAt = begunAt }

    /// The rest before the next comparisons: a second, or until the next round may begin.
    ///
    /// A clock that has gone back is no reason to rest longer than the interval.
    package mutating func pause(at now: Timestamp, _ interval: Duration) -> Duration {
        guard place == nil else { return .seconds(1) }
        let left = begunAt.advanced(by: interval).duration(since: now)
        let pause = min(max(.seconds(1), left), max(.seconds(1), interval))
        begunAt = now.advanced(by: pause)
        return pause
    }
}
