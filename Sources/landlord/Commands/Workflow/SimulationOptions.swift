import ArgumentParser
import LandlordDomain
import LandlordEngine
import LandlordTUI
import StatesLanguage

/// `--type`, in the words of Step Functions.
enum MachineType: String, CaseIterable, ExpressibleByArgument {
    /// A machine whose runs last up to a year.
    case standard = "STANDARD"
    /// A machine whose runs last up to five minutes.
    case express = "EXPRESS"

    /// The kind, as the language has it.
    var kind: ExecutionKind {
        switch self {
        case .standard: .standard
        case .express: .express
        }
    }
}

/// What `run` and `test-state` have in common.
struct SimulationOptions: ParsableArguments {
    /// How a result is written.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        /// For people.
        case text
        /// For scripts.
        case json
    }

    /// From where the time is taken; it passes by itself either way.
    enum Clock: String, CaseIterable, ExpressibleByArgument {
        /// One moment, the same for every run.
        case fixed
        /// The moment of the call.
        case real
    }

    /// The moment at which every run starts unless the clock is real.
    static let start = "2026-01-01T00:00:00Z"

    @Option(help: ArgumentHelp("The input as JSON, or @FILE.", valueName: "json"))
    var input = "{}"
    @Option(help: ArgumentHelp("What the tasks answer, as JSON or YAML.", valueName: "file"))
    var mocks: String?
    @Option(help: ArgumentHelp("fixed (\(start)) or real: when the run starts.", valueName: "clock"))
    var clock = Clock.fixed
    @Option(help: ArgumentHelp("The seed of everything random.", valueName: "number"))
    var seed: UInt64 = 0
    @Option(name: [.customShort("o"), .long], help: "text or json; text where a person reads it.")
    var output: Format?

    /// The moment at which the run starts.
    var startTime: Timestamp {
        switch clock {
        case .real: WallClock.now
        case .fixed: Timestamp(rfc3339: Self.start) ?? WallClock.now
        }
    }

    /// The input.
    func inputValue() throws(Failure) -> JSONValue { try OptionJSON.value(input, of: "--input") }

    /// The mocks as they are written, if there are any.
    func mocksDocument() throws -> JSONValue? {
        guard let mocks else { return nil }
        return try DefinitionFile(mocks).document()
    }

    /// Writes a document, or the text that stands for it.
    func write(_ document: JSONValue, text: () -> String) throws(Failure) {
        switch output ?? (StandardStream.isTerminal ? .text : .json) {
        case .json: try StandardStream.write(VisibleJSON.text(document))
        case .text: try StandardStream.write(text())
        }
    }
}

/// The time of the machine, for what has no engine to take it from.
enum WallClock {
    /// The moment it is.
    static var now: Timestamp { Surroundings.system { _ in nil }.now() }
}
