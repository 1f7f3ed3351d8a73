import LandlordDomain
import StatesLanguage

/// How the dead letters are shown: by cause or one by one, which of them, and in which order.
struct DeadLetterState: Hashable, Sendable {
    /// The dead letter that stands for its cause.
    struct Sample: Hashable, Sendable {
        let cause: String
        /// Nil until it is loaded, and where the cause has no dead letter any more.
        var facts: CallbackFacts?
    }

    /// One filter for both views.
    var filter = ListFilter()
    var order = CallbackQuery.Order.attention
    var causeOrder = CauseOrder.count
    /// Whether the screen's number leads to the flat list.
    var isFlat = false
    /// The cause whose callbacks are listed; nil for all callbacks.
    var cause: CallbackCause?
    /// The filter with which the list of a cause was opened: Escape peels down to it and then goes back.
    var enteredFilter = ""
    /// Whether all that match are marked, loaded or not.
    var areAllMarked = false
    /// Of the cause under the cursor.
    var sample: Sample?

    /// The statuses that the list shows where the filter names none: all that is not settled.
    static let unsettled: Set<CallbackStatus> = [.dead, .delivering, .pending]

    /// What the list asks the database for, without its window.
    var query: CallbackQuery {
        var query = filter.callbacks
        if let cause { query.fingerprint = cause.id }
        return query
    }

    /// The same in the words of the command line.
    var filterText: String {
        guard let cause else { return filter.text }
        return filter.text.isEmpty ? "cause:\(cause.id)" : "\(filter.text) cause:\(cause.id)"
    }
}

extension ConsoleModel {
    /// The window of callbacks that is wanted now.
    var callbackQuery: CallbackQuery {
        var query = deadLetters.query
        if query.statuses.isEmpty { query.statuses = DeadLetterState.unsettled }
        query.order = deadLetters.order
        query.after = callbacks.anchors.last
        query.limit = LiveList<Callback>.windowLimit(height: layout.listRows)
        return query
    }

    var causeQuery: CallbackQuery { deadLetters.filter.callbacks }

    /// The callback that keys speak of.
    var selectedCallback: Callback? {
        switch place {
        case .callbacks: callbacks.selected
        case .callback(let detail): detail.facts?.callback
        case .causes: selectedSample?.callback
        case .tenants, .executions, .runs, .tenant, .execution, .run, .approvals, .approval, .schedules, .schedule: nil
        }
    }

    /// The dead letter that stands for the cause under the cursor.
    var selectedSample: CallbackFacts? {
        guard let sample = deadLetters.sample, sample.cause == causes.selected?.id else { return nil }
        return sample.facts
    }

    /// The callbacks that a verb is for, one by one: the marked ones, or the selected one.
    var callbackTargets: [Callback] {
        if scope == .callbacks, !callbacks.scroller.marks.isEmpty {
            return callbacks.marked.sorted { ($0.createdAt, $0.id.rawValue) < ($1.createdAt, $1.id.rawValue) }
        }
        return scope == .causes ? [] : selectedCallback.map { [$0] } ?? []
    }

    /// The bulk operations that are not over, the oldest first.
    var openOperations: [OperationProgress] {
        operations.filter { !$0.operation.status.isOver }.sorted { $0.operation.createdAt < $1.operation.createdAt }
    }

    /// Changes the place on top where it is a callback's screen.
    mutating func editCallbackDetail(_ change: (inout CallbackDetail) -> Void) {
        guard case .callback(var detail)? = stack.last else { return }
        change(&detail)
        stack[stack.count - 1] = .callback(detail)
    }
}
