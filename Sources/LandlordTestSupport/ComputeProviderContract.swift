public import LandlordDomain
public import LandlordEngine
import StatesLanguage

/// What every compute provider must keep, as one suite that any provider runs.
///
/// A provider's test file is three lines: make the contract, call `check`, expect no breach.
public struct ComputeProviderContract: Sendable {
    /// A promise that a provider did not keep.
    public struct Breach: Error, Sendable, Hashable, CustomStringConvertible {
        /// Which promise, as a sentence.
        public let promise: String
        /// What happened instead.
        public let found: String

        /// The promise and what happened.
        public var description: String { "\(promise): \(found)" }
    }

    private let provider: any ComputeProvider
    private let spec: @Sendable (_ version: Int) throws -> ComputeSpec
    private let slowSpec: (@Sendable () throws -> ComputeSpec)?

    /// A suite for a provider.
    ///
    /// - Parameters:
    ///   - provider: The provider; tenants whose names begin with `contract-` are made and removed.
    ///   - spec: A small legal spec; each version differs from the others in something the provider applies.
    ///   - slowSpec: A spec whose provisioning takes long enough to be cancelled; nil skips that promise.
    public init(
        _ provider: any ComputeProvider, spec: @escaping @Sendable (_ version: Int) throws -> ComputeSpec,
        slowSpec: (@Sendable () throws -> ComputeSpec)? = nil
    ) {
        self.provider = provider
        self.spec = spec
        self.slowSpec = slowSpec
    }

    /// Tries every promise.
    ///
    /// - Returns: Those that were not kept; empty for a good provider.
    public func check() async throws -> [Breach] {
        var breaches: [Breach] = []
        breaches += checkName()
        breaches += try await checkLifecycle()
        breaches += try await checkMissingTenant()
        breaches += try await checkConcurrency()
        if let slowSpec { breaches += try await checkCancellation(try slowSpec()) }
        return breaches
    }

    private func checkName() -> [Breach] {
        let bytes = provider.name.utf8
        let isLegal = !bytes.isEmpty && bytes.allSatisfy { (97...122).contains($0) || (48...57).contains($0) }
        return isLegal ? [] : [Breach(promise: "a name is lowercase letters and digits", found: provider.name)]
    }

    private func checkLifecycle() async throws -> [Breach] {
        var found: [Breach] = []
        let first = try tenant("contract-life", version: 1)
        let made = try await finished(try await provider.provision(first, context("p1")), of: first)
        let again = try await finished(try await provider.provision(first, context("p1")), of: first)
        if made.resourceIDs != again.resourceIDs {
            found.append(
                Breach(promise: "provisioning twice makes it once", found: "\(made.resourceIDs), \(again.resourceIDs)"))
        }
        let live = try await provider.status(of: first.tenantID)
        if live?.state != .running {
            found.append(Breach(promise: "a provisioned tenant runs", found: "\(live?.state.rawValue ?? "nothing")"))
        }
        let unchanged = try await provider.update(first, context("u1"))
        if unchanged.status != .noChanges {
            found.append(Breach(promise: "updating to the same spec changes nothing", found: unchanged.status.rawValue))
        }
        let second = try tenant("contract-life", version: 2)
        let changed = try await provider.update(second, context("u2"))
        if changed.status == .noChanges || changed.status == .failed {
            found.append(Breach(promise: "updating to another spec changes it", found: changed.status.rawValue))
        }
        _ = try await finished(changed, of: second)
        if let hash = try await provider.status(of: first.tenantID)?.configHash, hash != second.configHash {
            found.append(Breach(promise: "status tells the config that runs", found: hash))
        }
        _ = try await provider.destroy(first.tenantID, context("d1"))
        if let left = try await provider.status(of: first.tenantID) {
            found.append(Breach(promise: "nothing is left of a destroyed tenant", found: left.state.rawValue))
        }
        return found
    }

    private func checkMissingTenant() async throws -> [Breach] {
        var found: [Breach] = []
        let nobody = Tenant.ID("contract-nobody")
        if let left = try await provider.status(of: nobody) {
            found.append(Breach(promise: "an unknown tenant has no status", found: left.state.rawValue))
        }
        do throws(ComputeError) {
            _ = try await provider.destroy(nobody, context("d2"))
        } catch {
            found.append(Breach(promise: "destroying a tenant that has nothing is no error", found: error.description))
        }
        do throws(ComputeError) {
            _ = try await provider.update(try tenant("contract-nobody", version: 1), context("u3"))
            found.append(Breach(promise: "a tenant that has nothing cannot be updated", found: "no error"))
        } catch {
            if error.code != .resourceNotFound {
                found.append(Breach(promise: "updating nothing is RESOURCE_NOT_FOUND", found: error.code.rawValue))
            }
        }
        return found
    }

    private func checkConcurrency() async throws -> [Breach] {
        try await withThrowingTaskGroup(of: Breach?.self) { group in
            for number in 0..<4 {
                let tenant = try tenant("contract-many\(number)", version: 1)
                group.addTask {
                    _ = try await finished(try await provider.provision(tenant, context("m\(number)")), of: tenant)
                    let state = try await provider.status(of: tenant.tenantID)?.state
                    _ = try await provider.destroy(tenant.tenantID, context("n\(number)"))
                    guard state != .running else { return nil }
                    return Breach(
                        promise: "tenants are made at the same time", found: state?.rawValue ?? "nothing")
                }
            }
            return try await group.reduce(into: []) { breaches, breach in
                if let breach { breaches.append(breach) }
            }
        }
    }

    private func checkCancellation(_ spec: ComputeSpec) async throws -> [Breach] {
        let tenant = TenantCompute(
            tenantID: Tenant.ID("contract-slow"), tenantName: "contract-slow", spec: spec, configHash: "slow",
            labels: [:])
        let error: ComputeError? = await withTaskGroup(of: ComputeError?.self) { group in
            group.addTask {
                do throws(ComputeError) {
                    _ = try await provider.provision(tenant, context("c1"))
                    return nil
                } catch {
                    return error
                }
            }
            group.cancelAll()
            return await group.next() ?? nil
        }
        var found: [Breach] = []
        if error?.code != .cancelled {
            let code = error?.code.rawValue ?? "no error"
            found.append(Breach(promise: "a cancelled call throws CANCELLED", found: code))
        }
        if let left = try await provider.status(of: tenant.tenantID) {
            found.append(Breach(promise: "a cancelled call leaves nothing behind", found: left.state.rawValue))
        }
        return found
    }

    /// Follows an operation that goes on after its call, as the manager does.
    private func finished(_ answer: ProviderResult, of tenant: TenantCompute) async throws -> ComputeResult {
        guard answer.status == .inProgress else { return answer.result }
        while true {
            let status = try await provider.status(of: tenant.tenantID)
            if let status, status.state == .running {
                return ComputeResult(resourceIDs: status.resourceIDs, endpoints: status.endpoints)
            }
            await Task.yield()
        }
    }

    private func tenant(_ name: String, version: Int) throws(ComputeError) -> TenantCompute {
        do {
            return TenantCompute(
                tenantID: Tenant.ID(name), tenantName: name, spec: try spec(version),
                configHash: "version-\(version)", labels: [:])
        } catch {
            throw ComputeError(.invalidConfiguration, "the contract's spec is not legal: \(error)")
        }
    }

    private func context(_ name: String) -> OperationContext {
        OperationContext(executionID: ComputeExecution.ID("x-contract-\(name)"))
    }
}
