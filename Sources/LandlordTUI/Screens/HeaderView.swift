import LandlordDomain
import StatesLanguage

/// The lines at the top: where we are, how the fleet is, which screens there are.
struct HeaderView {
    let model: ConsoleModel

    func draw(into frame: inout Frame, in rect: Rect, theme: Theme) {
        if model.layout.isCompact {
            drawBrand(into: &frame, in: rect.line(0), theme: theme, isShort: true)
            drawTitle(into: &frame, in: rect.line(1), theme: theme)
            return
        }
        drawBrand(into: &frame, in: rect.line(0), theme: theme, isShort: false)
        drawCounts(into: &frame, in: rect.line(1), theme: theme)
        drawScreens(into: &frame, in: rect.line(2), theme: theme)
        drawTitle(into: &frame, in: rect.line(3), theme: theme)
    }

    /// How fresh the screen is, and whether anything can change: a mark, a word and a role, because colour is never
    /// the only signal.
    private var liveness: (text: String, role: Role) {
        if model.isPaused { return ("= paused", .muted) }
        if let since = model.staleSince {
            return ("~ stale \(AgeText.text(model.now.duration(since: since))) retrying", .failed)
        }
        if let trouble = model.fleet?.trouble { return ("! \(trouble.headline)", .failed) }
        return model.fleet == nil ? ("~ loading", .muted) : ("* live", .live)
    }

    private func drawBrand(into frame: inout Frame, in line: Rect, theme: Theme, isShort: Bool) {
        let (text, role) = liveness
        let right = DisplayText.sanitize(text)
        frame.putRight(right, in: line, style: theme[role])
        let room = line.columns - right.width - 2
        var column = line.column
        if !isShort {
            column += frame.put("landlord", row: line.row, column: column, style: theme[.title], width: room) + 2
        }
        let database = shortDatabase(room: line.columns / 3)
        column += frame.put(database, row: line.row, column: column, style: theme[.text], width: room - column) + 2
        guard !isShort, let fleet = model.fleet else { return }
        let (driver, driverRole): (String, Role) =
            switch fleet.driver {
            case .thisProcess: ("driving here", .muted)
            case .other(let who): ("driven by \(who)", .muted)
            case .unknown: ("~ looking who drives", .muted)
            case .nobody: ("! nobody drives", .failed)
            }
        frame.put(.sanitize(driver), row: line.row, column: column, style: theme[driverRole], width: room - column)
    }

    /// The database's path, or its last part where the path is long: the end tells databases apart.
    private func shortDatabase(room: Int) -> DisplayText {
        let whole = DisplayText.sanitize(model.identity.database)
        guard whole.width > room, let name = model.identity.database.split(separator: "/").last else { return whole }
        return .sanitize(String(name))
    }

    private func drawCounts(into frame: inout Frame, in line: Rect, theme: Theme) {
        guard let fleet = model.fleet else {
            frame.put("counting", row: line.row, column: line.column, style: theme[.muted], width: line.columns)
            return
        }
        let glyphs = frame.glyphs
        var column = line.column
        func put(_ text: DisplayText, _ role: Role) {
            guard column < line.endColumn else { return }
            column += frame.put(
                text, row: line.row, column: column, style: theme[role], width: line.endColumn - column)
            column += 2
        }
        func count(_ mark: StatusMark, _ number: Int, _ word: String) {
            put(mark.text(glyphs, word: "\(NumberText.grouped(number)) \(word)"), number > 0 ? mark.role : .muted)
        }
        put(.sanitize("\(NumberText.grouped(fleet.tenantCount)) tenants"), .count)
        count(.ready, fleet.tenants[.ready, default: 0], "ready")
        count(.provisioning, fleet.movingCount, "moving")
        count(.failed, fleet.tenants[.failed, default: 0], "failed")
        let dead = fleet.deadLetterCount
        put(.sanitize("DLQ \(NumberText.grouped(dead))"), dead > 0 ? .failed : .muted)
        count(.archived, fleet.tenants[.archived, default: 0], "archived")
    }

    private func drawScreens(into frame: inout Frame, in line: Rect, theme: Theme) {
        let current = model.stack.last { $0.scope.number != nil }?.scope.number
        var column = line.column
        for scope in Scope.numbered {
            guard let number = scope.number, column < line.endColumn else { continue }
            let name = "\(number) \(scope.title.string)"
            let isCurrent = number == current
            column += frame.put(
                .sanitize(isCurrent ? "[\(name)]" : " \(name) "), row: line.row, column: column,
                style: theme[isCurrent ? .activeTab : .tab], width: line.endColumn - column)
        }
    }

    private func drawTitle(into frame: inout Frame, in line: Rect, theme: Theme) {
        guard !line.isEmpty else { return }
        let chips = DisplayText.sanitize(TitleText.chips(of: model))
        frame.putRight(chips, in: line, style: theme[.sort])
        let room = max(0, line.columns - chips.width - 1)
        let used = frame.put(
            .sanitize(TitleText.path(of: model)), row: line.row, column: line.column, style: theme[.title],
            width: room)
        let filter = TitleText.filter(of: model)
        guard !filter.isEmpty, used + 1 < room else { return }
        frame.put(
            .sanitize(filter), row: line.row, column: line.column + used + 1, style: theme[.filter],
            width: room - used - 1)
    }
}

/// The words of the line above the body.
enum TitleText {
    /// The way that led here: `Tenants > acme`.
    static func path(of model: ConsoleModel) -> String {
        let names = model.stack.enumerated().compactMap { index, place -> String? in
            switch place {
            // The tenants are the way to everything; the numbered screens stand for themselves.
            case .tenants: model.stack.count > 1 && model.stack[1].scope.number != nil ? nil : "Tenants"
            case .executions: "Executions"
            case .causes: "Dead letters"
            case .runs: "Runs"
            case .run(let detail): detail.id
            case .approvals: "Approvals"
            case .approval(let detail): detail.id
            case .schedules: "Schedules"
            case .schedule(let detail): detail.name
            case .callbacks:
                index > 0 && model.stack[index - 1].scope == .causes
                    ? model.deadLetters.cause?.title : "Dead letters"
            case .tenant(let detail): detail.name
            case .execution(let detail): detail.id.rawValue
            case .callback(let detail): detail.id.rawValue
            }
        }
        return names.suffix(4).joined(separator: " > ")
    }

    static func filter(of model: ConsoleModel) -> String {
        let text = model.filter.text
        return text.isEmpty ? "" : "> \(text)"
    }

    /// What is at the right: marks, pending rows, the order.
    static func chips(of model: ConsoleModel) -> String {
        var chips: [String] = []
        switch model.scope {
        case .tenants:
            let marks = model.tenants.scroller.marks.count
            if marks > 0 { chips.append("\(marks) marked") }
            chips += pending(model.tenants.scroller.pendingCount)
        case .executions: chips += pending(model.executions.scroller.pendingCount)
        case .causes:
            let causes = model.causes.scroller.ids.compactMap { model.causes.item($0) }
            if model.deadLetters.areAllMarked { chips.append("all marked") }
            if !causes.isEmpty {
                let letters = NumberText.grouped(causes.reduce(0) { $0 + $1.count })
                chips.append("\(causes.count) \(causes.count == 1 ? "cause" : "causes"), \(letters) dead")
            }
            chips += pending(model.causes.scroller.pendingCount)
        case .callbacks:
            let marks = model.callbacks.scroller.marks.count
            if model.deadLetters.areAllMarked { chips.append("all that match marked") }
            if marks > 0 { chips.append("\(marks) marked") }
            chips += pending(model.callbacks.scroller.pendingCount)
        case .runs: chips += pending(model.runs.scroller.pendingCount)
        case .approvals: chips += pending(model.approvals.scroller.pendingCount)
        case .schedules: chips += pending(model.schedules.scroller.pendingCount)
        case .tenant, .execution, .callback, .run, .approval, .schedule: break
        }
        if let order = model.order, !model.layout.isCompact { chips.append("sort \(order.name)") }
        return chips.joined(separator: "  ")
    }

    private static func pending(_ count: Int) -> [String] { count > 0 ? ["order held, . takes \(count)"] : [] }
}

/// Writes numbers for people.
enum NumberText {
    /// The number with its thousands apart, as `1,284`.
    static func grouped(_ number: Int) -> String {
        let digits = Array(String(abs(number)))
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return number < 0 ? "-" + text : text
    }
}
