import LandlordDomain

/// Bulk operations: what is known of them, and the list that controls them.
extension ConsoleModel {
    /// Whether what a commit changed may concern bulk operations that are shown.
    func operationLoads(for batch: ChangeBatch) -> [ConsoleEffect] {
        var isShown = !openOperations.isEmpty
        if case .operations = modal { isShown = true }
        return batch.hasOperations || isShown || !batch.isComplete ? [.load(.operations)] : []
    }

    /// Takes how the operations stand, and tells which of them have come to an end.
    mutating func take(_ found: [OperationProgress]) {
        let former = Dictionary(operations.map { ($0.id, $0.operation.status) }, uniquingKeysWith: { $1 })
        operations = found.sorted {
            ($0.operation.createdAt, $0.id.rawValue) > ($1.operation.createdAt, $1.id.rawValue)
        }
        for operation in found.map(\.operation) {
            guard let status = former[operation.id], status != operation.status else { continue }
            switch operation.status {
            case .done: show("\(operation.id) is done: \(OperationText.counts(operation))")
            case .halted: show("\(operation.id) was halted: \(operation.note); O decides", level: .warning)
            case .abandoned: show("\(operation.id) was aborted: \(OperationText.counts(operation))")
            case .running, .paused: break
            }
        }
    }

    /// Opens the list of bulk operations.
    mutating func openOperations(at cursor: CallbackOperation.ID? = nil) -> [ConsoleEffect] {
        modal = .operations(OperationsState(cursor: cursor ?? openOperations.first?.id ?? operations.first?.id))
        return [.load(.operations)]
    }

    /// Takes a key over the list of bulk operations.
    mutating func handle(_ key: Key, in former: OperationsState) -> [ConsoleEffect] {
        var state = former
        let index = operations.firstIndex { $0.id == state.cursor } ?? 0
        switch key {
        case .up, .character("k"): state.cursor = operations[safe: max(0, index - 1)]?.id
        case .down, .character("j"): state.cursor = operations[safe: min(operations.count - 1, index + 1)]?.id
        case .escape, .enter, .character("q"), .character("O"), .left, .backspace, .control("c"):
            modal = nil
            return []
        default:
            guard let control = OperationControl.allCases.first(where: { $0.key == key }) else { return [] }
            return ask(to: control, operations[safe: index]?.operation)
        }
        modal = .operations(state)
        return []
    }

    private mutating func ask(to control: OperationControl, _ operation: CallbackOperation?) -> [ConsoleEffect] {
        guard let operation else { return [.ring] }
        if let reason = control.refusal(of: operation) {
            show(reason, level: .warning)
            return [.ring]
        }
        let dialog = ConfirmDialog(
            level: .line, title: .sanitize("\(control.title) \(operation.id)"),
            lines: [.init("effect", .sanitize(OperationText.effect(of: control, operation)))])
        ask(dialog, verbs: [.control(operation.id, control)])
        return []
    }
}

extension Array {
    /// The element at a place, or nil where there is none.
    fileprivate subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}

extension OperationControl {
    /// The word as it begins a question.
    var title: String {
        switch self {
        case .pause: "Pause"
        case .resume: "Resume"
        case .abort: "Abort"
        }
    }
}
