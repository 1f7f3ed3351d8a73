public import LandlordDomain
public import LandlordEngine
import StatesLanguage

/// What every compute provider must keep, as one suite that any provider runs.
///
/// A provider's test file is three lines: make the contract, call `check`, expect no breach.
public struct ComputeProviderContract: Sendable {
    private let provider: any ComputeProvider
    private let spec: @Sendable (_ version: Int) throws -> ComputeSpec
    private let slowSpec: (@Sendable () throws -> ComputeSpec)?
    private let illegalSpec: (@Sendable () throws -> ComputeSpec)?

    /// A suite for a provider.
    ///
    /// - Parameters:
    ///   - provider: The provider; tenants whose names begin with `contract-` are made and removed.
    ///   - spec: A small legal spec; each version differs from the others in something the provider applies.
    ///   - slowSpec: A spec whose provisioning takes long enough to be cancelled; nil skips that promise.
    ///   - illegalSpec: A spec that keeps the rules for all and breaks one of this provider's; nil where it has none.
    public init(
        _ provider: any ComputeProvider, spec: @escaping @Sendable (_ version: Int) throws -> ComputeSpec,
        slowSpec: (@Sendable () throws -> ComputeSpec)? = nil,
        illegalSpec: (@Sendable () throws -> ComputeSpec)? = nil
    ) {
        self.provider = provider
        self.spec = spec
        self.slowSpec = slowSpec
        self.illegalSpec = illegalSpec
    }

    /// Tries every promise.
    ///
    /// - Returns: Those that were not kept; empty for a good provider.
    public func check() async throws -> [ContractBreach] {
        var breaches: [ContractBreach] = []
        breaches += checkName()
        breaches += try await checkLifecycle()
        breaches += try await checkMissingTenant()
        breaches += try await checkConcurrency()
        breaches += try checkValidation()
        if let slowSpec { breaches += try await checkCancellation(try slowSpec()) }
        return breaches
    }

    private func checkName() -> [ContractBreach] {
        let bytes = provider.name.utf8
        let isLegal = !bytes.isEmpty && bytes.allSatisfy { (97...122).contains($0) || (48...57).contains($0) }
        return isLegal ? [] : [ContractBreach(promise: "a name is lowercase letters and digits", found: provider.name)]
    }

    private func checkLifecycle() async throws -> [ContractBreach] {
        var found: [ContractBreach] = []
        let first = try tenant("contract-life", version: 1)
        let made = try await finished(try await provider.provision(first, context("p1")), of: first)
        let again = try await finished(try await provider.provision(first, context("p1")), of: first)
        if made.resourceIDs != again.resourceIDs {
            found.append(
                ContractBreach(
                    promise: "provisioning twice makes it once", found: "\(made.resourceIDs), \(again.resourceIDs)"))
        }
        let live = try await provider.status(of: first.tenantID)
        if live?.state != .running {
            found.append(
                ContractBreach(promise: "a provisioned tenant runs", found: "\(live?.state.rawValue ?? "nothing")"))
        }
        let unchanged = try await provider.update(first, context("u1"))
        if unchanged.status != .noChanges {
            found.append(
                ContractBreach(promise: "updating to the same spec changes nothing", found: unchanged.status.rawValue))
        }
        let second = try tenant("contract-life", version: 2)
        let changed = try await provider.update(second, context("u2"))
        if changed.status == .noChanges || changed.status == .failed {
            found.append(ContractBreach(promise: "updating to another spec changes it", found: changed.status.rawValue))
        }
        _ = try await finished(changed, of: second)
        if let hash = try await provider.status(of: first.tenantID)?.configHash, hash != second.configHash {
            found.append(ContractBreach(promise: "status tells the config that runs", found: hash))
        }
        _ = try await provider.destroy(first.tenantID, context("d1"))
        if let left = try await provider.status(of: first.tenantID) {
            found.append(ContractBreach(promise: "nothing is left of a destroyed tenant", found: left.state.rawValue))
        }
        return found
    }

    private func checkMissingTenant() async throws -> [ContractBreach] {
        var found: [ContractBreach] = []
        let nobody = Tenant.ID("contract-nobody")
        if let left = try await provider.status(of: nobody) {
            found.append(ContractBreach(promise: "an unknown tenant has no status", found: left.state.rawValue))
        }
        do throws(ComputeError) {
            _ = try await provider.destroy(nobody, context("d2"))
        } catch {
            found.append(
                ContractBreach(promise: "destroying a tenant that has nothing is no error", found: error.description))
        }
        do throws(ComputeError) {
            _ = try await provider.update(try tenant("contract-nobody", version: 1), context("u3"))
            found.append(ContractBreach(promise: "a tenant that has nothing cannot be updated", found: "no error"))
        } catch {
            if error.code != .resourceNotFound {
                found.append(
                    ContractBreach(promise: "updating nothing is RESOURCE_NOT_FOUND", found: error.code.rawValue))
            }
        }
        return found
    }

    private func checkConcurrency() async throws -> [ContractBreach] {
        try await withThrowingTaskGroup(of: ContractBreach?.self) { group in
            for number in 0..<4 {
                let tenant = try tenant("contract-many\(number)", version: 1)
                group.addTask {
                    _ = try await finished(try await provider.provision(tenant, context("m\(number)")), of: tenant)
                    let state = try await provider.status(of: tenant.tenantID)?.state
                    _ = try await provider.destroy(tenant.tenantID, context("n\(number)"))
                    guard state != .running else { return nil }
                    return ContractBreach(
                        promise: "tenants are made at the same time", found: state?.rawValue ?? "nothing")
                }
            }
            return try await group.reduce(into: []) { breaches, breach in
                if let breach { breaches.append(breach) }
            }
        }
    }

    private func checkValidation() throws -> [ContractBreach] {
        var found: [ContractBreach] = []
        let legal = provider.violations(of: try spec(1))
        if !legal.isEmpty {
            found.append(ContractBreach(promise: "a legal spec has no violation", found: "\(legal)"))
        }
        guard let illegalSpec else { return found }
        if provider.violations(of: try illegalSpec()).isEmpty {
            found.append(ContractBreach(promise: "what the provider cannot run is a violation", found: "none"))
        }
        return found
    }

    private func checkCancellation(_ spec: ComputeSpec) async throws -> [ContractBreach] {
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
        var found: [ContractBreach] = []
        if error?.code != .cancelled {
            let code = error?.code.rawValue ?? "no error"
            found.append(ContractBreach(promise: "a cancelled call throws CANCELLED", found: code))
        }
        if let left = try await provider.status(of: tenant.tenantID) {
            found.append(ContractBreach(promise: "a cancelled call leaves nothing behind", found: left.state.rawValue))
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
