import LandlordDomain
import StatesLanguage
import Synchronization

/// Compiled definitions, and which version of each workflow was the newest when it was last looked up.
///
/// At the limit all are forgotten and compiled again when they are needed.
final class MachineCache: Sendable {
    private struct Key: Hashable {
        let workflowID: String
        let version: Int
    }

    private struct Contents {
        var machines: [Key: StateMachine] = [:]
        var newest: [String: Int] = [:]
    }

    private static let limit = 256

    private let contents = Mutex(Contents())

    /// The newest version as far as is remembered.
    func newest(_ workflowID: String) -> StoredMachine? {
        contents.withLock { contents in
            guard let version = contents.newest[workflowID],
                let machine = contents.machines[Key(workflowID: workflowID, version: version)]
            else { return nil }
            return StoredMachine(workflowID: workflowID, version: version, machine: machine)
        }
    }

    /// Remembers which version is the newest.
    func setNewest(_ machine: StoredMachine) {
        contents.withLock { $0.newest[machine.workflowID] = machine.version }
    }

    /// Looks the newest version up again the next time.
    func forgetNewest(_ workflowID: String) {
        contents.withLock { $0.newest[workflowID] = nil }
    }

    /// The machine of a version, compiled from its document where it is not there.
    ///
    /// - Throws: `.unusable` where there is no such version, or its document is no definition any more.
    func machine(
        _ workflowID: String, version: Int, _ reader: any SQLReader
    ) throws(RepositoryError) -> StoredMachine {
        let key = Key(workflowID: workflowID, version: version)
        if let machine = contents.withLock({ $0.machines[key] }) {
            return StoredMachine(workflowID: workflowID, version: version, machine: machine)
        }
        let definition = try StoredDefinitions(reader: reader).document(of: workflowID, version: version)
        let machine: StateMachine
        do throws(DefinitionError) {
            machine = try StateMachine(definition: definition)
        } catch {
            throw .unusable("version \(version) of workflow '\(workflowID)' cannot be read: \(error)")
        }
        contents.withLock { contents in
            if contents.machines.count >= Self.limit { contents = Contents() }
            contents.machines[key] = machine
        }
        return StoredMachine(workflowID: workflowID, version: version, machine: machine)
    }
}
