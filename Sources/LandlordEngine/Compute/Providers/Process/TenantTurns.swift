import LandlordDomain

/// Lets one operation at a time touch a tenant's processes; operations on different tenants do not wait.
actor TenantTurns {
    /// Who waits behind the operation that has the turn; no entry where nobody has it.
    private var queues: [Tenant.ID: [CheckedContinuation<Void, Never>]] = [:]

    /// Runs the body when the tenant's turn comes, in the order of asking.
    nonisolated func withTurn<Value: Sendable>(
        _ tenantID: Tenant.ID, _ body: () async throws(ComputeError) -> Value
    ) async throws(ComputeError) -> Value {
        await take(tenantID)
        do throws(ComputeError) {
            let value = try await body()
            await give(tenantID)
            return value
        } catch {
            await give(tenantID)
            throw error
        }
    }

    private func take(_ tenantID: Tenant.ID) async {
        guard queues[tenantID] != nil else {
            queues[tenantID] = []
            return
        }
        await withCheckedContinuation { queues[tenantID]?.append($0) }
    }

    private func give(_ tenantID: Tenant.ID) {
        guard var queue = queues[tenantID], !queue.isEmpty else {
            queues[tenantID] = nil
            return
        }
        let next = queue.removeFirst()
        queues[tenantID] = queue
        next.resume()
    }
}
