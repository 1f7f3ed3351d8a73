/// The kinds of state, named as in a definition.
public enum StateType: String, Sendable, Hashable, CaseIterable {
    case task = "Task"
    case pass = "Pass"
    case choice = "Choice"
    case wait = "Wait"
    case succeed = "Succeed"
    case fail = "Fail"
    case parallel = "Parallel"
    case map = "Map"
}

/// One state of a machine.
public struct State: Sendable {
    /// The name, unique in the machine.
    public let name: String
    /// The kind.
    public let type: StateType
    /// What the author says about the state.
    public let comment: String?
    /// The language of the state's fields.
    public let queryLanguage: QueryLanguage

    /// The place of the state in the definition.
    let place: JSONPointer
    /// The document of the state.
    let source: JSONValue
    /// The group of states in which the state stands.
    let flow: Int
    let inputPath: PathField
    let outputPath: PathField
    /// `Output` of a JSONata state.
    let output: Template?
    let assign: Template?
    /// What the state says beyond the language.
    public let extensions: StateExtensions
    let body: Body

    /// What the kinds of state have each for themselves; kept apart, so that to copy a state is cheap.
    indirect enum Body: Sendable {
        case task(TaskBody)
        case pass(PassBody)
        case choice(ChoiceBody)
        case wait(WaitBody)
        case succeed
        case fail(FailBody)
        case parallel(ParallelBody)
        case map(MapBody)
    }

    /// The place of the state in the definition, as a JSON pointer.
    public var pointer: String { place.text }

    /// The document that the state was made from.
    public var definition: JSONValue { source }

    /// The resource of a Task state.
    public var resource: String? { taskResource?.text }

    /// The resource of a Task state, understood.
    public var taskResource: TaskResource? {
        if case .task(let task) = body { task.resource } else { nil }
    }
}

/// States among which transitions are possible: those of the machine, of a branch, or of a Map's processor.
struct StateFlow: Sendable {
    /// The place of the state that runs first.
    let start: Int
    /// The places of the states by name.
    let positions: [ByteKey: Int]
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

/// What Task, Parallel and Map have in common: what becomes of a result or an error.
struct ResultRules: Sendable {
    let selector: PayloadTemplate?
    let path: ResultPathField
    let retriers: [Retrier]
    let catchers: [Catcher]
    let next: Target
}

struct TaskBody: Sendable {
    let resource: TaskResource
    /// `Parameters` or `Arguments`.
    let arguments: Template?
    let credentials: Template?
    let timeout: NumberField?
    let heartbeat: NumberField?
    let rules: ResultRules
}

struct PassBody: Sendable {
    let result: JSONValue?
    let parameters: PayloadTemplate?
    let resultPath: ResultPathField
    let next: Target
}

struct ChoiceBody: Sendable {
    let rules: [ChoiceRule]
    let fallback: Int?
}

/// One rule of a Choice state.
struct ChoiceRule: Sendable {
    /// What must hold.
    enum Test: Sendable {
        case condition(Condition)
        case constant(Bool)
        case jsonata(JSONataField)
    }

    let test: Test
    let next: Int
    let assign: Template?
    let output: Template?
}

struct WaitBody: Sendable {
    /// Until when a state waits.
    enum Delay: Sendable, Hashable {
        case seconds(NumberField)
        case until(Timestamp)
        case untilPath(JSONPath)
        case untilJSONata(JSONataField)
    }

    let delay: Delay
    let next: Target
}

struct FailBody: Sendable {
    let error: TextField?
    let cause: TextField?
}

struct ParallelBody: Sendable {
    /// The groups of states of the branches.
    let branches: [Int]
    /// `Parameters` or `Arguments`.
    let arguments: Template?
    let rules: ResultRules
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
    let output: Template?
    let assign: Template?
}

// MARK: Transitions

extension State {
    /// The places of the states that may follow this one, the one that takes it back among them.
    var targets: [Int] {
        switch body {
        case .task(let task): task.rules.targets + compensation
        case .parallel(let parallel): parallel.rules.targets + compensation
        case .map(let map): map.rules.targets + compensation
        case .pass(let pass): pass.next.positions
        case .wait(let wait): wait.next.positions
        case .choice(let choice): choice.rules.map(\.next) + (choice.fallback.map { [$0] } ?? [])
        case .succeed, .fail: []
        }
    }

    private var compensation: [Int] { extensions.compensation.map { [$0] } ?? [] }

    var isTerminal: Bool {
        switch body {
        case .task(let task): task.rules.next == .end
        case .parallel(let parallel): parallel.rules.next == .end
        case .map(let map): map.rules.next == .end
        case .pass(let pass): pass.next == .end
        case .wait(let wait): wait.next == .end
        case .choice: false
        case .succeed, .fail: true
        }
    }

    /// What becomes of the state's result, if it is of a kind that has `Retry` and `Catch`.
    var resultRules: ResultRules? {
        switch body {
        case .task(let task): task.rules
        case .parallel(let parallel): parallel.rules
        case .map(let map): map.rules
        case .pass, .wait, .choice, .succeed, .fail: nil
        }
    }
}

extension ResultRules {
    fileprivate var targets: [Int] { next.positions + catchers.map(\.next) }
}

extension Target {
    fileprivate var positions: [Int] {
        switch self {
        case .state(let position): [position]
        case .end: []
        }
    }
}
