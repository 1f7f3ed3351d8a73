import ArgumentParser
import Glibc
import LandlordEngine
import LandlordTUI

/// `landlord` without a command: the console.
struct ConsoleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "console", abstract: "Open the console.", shouldDisplay: false)

    @OptionGroup var global: GlobalOptions

    /// Runs the console on the calling thread, which is the main one, while the engine works on others.
    ///
    /// - Returns: The exit code.
    func openOnMainThread() throws -> Int32 {
        try Self.requireTerminal()
        return try ConsoleSeam.run(try Session.open(global))
    }

    /// Refuses where nobody could see the console, and makes the process ready for it.
    ///
    /// Call it before the first thread starts: threads inherit the mask of signals.
    static func requireTerminal() throws(Failure) {
        guard isatty(STDIN_FILENO) == 1, StandardStream.isTerminal else {
            throw Failure(.usage, "the console needs a terminal; scripts use the commands, see 'landlord --help'")
        }
        CursesTerminal.blockSignals()
    }
}

/// Where the console meets the command line: the only place that names its entry.
enum ConsoleSeam {
    /// Shows the console until the operator leaves, while this process drives the database where no other does.
    ///
    /// - Returns: The exit code.
    static func run(_ session: Session) throws -> Int32 {
        try session.drivenBeside {
            let options = ConsoleApplication.Options(
                database: session.configuration.database, actor: session.actor, theme: session.configuration.theme,
                errorLog: session.configuration.log.file + ".stderr")
            return try ConsoleApplication.run(engine: session.engine, options: options)
        }
    }
}
