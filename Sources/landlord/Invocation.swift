import ArgumentParser
import Dispatch
import Glibc
import LandlordDomain
import LandlordTUI
import StatesLanguage
import Synchronization

/// One call of the program, from its arguments to its exit code.
struct Invocation {
    private let arguments: [String]

    /// A call with the words behind the program's name.
    init(_ arguments: [String]) {
        self.arguments = Self.withOptionsLast(arguments)
    }

    /// Does what the arguments say.
    ///
    /// - Returns: The exit code.
    func run() -> Int32 {
        // A reader that goes away is an error of the write, not the end of the process. A handler, unlike SIG_IGN, is
        // not handed on to the programs that are started from here.
        signal(SIGPIPE) { _ in }
        do {
            try refuseUnknownCommands()
            var command = try Landlord.parseAsRoot(arguments)
            if let console = command as? ConsoleCommand { return try console.openOnMainThread() }
            if let demo = command as? DemoCommand, !demo.noConsole { return try demo.openOnMainThread() }
            if let command = command as? any AsyncParsableCommand { return Self.wait(for: command) }
            try command.run()
            return 0
        } catch {
            return report(error)
        }
    }

    /// Runs a command on the pool of threads while the main one waits.
    private static func wait(for command: sending any AsyncParsableCommand) -> Int32 {
        let code = Mutex<Int32>(ExitStatus.bug.rawValue)
        let done = DispatchSemaphore(value: 0)
        let work = WaitingCommand(code: { value in code.withLock { $0 = value } }, done: done)
        work.start(command)
        done.wait()
        return code.withLock { $0 }
    }

    /// Says what went wrong, in one line where one is enough.
    private func report(_ error: any Error) -> Int32 {
        if let failure = error as? Failure { return failure.report() }
        // The command has said all there is to say.
        if let code = error as? ExitCode { return code.rawValue }
        let code = Landlord.exitCode(for: error)
        guard code != .success else {
            let text = Landlord.fullMessage(for: error)
            return StandardStream.outcome { () throws(Failure) in
                try StandardStream.write(text.hasSuffix("\n") ? text : text + "\n")
            }
        }
        guard code == .validationFailure else { return Failure(translating: error).report() }
        let words = Landlord.message(for: error).split(whereSeparator: \.isNewline).joined(separator: " ")
        let hint = (["landlord"] + commandPath + ["--help"]).joined(separator: " ")
        return Failure(.usage, "\(words) (see '\(hint)')").report()
    }

    // MARK: The words before the options

    /// Options that somebody wrote before the noun are put behind the verb, where every command takes them.
    static func withOptionsLast(_ arguments: [String]) -> [String] {
        let withValue: Set<String> = ["--database", "--config", "--output", "-o"]
        var leading: [String] = []
        var rest = arguments[...]
        while let first = rest.first {
            if withValue.contains(first), rest.count > 1 {
                leading += rest.prefix(2)
                rest = rest.dropFirst(2)
            } else if withValue.contains(where: { first.hasPrefix($0 + "=") }) {
                leading.append(first)
                rest = rest.dropFirst()
            } else {
                break
            }
        }
        return Array(rest) + leading
    }

    /// The nouns and verbs that the arguments begin with.
    private var commandPath: [String] {
        var path: [String] = []
        var type: any ParsableCommand.Type = Landlord.self
        for word in arguments {
            guard let next = Self.subcommand(word, of: type) else { break }
            path.append(word)
            type = next
        }
        return path
    }

    /// Tells a person who mistyped a noun or a verb what was probably meant.
    private func refuseUnknownCommands() throws(Failure) {
        let path = commandPath
        guard path.count < arguments.count, arguments.first != "help" else { return }
        let word = arguments[path.count]
        var type: any ParsableCommand.Type = Landlord.self
        for name in path { type = Self.subcommand(name, of: type) ?? type }
        let shown = type.configuration.subcommands.filter { $0.configuration.shouldDisplay }
        let names = shown.map { $0._commandName }
        guard !names.isEmpty, !word.hasPrefix("-"), word != "help" else { return }
        let known = path.isEmpty ? "command" : "verb of '\(path.joined(separator: " "))'"
        let hint = Suggestion.nearest(to: word, among: names).map { "did you mean '\($0)'?" }
        let all = "there is \(names.joined(separator: ", "))"
        throw Failure(.usage, "'\(word)' is not a \(known); \(hint ?? all)")
    }

    private static func subcommand(
        _ name: String, of type: any ParsableCommand.Type
    ) -> (any ParsableCommand.Type)? {
        type.configuration.subcommands.first { $0._commandName == name }
    }
}

/// Runs a command in a task and says when it is over.
private struct WaitingCommand: Sendable {
    let code: @Sendable (Int32) -> Void
    let done: DispatchSemaphore

    func start(_ command: sending any AsyncParsableCommand) {
        Task {
            var command = command
            do {
                try await command.run()
                code(0)
            } catch {
                code(Self.report(error))
            }
            done.signal()
        }
    }

    private static func report(_ error: any Error) -> Int32 {
        if let code = error as? ExitCode { return code.rawValue }
        if Landlord.exitCode(for: error) == .success {
            let text = Landlord.fullMessage(for: error)
            return StandardStream.outcome { () throws(Failure) in try StandardStream.write(text + "\n") }
        }
        return Failure(translating: error).report()
    }
}
