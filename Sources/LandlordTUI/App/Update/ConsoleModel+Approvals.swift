import LandlordDomain

/// Requests for approval: which one keys speak of, and what is opened.
extension ConsoleModel {
    /// The request that keys speak of: the one under the cursor, or the first that waits on the screen of a run.
    var selectedApproval: Approval? {
        switch place {
        case .approvals: approvals.selected
        case .approval(let detail): detail.facts?.approval
        case .run(let detail): detail.facts?.approvals.first { $0.status == .pending }
        case .tenants, .executions, .causes, .callbacks, .runs, .tenant, .execution, .callback, .schedules, .schedule:
            nil
        }
    }

    /// The run behind what is selected: that asked for it, or that it has started last.
    var askingRunID: String? {
        switch scope {
        case .approvals, .approval: selectedApproval?.runID
        case .schedules, .schedule: selectedSchedule?.lastRunID
        default: selectedExecution?.workflowExecutionID
        }
    }

    /// Opens the run behind what is selected.
    mutating func openAskingRun() -> [ConsoleEffect] {
        guard let id = askingRunID else {
            show("there is no run behind it", level: .warning)
            return [.ring]
        }
        return enter(.run(RunDetail(id: id)))
    }

    /// Opens the request under the cursor.
    mutating func openApproval() -> [ConsoleEffect] {
        guard case .approvals = place, let approval = approvals.selected else { return [] }
        var detail = ApprovalDetail(id: approval.id)
        // What the row knows is shown until the whole is loaded.
        detail.take(ApprovalFacts(approval: approval))
        return enter(.approval(detail))
    }

    mutating func editApprovalDetail(_ change: (inout ApprovalDetail) -> Void) {
        guard case .approval(var detail)? = stack.last else { return }
        change(&detail)
        stack[stack.count - 1] = .approval(detail)
    }
}
