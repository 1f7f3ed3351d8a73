extension Database {
    /// The version of the SQLite library that the program runs with, for `landlord doctor`.
    public func libraryVersion() async throws(RepositoryError) -> String {
        try await read { reader throws(RepositoryError) in
            try reader.first("SELECT sqlite_version() AS version")?.text("version") ?? ""
        }
    }
}
