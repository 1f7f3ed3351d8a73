import GRDB

@testable import LandlordEngine

extension LandlordEngine.Database {
    /// Edits the file with plain SQL through a connection of its own, without foreign keys.
    func editBehindItsBack(_ sql: String) async throws {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        let before = try await queue.write { database in
            try database.execute(sql: sql)
            return database.totalChangesCount
        }
        try queue.close()
        precondition(before > 0, "The edit changed nothing.")
    }
}
