import LandlordDomain

/// The whole screen: a function of the model, a size and a theme.
struct ConsoleView {
    let model: ConsoleModel

    func frame(size: Size, theme: Theme) -> Frame {
        var frame = theme.frame(size)
        let layout = ScreenLayout(size)
        if layout.isTiny {
            drawTiny(into: &frame, theme: theme)
            return frame
        }
        let (header, _) = frame.bounds.splitRows(layout.headerRows)
        HeaderView(model: model).draw(into: &frame, in: header, theme: theme)
        drawBody(into: &frame, layout: layout, theme: theme)
        drawFooter(into: &frame, layout: layout, theme: theme)
        drawModal(into: &frame, layout: layout, theme: theme)
        return frame
    }

    /// One line that still says what matters.
    private func drawTiny(into frame: inout Frame, theme: Theme) {
        let fleet = model.fleet ?? Fleet()
        let text =
            "\(fleet.tenants[.failed, default: 0]) failed, \(fleet.movingCount) moving, "
            + "DLQ \(fleet.deadLetterCount)  q quit"
        frame.put(.sanitize(text), row: 0, column: 0, style: theme[.text], width: frame.size.columns)
        if case .confirm(let change) = model.modal {
            change.dialog.draw(into: &frame, in: frame.bounds, theme: theme)
        }
    }

    private func drawBody(into frame: inout Frame, layout: ScreenLayout, theme: Theme) {
        switch model.place {
        case .tenants:
            TenantsView(model: model).draw(into: &frame, in: layout.list, theme: theme)
            guard layout.hasTwoPanes else { return }
            let pane = layout.pane
            frame.verticalLine(pane, style: theme[.border])
            if let preview = model.preview {
                TenantDetailView(detail: preview, now: model.now, isFocused: false)
                    .draw(into: &frame, in: pane.inset(left: 2), theme: theme)
            }
        case .executions:
            let height = Table.visibleRows(in: layout.body)
            ExecutionsView(model, height: height).draw(into: &frame, in: layout.body, theme: theme)
            if !model.executions.hasLoaded { ListSkeleton.draw(into: &frame, in: layout.body, theme: theme) }
        case .causes:
            CausesView(model: model).draw(into: &frame, in: layout, theme: theme)
        case .callbacks:
            CallbacksView(model: model).draw(into: &frame, in: layout.body, theme: theme)
            if !model.callbacks.hasLoaded { ListSkeleton.draw(into: &frame, in: layout.body, theme: theme) }
        case .runs:
            RunsView(model: model).draw(into: &frame, in: layout.body, theme: theme)
            if !model.runs.hasLoaded { ListSkeleton.draw(into: &frame, in: layout.body, theme: theme) }
        case .approvals:
            ApprovalsView(model: model).draw(into: &frame, in: layout.body, theme: theme)
            if !model.approvals.hasLoaded { ListSkeleton.draw(into: &frame, in: layout.body, theme: theme) }
        case .schedules:
            SchedulesView(model: model).draw(into: &frame, in: layout.body, theme: theme)
            if !model.schedules.hasLoaded { ListSkeleton.draw(into: &frame, in: layout.body, theme: theme) }
        case .schedule(let detail):
            ScheduleDetailView(detail: detail, now: model.now).draw(into: &frame, in: layout.body, theme: theme)
        case .approval(let detail):
            ApprovalDetailView(detail: detail, now: model.now).draw(into: &frame, in: layout.body, theme: theme)
        case .run(let detail):
            RunDetailView(detail: detail, now: model.now).draw(into: &frame, in: layout.body, theme: theme)
        case .tenant(let detail):
            TenantDetailView(detail: detail, now: model.now).draw(into: &frame, in: layout.body, theme: theme)
        case .execution(let detail):
            ExecutionDetailView(detail: detail, now: model.now).draw(into: &frame, in: layout.body, theme: theme)
        case .callback(let detail):
            CallbackDetailView(detail: detail, now: model.now).draw(into: &frame, in: layout.body, theme: theme)
        }
    }

    private func drawFooter(into frame: inout Frame, layout: ScreenLayout, theme: Theme) {
        let bounds = frame.bounds
        let footer = bounds.inset(top: bounds.rows - layout.footerRows)
        let why = footer.line(0)
        if case .prompt(let state) = model.modal, !state.prompt.problem.isEmpty {
            // The prompt itself has room for half of a sentence only.
            frame.put(
                state.prompt.problem, row: why.row, column: why.column, style: theme[.invalid], width: why.columns)
        } else {
            frame.put(
                .sanitize(WhyLine.text(of: model)), row: why.row, column: why.column, style: theme[.why],
                width: why.columns)
        }
        KeyFooter(hints: Bindings.footer(for: model)).draw(into: &frame, in: footer.line(1), theme: theme)
        if !layout.isCompact, let line = OperationText.line(of: model) {
            let last = footer.line(-1)
            frame.put(.sanitize(line), row: last.row, column: last.column, style: theme[.count], width: last.columns)
        }
        if let toast = model.toast {
            let line = footer.line(-1)
            if layout.isCompact { frame.fill(line, style: theme[.text]) }
            toast.draw(into: &frame, in: line, theme: theme)
        }
    }

    private func drawModal(into frame: inout Frame, layout: ScreenLayout, theme: Theme) {
        switch model.modal {
        case .prompt(let state):
            state.prompt.draw(into: &frame, in: frame.bounds.line(-1), theme: theme)
        case .confirm(let change):
            change.dialog.draw(into: &frame, in: frame.bounds, theme: theme)
        case .help(let state):
            let content = Size(rows: frame.size.rows - 2, columns: frame.size.columns - 4)
            let inner = Dialog(title: "Help", contentSize: content).draw(into: &frame, in: frame.bounds, theme: theme)
            let (list, last) = inner.splitRows(max(0, inner.rows - 1))
            var help = HelpView(sections: Bindings.help(for: model))
            help.filter = state.filter.text
            help.scrolledRows = min(state.scrolledRows, help.scrollLimit(in: list))
            help.draw(into: &frame, in: list, theme: theme)
            Prompt(label: "find ", editor: state.filter).draw(into: &frame, in: last, theme: theme)
        case .operations(let state):
            OperationsView(operations: model.operations, cursor: state.cursor, now: model.now)
                .draw(into: &frame, in: frame.bounds, theme: theme)
        case nil:
            break
        }
    }
}
