package import LandlordDomain
package import Logging
import ServiceLifecycle
import StatesLanguage

/// What the drift check needs of compute: the live state of one tenant.
package protocol LiveStatus: Sendable {
    /// What exists of a tenant at this moment; nil for nothing.
    func liveStatus(of tenant: Tenant) async throws(ComputeError) -> ComputeStatus?
}

/// Compares ready tenants with the live state, in bulk and within a rate.
///
/// Drift is written down, never repaired unasked.
package struct DriftChecker: Service {
    /// How the checker works.
    package struct Options: Sendable, Hashable {
        /// How old a comparison may be before it is made again.
        package var interval: Duration
        /// Comparisons a second.
        package var rate: Int

        /// The limits of the configuration.
        package init(interval: Duration = .seconds(60), rate: Int = 50) {
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
            while !Task.isCancelled {
                await checkDue()
                // Cancellation ends the loop at its head.
                try? await surroundings.clock.sleep(for: .seconds(1))
            }
        }
    }

    /// Compares the tenants whose last comparison is the oldest, as many as the rate allows in a second.
    package func checkDue() async {
        do {
            let now = surroundings.now()
            let due = try await tenants.readyForDriftCheck(
                before: now.advanced(by: .zero - options.interval), limit: options.rate)
            guard !due.isEmpty else { return }
            var checks: [DriftCheck] = []
            for tenant in due {
                checks.append(DriftCheck(tenantID: tenant.id, drift: await drift(of: tenant), checkedAt: now))
            }
            try await tenants.recordDrift(checks)
        } catch {
            logger.error("Drift cannot be recorded", metadata: [LogKeys.error: "\(error)"])
        }
    }

    private func drift(of tenant: Tenant) async -> String? {
        do throws(ComputeError) {
            return Drift.describe(tenant, live: try await compute.liveStatus(of: tenant))
        } catch {
            logger.info(
                "The live state is unknown",
                metadata: [LogKeys.tenantID: "\(tenant.id)", LogKeys.error: "\(error.code.rawValue)"])
            return tenant.drift
        }
    }
}
