public import StatesLanguage

/// Where a run has been, state by state, from its history.
public struct RunLights: Hashable, Sendable {
    /// How a state is lit.
    public enum Light: Hashable, Sendable {
        /// The run has not come there.
        case dark
        /// It is there now.
        case active
        /// It has left it well.
        case passed
        /// It failed there, and went on where the error is caught.
        case caught
        /// It failed there.
        case failed
    }

    /// What the history says of one state.
    private struct Visits: Hashable, Sendable {
        var light = Light.dark
        var count = 0
        var attempts = 0
    }

    private var visits: [String: Visits] = [:]

    /// Nothing is lit, for a definition without a run.
    public init() {}

    /// Reads a history, oldest first.
    public init(_ history: [HistoryEvent], isRunning: Bool) {
        // The events of a branch stand together, and each names the one that it follows.
        var states: [Int: String] = [:]
        var failures: Set<Int> = []
        for event in history {
            let state = event.details["name"]?.stringValue ?? states[event.previousEventID]
            states[event.id] = state
            if event.type.isFailure { failures.insert(event.id) }
            guard let state else { continue }
            switch Kind(event.type) {
            case .entered:
                visits[state, default: Visits()].light = .active
                visits[state]?.count += 1
                visits[state]?.attempts = 0
            case .scheduled: visits[state]?.attempts += 1
            // A state that is left right behind a failure of its own was left by a rule of Catch.
            case .left: visits[state]?.light = failures.contains(event.previousEventID) ? .caught : .passed
            case .aborted: visits[state]?.light = .failed
            // What fails without work of its own, such as a Choice or a Fail, is not left by an event.
            case .branchFailed:
                let inner = states[event.previousEventID] ?? state
                if visits[inner]?.light == .active, inner != event.details["name"]?.stringValue {
                    visits[inner]?.light = .failed
                }
            case .other: break
            }
        }
        guard !isRunning else { return }
        for (name, state) in visits where state.light == .active { visits[name]?.light = Self.end(of: history) }
    }

    /// Lights where a run is now whose history was read in part: what it was in when the part ended, it has left since.
    mutating func moveOn(to states: [String], as light: Light) {
        for (name, visit) in visits where visit.light == .active { visits[name]?.light = .passed }
        for state in states { visits[state, default: Visits()].light = light }
    }

    /// How the state is lit.
    public func light(of state: String) -> Light { visits[state]?.light ?? .dark }

    /// How often the run came there, and how often the task was tried on the last visit, where more than once.
    func note(on state: String) -> String {
        guard let visits = visits[state] else { return "" }
        var parts: [String] = []
        if visits.count > 1 { parts.append("\(visits.count) visits") }
        if visits.attempts > 1 { parts.append("\(visits.attempts) attempts") }
        return parts.joined(separator: ", ")
    }

    private static func end(of history: [HistoryEvent]) -> Light {
        history.last?.type == .executionSucceeded ? .passed : .failed
    }

    private enum Kind {
        case entered, scheduled, left, aborted, branchFailed, other

        init(_ type: HistoryEventType) {
            switch type {
            case .taskScheduled, .activityScheduled, .lambdaFunctionScheduled: self = .scheduled
            case .taskStateAborted, .waitStateAborted, .parallelStateAborted, .mapStateAborted: self = .aborted
            case .parallelStateFailed, .mapIterationFailed: self = .branchFailed
            case _ where type.rawValue.hasSuffix("StateEntered"): self = .entered
            case _ where type.rawValue.hasSuffix("StateExited"): self = .left
            default: self = .other
            }
        }
    }
}

extension HistoryEventType {
    /// Whether a state's work has failed with it; an item of a Map may fail where the Map does not.
    fileprivate var isFailure: Bool {
        self != .mapIterationFailed && (rawValue.hasSuffix("Failed") || rawValue.hasSuffix("TimedOut"))
    }
}
