import LandlordDomain

extension TenantStatus {
    /// How the status is shown.
    var mark: StatusMark {
        switch self {
        case .requested: .requested
        case .planning: .planning
        case .provisioning, .updating: .provisioning
        case .ready: .ready
        case .archiving: .archiving
        case .archived: .archived
        case .deleting, .deleted: .deleting
        case .failed: .failed
        }
    }
}

extension Tenant {
    /// The glyph and the word of the status, and the role that draws them.
    func statusCell(_ glyphs: GlyphSet) -> TableCell {
        let isBackingOff = status.isWorking && (run?.subState == .backingOff || nextAttemptAt != nil)
        let mark: StatusMark = isBackingOff ? .backingOff : status.mark
        return TableCell(mark.text(glyphs, word: status.rawValue), role: mark.role)
    }
}

extension ComputeExecutionStatus {
    /// How the status is shown.
    var mark: StatusMark {
        switch self {
        case .pending: .requested
        case .running: .provisioning
        case .succeeded: .ready
        case .failed: .failed
        case .cancelled: .cancelled
        case .timedOut: .timedOut
        }
    }

    /// The word that people read.
    var word: String { self == .timedOut ? "timed out" : rawValue }
}

extension CallbackStatus {
    /// How the status is shown.
    var mark: StatusMark {
        switch self {
        case .pending: .requested
        case .delivering: .provisioning
        case .delivered: .ready
        case .dead: .failed
        case .discarded: .cancelled
        }
    }
}

extension Callback {
    /// How the callback is shown; one that waits for another try is told apart from one that was never tried.
    var mark: StatusMark { status == .pending && attemptsOfCycle > 0 ? .backingOff : status.mark }
}

extension CallbackOperationStatus {
    /// How the status is shown.
    var mark: StatusMark {
        switch self {
        case .running: .provisioning
        case .paused: .waiting
        case .halted: .failed
        case .done: .ready
        case .abandoned: .cancelled
        }
    }

    /// The word that people read.
    var word: String { self == .abandoned ? "aborted" : rawValue }
}
