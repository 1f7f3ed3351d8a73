import ArgumentParser
import LandlordDomain
import LandlordEngine
import StatesLanguage

/// `landlord semaphore`.
struct SemaphoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "semaphore", abstract: "Look at the named limits that states require, and set them.",
        subcommands: [SemaphoreListCommand.self, SemaphoreSetCommand.self])
}

/// `landlord semaphore list`.
struct SemaphoreListCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the named limits, how much of each is in use and how many tasks wait.")

    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run(with session: Session) async throws {
        let semaphores = try await session.engine.runs.semaphores()
        try output.write(.items(semaphores.map(\.document))) {
            TextTable(["NAME", "CAPACITY", "IN USE", "WAITING"], semaphores) { semaphore in
                [semaphore.name, "\(semaphore.capacity)", "\(semaphore.heldCount)", "\(semaphore.waitingCount)"]
            }.rendered(columns: StandardStream.columns)
        }
    }
}

/// `landlord semaphore set`.
struct SemaphoreSetCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Set how many tasks may have a place in a named limit at once; 0 stops all.")

    @Argument(help: "The limit's name.")
    var name: String
    @Argument(help: "How many.")
    var capacity: Int
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard (0...1_000_000).contains(capacity) else { throw ValidationError("the capacity is from 0 to 1000000") }
        guard (1...StateExtensions.semaphoreNameLimit).contains(name.unicodeScalars.count) else {
            throw ValidationError("a name has 1 to \(StateExtensions.semaphoreNameLimit) characters")
        }
        try OptionText.refuseControls(in: name, of: "a name")
    }

    func run(with session: Session) async throws {
        try await session.engine.runs.setCapacity(capacity, of: name, by: session.actor)
        try StandardStream.write(visible: "'\(name)' has room for \(capacity)\n")
    }
}
