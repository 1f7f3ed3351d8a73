public import LandlordDomain
import Logging

extension ProcessComputeProvider {
    /// Compares the records with the state directory once, when the engine takes the database over and before it does
    /// anything else: remembers which ports are taken, and removes what no record names.
    ///
    /// - Returns: How many containers without a record were removed.
    @discardableResult
    public func reconcileOrphans() async throws(ComputeError) -> Int {
        var known: [String: Set<String>] = [:]
        var last: Tenant.ID?
        while true {
            let page: [ProcessRecord]
            do throws(RepositoryError) { page = try await records.records(after: last, limit: 200) } catch {
                throw Self.translate(error)
            }
            for record in page {
                ports.keep(record)
                known[ProcessDirectories.folder(for: record.tenantID)] = Set(record.containers.map(\.name))
            }
            guard let end = page.last, page.count == 200 else { break }
            last = end.tenantID
        }
        var removed = 0
        for folder in directories.tenantFolders() {
            removed += try await removeUnknown(in: folder, known: known[folder])
        }
        if removed > 0 {
            logger.info("Containers without a record removed", metadata: ["count": "\(removed)"])
        }
        return removed
    }

    private func removeUnknown(in folder: String, known: Set<String>?) async throws(ComputeError) -> Int {
        let path = directories.root + "/" + folder
        var removed = 0
        for container in ProcessDirectories.folders(in: path) where known?.contains(container) != true {
            let directory = ContainerDirectory(path: path + "/" + container)
            await ContainerRunner(
                options: options, clock: surroundings.clock, name: container, directory: directory
            ).stop(recorded: nil, graceSeconds: 0)
            try ProcessDirectories.remove(directory.path)
            removed += 1
        }
        if known == nil { try ProcessDirectories.remove(path) }
        return removed
    }
}
