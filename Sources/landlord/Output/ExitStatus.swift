/// What an exit code means (sysexits, and two of our own).
///
/// Scripts depend on these numbers.
struct ExitStatus: RawRepresentable, Hashable, Sendable {
    let rawValue: Int32

    /// The work itself failed: a tenant ended `failed`, a database did not verify.
    static let failed = ExitStatus(rawValue: 1)
    /// The command was called in a way that it does not have.
    static let usage = ExitStatus(rawValue: 64)
    /// A document breaks rules, or what is stored does not allow the command.
    static let data = ExitStatus(rawValue: 65)
    /// There is no such file or object.
    static let missing = ExitStatus(rawValue: 66)
    /// Something that the command needs cannot be reached or does not exist here.
    static let unavailable = ExitStatus(rawValue: 69)
    /// The program is wrong.
    static let bug = ExitStatus(rawValue: 70)
    /// A file cannot be created.
    static let cannotCreate = ExitStatus(rawValue: 73)
    /// Reading or writing failed.
    static let inputOutput = ExitStatus(rawValue: 74)
    /// The same command may succeed later.
    static let tryAgain = ExitStatus(rawValue: 75)
    /// The operating system does not allow it.
    static let permission = ExitStatus(rawValue: 77)
    /// `--timeout` passed.
    static let timeout = ExitStatus(rawValue: 124)

    /// A signal ended the command.
    static func signal(_ number: Int32) -> ExitStatus { ExitStatus(rawValue: 128 + number) }
}
