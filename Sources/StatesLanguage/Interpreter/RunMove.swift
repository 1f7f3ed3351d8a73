/// That a run goes on with another version of its definition, with who and why.
public struct RunMove: Sendable, Hashable {
    /// The version that the run was on; a fold needs it for what came before.
    public let from: Int
    /// The version that it goes on with.
    public let to: Int
    /// Who does it.
    public let actor: String
    /// Why.
    public let reason: String

    /// Makes a move.
    public init(from: Int, to: Int, by actor: String, reason: String) {
        self.from = from
        self.to = to
        self.actor = actor
        self.reason = reason
    }

    var json: JSONValue {
        [
            "type": "move", "from": .integer(from), "to": .integer(to), "actor": .string(actor),
            "reason": .string(reason),
        ]
    }

    init(_ stored: StoredObject) throws(StoredFormError) {
        self.init(
            from: try stored.integer("from"), to: try stored.integer("to"), by: try stored.string("actor"),
            reason: try stored.string("reason"))
    }

    /// What the history says.
    var content: HistoryEvent.Content {
        .details([
            "actor": .string(actor), "reason": .string(reason), "fromVersion": .integer(from),
            "toVersion": .integer(to),
        ])
    }
}

/// Why a run cannot go on with another definition: one state, what it is to the run, and what is unlike.
public struct MoveProblem: Sendable, Hashable, CustomStringConvertible {
    /// What a state is to the run.
    public enum Place: Sendable, Hashable {
        /// The run, or one of its branches, is in it: it waits there, or tries again.
        case current
        /// Its error was caught; should the run fail now, a retry goes on with it.
        case caught
        /// It has ended well and can be taken back.
        case completed
        /// It takes back what the state of that name has done.
        case compensation(of: String)

        fileprivate var words: String {
            switch self {
            case .current: "in which the run is"
            case .caught: "with which a retry would go on"
            case .completed: "which can be taken back"
            case .compensation(let name): "which takes back '\(name)'"
            }
        }
    }

    /// The state's name.
    public let state: String
    /// What it is to the run.
    public let place: Place
    /// What is unlike.
    public let message: String

    /// The state, why it matters and what is wrong, in one line.
    public var description: String { "state '\(state)', \(place.words): \(message)" }
}
