public import LandlordDomain

extension ComputeManager {
    /// The last lines of a tenant's containers, or those behind a place.
    public func logs(
        of tenant: Tenant, after position: LogPosition? = nil, limit: Int = PageLimit.largest
    ) async throws(ComputeError) -> LogChunk {
        guard let name = tenant.desired.provider else {
            return LogChunk(lines: [], position: LogPosition(offsets: [:]))
        }
        let provider: any ComputeProvider
        do {
            provider = try self.provider(named: name)
        } catch {
            throw ComputeError(translating: error)
        }
        return try await provider.logs(of: tenant.id, after: position, limit: limit)
    }
}

extension ComputeManager: LiveStatus {
    /// What exists of a tenant at this moment; nil for nothing.
    package func liveStatus(of subject: DriftSubject) async throws(ComputeError) -> ComputeStatus? {
        guard !subject.provider.isEmpty else { return nil }
        return try await status(of: subject.tenantID, at: subject.provider)
    }
}
