/// The kinds of state, named as in a definition.
public enum StateType: String, Sendable, Hashable, CaseIterable {
    case task = "Task"
    case pass = "Pass"
    case choice = "Choice"
    case wait = "Wait"
    case succeed = "Succeed"
    case fail = "Fail"
}

/// One state of a machine.
public struct State: Sendable {
    /// The name, unique in the machine.
    public let name: String
    /// The kind.
    public let type: StateType
    /// What the author says about the state.
    public let comment: String?

    let inputPath: PathField
    let outputPath: PathField
    let body: Body

    /// What the kinds of state have each for themselves.
    enum Body: Sendable {
        case task(TaskBody)
        case pass(PassBody)
        case choice(ChoiceBody)
        case wait(WaitBody)
        case succeed
        case fail(FailBody)
    }

    /// The resource of a Task state.
    public var resource: String? {
        if case .task(let task) = body { task.resource.text } else { nil }
    }
}

/// A path that may be null: then the data is an empty object.
enum PathField: Sendable, Hashable {
    case whole
    case nothing
    case path(JSONPath)
}

/// Where the result of a state goes.
enum ResultPathField: Sendable, Hashable {
    case replace
    case discard
    case path(ReferencePath)
}

/// Where a state leads; a state is named by its place in the machine.
enum Target: Sendable, Hashable {
    case state(Int)
    case end
}

struct TaskBody: Sendable {
    let resource: TaskResource
    let parameters: PayloadTemplate?
    let resultSelector: PayloadTemplate?
    let resultPath: ResultPathField
    let timeout: SecondsField?
    let heartbeat: SecondsField?
    let retriers: [Retrier]
    let catchers: [Catcher]
    let next: Target
}

struct PassBody: Sendable {
    let result: JSONValue?
    let parameters: PayloadTemplate?
    let resultPath: ResultPathField
    let next: Target
}

struct ChoiceBody: Sendable {
    let rules: [(condition: Condition, next: Int)]
    let fallback: Int?
}

struct WaitBody: Sendable {
    /// Until when a state waits.
    enum Delay: Sendable, Hashable {
        case seconds(Int)
        case secondsPath(JSONPath)
        case until(Timestamp)
        case untilPath(JSONPath)
    }

    let delay: Delay
    let next: Target
}

struct FailBody: Sendable {
    let error: TextField?
    let cause: TextField?
}

/// A text that is given or computed.
enum TextField: Sendable, Hashable {
    case literal(String)
    case expression(Expression, field: String)
}

/// A number of seconds that is given or looked up.
enum SecondsField: Sendable, Hashable {
    case literal(Int)
    case path(JSONPath)
}

/// One rule of `Retry`.
struct Retrier: Sendable, Hashable {
    let errors: [String]
    let intervalSeconds: Int
    let attemptLimit: Int
    let backoffRate: Double
    let maxDelaySeconds: Int?
    let hasFullJitter: Bool
}

/// One rule of `Catch`.
struct Catcher: Sendable, Hashable {
    let errors: [String]
    let next: Int
    let resultPath: ResultPathField
}
