import LandlordDomain

/// The questions before a change. Each is frozen to the things that were chosen when the key was pressed.
extension ConsoleModel {
    /// Asks to try again what failed.
    mutating func askToRetry() -> [ConsoleEffect] {
        if let execution = selectedExecution, scope != .tenants {
            ask(
                level: .line, title: "Retry \(execution.tenantName)",
                lines: [.init("effect", .sanitize("tries again the \(execution.operation.rawValue) that ended"))],
                verbs: [.retry(execution.tenantID, name: execution.tenantName)])
            return []
        }
        return askForEach(
            "Retry", isReversible: true, effect: "tries again what failed",
            refusal: ChangeRules.retryRefusal
        ) { .retry($0.id, name: $0.name) }
    }

    /// Asks to remove compute and keep the record.
    mutating func askToArchive() -> [ConsoleEffect] {
        askForEach(
            "Archive", isReversible: false, effect: "removes the compute, keeps the record; cannot be taken back",
            refusal: ChangeRules.archiveRefusal
        ) { .archive($0.id, name: $0.name, reason: nil) }
    }

    /// Asks to remove compute and record; the name must be typed.
    mutating func askToDelete() -> [ConsoleEffect] {
        askForEach(
            "Delete", isReversible: false, effect: "removes the compute; the name becomes free, the history stays",
            refusal: ChangeRules.deleteRefusal, typesName: true
        ) { .delete($0.id, name: $0.name, reason: nil) }
    }

    /// Looks for what runs and then asks to cancel it.
    mutating func beginCancel() -> [ConsoleEffect] {
        if let execution = selectedExecution, scope != .tenants {
            askToCancel(execution, tenantName: execution.tenantName)
            return []
        }
        guard let tenant = selectedTenant else { return [] }
        return [.load(.running(tenant.id, name: tenant.name))]
    }

    mutating func askToCancel(_ execution: ComputeExecution?, tenantName: String) {
        // Another question may have come up while the execution was looked for.
        guard modal == nil else { return }
        guard let execution, !execution.status.isTerminal else {
            show("no execution of \(tenantName) is under way", level: .warning)
            return
        }
        ask(
            level: .dialog, title: "Cancel \(execution.operation.rawValue) of \(execution.tenantName)",
            lines: [
                .init("execution", .sanitize(execution.id.rawValue)),
                .init("status", .sanitize(execution.status.rawValue)),
                .init("effect", "asks the provider to stop and to clean up what is half made"),
            ],
            verbs: [.cancel(execution.id, tenantName: execution.tenantName, reason: nil)])
    }

    private mutating func askForEach(
        _ title: String, isReversible: Bool, effect: String, refusal: (Tenant) -> String?, typesName: Bool = false,
        verb: (Tenant) -> ConsoleVerb
    ) -> [ConsoleEffect] {
        let targets = targets
        let eligible = targets.filter { refusal($0) == nil }
        let isOne = eligible.count == 1
        guard let first = eligible.first else { return [.ring] }
        let subject = isOne ? first.name : "\(eligible.count) tenants"
        var lines: [ConfirmDialog.Line] = [
            .init("scope", .sanitize(eligible.prefix(8).map(\.name).joined(separator: ", "))),
            .init("effect", .sanitize(effect)),
        ]
        if let skipped = targets.first(where: { refusal($0) != nil }) {
            let count = targets.count - eligible.count
            lines.append(.init("skipped", .sanitize("\(count): \(refusal(skipped) ?? "")"), role: .failed))
        }
        var level = ConfirmationLevel(
            count: eligible.count, isReversible: isReversible, isProtected: false, isByFilter: false)
        if typesName { level = max(level, .count) }
        if level == .line { lines.removeFirst() }
        ask(
            level: level, title: "\(title) \(subject)", lines: lines, verbs: eligible.map(verb),
            expectedText: isOne ? first.name : "\(eligible.count)")
        return []
    }

    private mutating func ask(
        level: ConfirmationLevel, title: String, lines: [ConfirmDialog.Line], verbs: [ConsoleVerb],
        expectedText: String = ""
    ) {
        ask(
            ConfirmDialog(level: level, title: .sanitize(title), lines: lines, expectedText: expectedText),
            verbs: verbs)
    }

    /// Puts a question on the screen; what it leads to is frozen with it.
    mutating func ask(_ dialog: ConfirmDialog, verbs: [ConsoleVerb]) {
        modal = .confirm(PendingChange(dialog: dialog, consequence: .submit(verbs)))
    }
}

/// The way from a key to a spec: a file, the editor, the check, the plan, the question.
extension ConsoleModel {
    mutating func beginProvision() -> [ConsoleEffect] {
        [.draft(.write(.provision, text: SpecTemplate.text))]
    }

    mutating func beginUpdate() -> [ConsoleEffect] {
        guard let tenant = selectedTenant else { return [] }
        return [.draft(.write(.update(name: tenant.name), text: SpecTemplate.text(of: tenant)))]
    }

    mutating func take(_ answer: DraftAnswer) -> [ConsoleEffect] {
        switch answer {
        case .written(let draft):
            return [.edit(draft)]
        case .invalid(let draft, let count):
            show("\(count) \(count == 1 ? "problem" : "problems"); see the top of the file", level: .warning)
            return [.edit(draft)]
        case .planned(let draft, let spec, let plan, let isNew):
            modal = .confirm(
                PendingChange(
                    dialog: Self.planDialog(spec, plan, isNew: isNew, rows: size.rows),
                    consequence: .submit([.apply(spec, isNew: isNew)]), draft: draft))
            return []
        case .cancelled(let reason):
            show(reason)
            return []
        case .failed(let reason):
            show(reason, level: .error)
            return []
        }
    }

    mutating func editorEnded(_ draft: SpecDraft, code: Int32) -> [ConsoleEffect] {
        guard code == 0 else {
            show("the editor ended with \(code); nothing was changed", level: .warning)
            return [.draft(.discard(draft))]
        }
        return [.draft(.read(draft))]
    }

    private static func planDialog(_ spec: TenantSpec, _ plan: Plan, isNew: Bool, rows: Int) -> ConfirmDialog {
        var lines = PlanText.summary(plan, limit: max(1, rows - 12))
        if plan.isEmpty { lines = [.init("plan", "the running config stays; labels or annotations may change")] }
        return ConfirmDialog(
            level: .dialog, title: .sanitize("\(isNew ? "Provision" : "Update") \(spec.name)"), lines: lines)
    }
}

/// Why a tenant does not allow a change now; nil where it does.
enum ChangeRules {
    static func updateRefusal(_ tenant: Tenant) -> String? {
        guard tenant.status.isEnding || tenant.failedWhile == .deleting || tenant.failedWhile == .archiving else {
            return nil
        }
        return TenantRefusal.ending(name: tenant.name, status: tenant.status, failedWhile: tenant.failedWhile)
            .description
    }

    static func retryRefusal(_ tenant: Tenant) -> String? {
        tenant.status == .failed ? nil : TenantRefusal.notFailed(name: tenant.name, status: tenant.status).description
    }

    static func archiveRefusal(_ tenant: Tenant) -> String? { refusal(tenant, of: .archiving, end: .archived) }

    static func deleteRefusal(_ tenant: Tenant) -> String? { refusal(tenant, of: .deleting, end: .deleted) }

    static func cancelRefusal(_ tenant: Tenant) -> String? {
        tenant.status.isWorking ? nil : "\(tenant.name) is \(tenant.status.rawValue); nothing of it is under way"
    }

    private static func refusal(_ tenant: Tenant, of status: TenantStatus, end: TenantStatus) -> String? {
        if tenant.status == status || tenant.status == end {
            return "\(tenant.name) is \(tenant.status.rawValue) already"
        }
        if TenantLifecycle.legal[tenant.status, default: []].contains(status) { return nil }
        return "\(tenant.name) is \(tenant.status.rawValue) and cannot become \(end.rawValue); "
            + "wait until it is ready or failed"
    }
}
