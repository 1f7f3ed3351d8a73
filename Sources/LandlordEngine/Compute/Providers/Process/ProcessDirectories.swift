import Foundation
import LandlordDomain
import StatesLanguage

/// Where the process provider keeps what is not in the database.
///
/// `ROOT/TENANT/CONTAINER/` holds the supervisor's `lock`, `state` and `log.N`, and the process's own `work/`.
struct ProcessDirectories: Sendable, Hashable {
    /// An absolute path.
    ///
    /// Everything below it belongs to one database.
    let root: String

    /// The directory of a tenant.
    func tenant(_ tenantID: Tenant.ID) -> String { root + "/" + Self.folder(for: tenantID) }

    /// The directory of a container.
    func container(_ name: String, of tenantID: Tenant.ID) -> ContainerDirectory {
        ContainerDirectory(path: tenant(tenantID) + "/" + name)
    }

    /// The containers of a tenant that have a directory, whatever any record says.
    func containers(of tenantID: Tenant.ID) -> [String] { Self.folders(in: tenant(tenantID)) }

    /// The folders of tenants that exist, whatever any record says.
    func tenantFolders() -> [String] { Self.folders(in: root) }

    /// The folder that a tenant's identifier stands for.
    ///
    /// Identifiers that could be mistaken for a path are replaced.
    static func folder(for tenantID: Tenant.ID) -> String {
        let name = tenantID.rawValue
        let isPlain =
            !name.isEmpty && name.utf8.count <= 64 && name.first != "."
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
        return isPlain ? name : ".t-" + SHA256Digest.hex(of: name).prefix(32)
    }

    static func folders(in path: String) -> [String] {
        // A directory that is not there has no folders.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.filter { name in
            var isDirectory: ObjCBool = false
            return FileManager.default.fileExists(atPath: path + "/" + name, isDirectory: &isDirectory)
                && isDirectory.boolValue
        }.sorted()
    }

    /// Removes a directory and all that is in it.
    ///
    /// One that is not there is no error.
    static func remove(_ path: String) throws(ComputeError) {
        do { try FileManager.default.removeItem(atPath: path) } catch {
            guard FileManager.default.fileExists(atPath: path) else { return }
            throw ComputeError(
                .providerUnavailable, "The directory '\(path)' could not be removed.",
                providerError: error.localizedDescription)
        }
    }
}

/// The directory of one container.
struct ContainerDirectory: Sendable, Hashable {
    /// An absolute path.
    let path: String

    /// The process's home and working directory.
    var work: String { path + "/work" }
    /// What the supervisor says.
    var state: SupervisorState? { SupervisorState(directory: path) }
    /// What the process wrote.
    var log: LogFiles { LogFiles(directory: path) }

    /// Makes the directory, for its owner only.
    func prepare() throws(ComputeError) {
        do {
            try FileManager.default.createDirectory(
                atPath: work, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw ComputeError(
                .providerUnavailable, "The directory '\(path)' could not be made.",
                providerError: error.localizedDescription)
        }
    }
}
