import ArgumentParser
import LandlordEngine

/// A command that needs the engine: it says what it does, and is given a session to do it with.
protocol EngineCommand: AsyncParsableCommand {
    /// The options that every command takes.
    var global: GlobalOptions { get }

    /// Does the work.
    func run(with session: Session) async throws
}

extension EngineCommand {
    /// Opens the session, does the work and lets go of the database.
    mutating func run() async throws {
        let session = try Session.open(global)
        do {
            try await run(with: session)
        } catch {
            await session.host.database.close()
            throw error
        }
        await session.host.database.close()
    }
}
