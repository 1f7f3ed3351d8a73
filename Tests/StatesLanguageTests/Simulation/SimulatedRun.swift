import StatesLanguage

extension Simulation {
    /// The result of a definition's text for an input's text, with mocks as text.
    static func result(
        of definition: String, input: String = "{}", mocks: String = "{}", kind: ExecutionKind = .standard
    ) throws -> SimulationResult {
        try run(
            StateMachine(definition), input: JSONValue(parsing: input),
            mocks: SimulationMocks(json: JSONValue(parsing: mocks)), startTime: Stamp.at(0).now, kind: kind)
    }
}

extension SimulationResult {
    /// The history, an event a line: its number, the one it follows, and its kind.
    var shape: String {
        history.map { "\($0.id) \($0.previousEventID) \($0.type.rawValue)" }.joined(separator: "\n")
    }

    /// The details of the only (or first) event of a kind.
    func details(_ type: HistoryEventType) -> JSONValue? { history.first { $0.type == type }?.details }

    /// The last event's cause.
    var lastCause: String? { history.last?.details["cause"]?.stringValue }

    /// How long the run took, in seconds.
    var seconds: Duration {
        guard let first = history.first, let last = history.last else { return .zero }
        return last.timestamp.duration(since: first.timestamp)
    }
}
