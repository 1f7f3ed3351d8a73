import LandlordDomain

/// A verb for all dead letters that a filter finds, as it was when the key was pressed.
struct BulkRequest: Hashable, Sendable {
    var verb: CallbackVerb
    /// The filter in the words of the command line; empty for every dead letter.
    var filter: String
    /// What the filter asks the database for.
    var query: CallbackQuery
    /// What the screen calls the set, such as the error that its letters share.
    var scope: String
    var options = RedriveOptions()
}

/// How fast, and how carefully, many dead letters are sent again.
struct RedriveOptions: Hashable, Sendable {
    /// How many a second, at most; nil for as fast as it goes.
    var rate: Int?
    /// First one, then a tenth, then the rest; stops where too many fail again.
    var isCanary = false

    /// The greatest rate that can be asked for.
    static let rateLimit = 1_000_000

    /// Reads what was typed behind a verb.
    ///
    /// - Returns: The options, or why the words are none.
    static func read(_ text: String) -> (options: RedriveOptions, problem: String?) {
        var options = RedriveOptions()
        var words = text.split(separator: " ").map(String.init)[...]
        while let word = words.popFirst() {
            switch word {
            case "--canary": options.isCanary = true
            case "--rate":
                guard let number = words.popFirst().flatMap({ Int($0) }), (1...rateLimit).contains(number) else {
                    return (options, "--rate takes how many a second, from 1 to \(rateLimit)")
                }
                options.rate = number
            default: return (options, "'\(word)' is not known here; there is --rate N and --canary")
            }
        }
        return (options, nil)
    }

    /// The options as the command line takes them, with a space before each.
    var words: String { (rate.map { " --rate \($0)" } ?? "") + (isCanary ? " --canary" : "") }
}

/// What a bulk change would meet.
struct BulkPreview: Hashable, Sendable {
    /// How many dead letters the filter finds.
    var count: Int
    /// How many of them nobody waits for any more.
    var ended: Int
    /// Why they are dead, the most frequent cause first.
    var causes: [CallbackCause]

    /// How many the verb would be applied to.
    func eligibleCount(of verb: CallbackVerb) -> Int { verb == .redrive ? count - ended : count }
}

/// A bulk operation, and what came of what it has redriven.
struct OperationProgress: Hashable, Sendable, Identifiable {
    var operation: CallbackOperation
    var outcomes = RedriveOutcomes()

    var id: CallbackOperation.ID { operation.id }
}

/// The list of bulk operations that lies over the screen.
struct OperationsState: Hashable, Sendable {
    var cursor: CallbackOperation.ID?
}

/// What an operator can tell a bulk operation to do.
enum OperationControl: String, Hashable, Sendable, CaseIterable {
    case pause, resume, abort

    /// The key in the list of operations; the question before it is asked all the same.
    var key: Key {
        switch self {
        case .pause: .character("p")
        case .resume: .character("r")
        case .abort: .character("a")
        }
    }

    /// Where the operation stands afterwards.
    var status: CallbackOperationStatus {
        switch self {
        case .pause: .paused
        case .resume: .running
        case .abort: .abandoned
        }
    }

    /// Why an operation does not go there; nil where it does.
    func refusal(of operation: CallbackOperation) -> String? {
        if operation.status == status { return "\(operation.id) is \(status.rawValue) already" }
        if CallbackOperationStatus.legal[operation.status, default: []].contains(status) { return nil }
        return "\(operation.id) is \(operation.status.rawValue) and cannot be told to \(rawValue)"
    }
}
