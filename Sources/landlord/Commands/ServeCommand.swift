import ArgumentParser
import LandlordEngine

/// `landlord serve`.
struct ServeCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Drive the database without a console until SIGTERM, then drain and exit.",
        discussion: "While another process drives the database, this one waits to take over.")

    @OptionGroup var global: GlobalOptions

    func run(with session: Session) async throws {
        try await session.whileDriving {
            let interrupts = Interrupts.stream()
            // A change of the driver is told by a commit; the short beat is for the moment between the two.
            let wakeups = Wakeups(session, beat: .milliseconds(250))
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    let shown = ShownDriver()
                    _ = try await wakeups.firstAnswer { _ -> Bool? in
                        try await shown.tell(session.engine.driving.driver, of: session.host.database.path)
                        return nil
                    }
                }
                group.addTask {
                    for await _ in interrupts { return }
                }
                try await group.next()
                group.cancelAll()
            }
        }
    }
}

/// Tells who drives, whenever that has changed.
private actor ShownDriver {
    private var shown = DrivingStatus.Driver.nobody

    func tell(_ driver: DrivingStatus.Driver, of path: String) throws {
        guard driver != shown else { return }
        shown = driver
        switch driver {
        case .unknown, .nobody: break
        case .thisProcess: try StandardStream.write("drives \(VisibleJSON.escaped(path))\n")
        case .other(let name):
            try StandardStream.write("waits: \(VisibleJSON.escaped(path)) is driven by \(VisibleJSON.escaped(name))\n")
        }
    }
}
