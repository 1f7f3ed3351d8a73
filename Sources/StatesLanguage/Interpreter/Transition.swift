/// What one step of a run makes of it.
public struct Transition: Sendable, Hashable {
    /// The run after the step.
    public let state: RunState
    /// What the step adds to the history.
    public let events: [HistoryEvent]
    /// What the world must do, in this order.
    public let commands: [Command]

    /// Whether an input was kept until the run is resumed.
    var hasKept = false

    /// Whether the step changed nothing, as a late or repeated input does.
    public var isEmpty: Bool { events.isEmpty && commands.isEmpty && !hasKept }
}
