import LandlordDomain

/// What a screen shows: one entry of the way that led here.
enum Place: Hashable, Sendable {
    case tenants
    case executions
    /// The dead letters by cause.
    case causes
    /// Callbacks one by one, all of them or those of one cause.
    case callbacks
    case runs
    case tenant(TenantDetail)
    case execution(ExecutionDetail)
    case run(RunDetail)
    /// What runs ask people for.
    case approvals
    case approval(ApprovalDetail)
    /// What starts runs by the clock.
    case schedules
    case schedule(ScheduleDetail)
    case callback(CallbackDetail)

    /// The kind of the place, which decides what keys mean.
    var scope: Scope {
        switch self {
        case .tenants: .tenants
        case .executions: .executions
        case .causes: .causes
        case .callbacks: .callbacks
        case .runs: .runs
        case .tenant: .tenant
        case .execution: .execution
        case .run: .run
        case .approvals: .approvals
        case .approval: .approval
        case .schedules: .schedules
        case .schedule: .schedule
        case .callback: .callback
        }
    }
}

/// The kinds of places.
enum Scope: String, Hashable, Sendable, CaseIterable {
    case tenants, executions, causes, callbacks, runs, tenant, execution, callback, run, approvals, approval
    case schedules, schedule

    /// The screens that a number leads to; callbacks are another view of the causes' screen.
    static let numbered: [Scope] = [.tenants, .executions, .causes, .runs, .approvals, .schedules]

    var title: DisplayText {
        switch self {
        case .tenants: "Tenants"
        case .executions: "Executions"
        case .causes, .callbacks: "Dead letters"
        case .runs: "Runs"
        case .run: "Run"
        case .approvals: "Approvals"
        case .approval: "Approval"
        case .schedules: "Schedules"
        case .schedule: "Schedule"
        case .tenant: "Tenant"
        case .execution: "Execution"
        case .callback: "Callback"
        }
    }

    /// The number that leads to the screen.
    var number: Character? {
        switch self {
        case .tenants: "2"
        case .executions: "3"
        case .causes, .callbacks: "4"
        case .runs: "5"
        case .approvals: "6"
        case .schedules: "7"
        case .tenant, .execution, .callback, .run, .approval, .schedule: nil
        }
    }
}

/// The screen of one tenant.
struct TenantDetail: Hashable, Sendable {
    /// The pages of the screen.
    enum Tab: String, Hashable, Sendable, CaseIterable {
        case overview = "Overview"
        case plan = "Plan"
        case transitions = "Transitions"
        case executions = "Executions"
        case logs = "Logs"
    }

    /// The most log lines that are kept; older ones go.
    static let logLimit = 2_000

    let id: Tenant.ID
    var name: String
    var tab = Tab.overview
    var facts: TenantFacts?
    /// Whether the tenant was looked for and is not there.
    var isGone = false
    var scrolledRows = 0
    /// The cursor of the executions.
    var executions = Scroller<ComputeExecution.ID>()
    /// The lines as they are shown, made safe once and not for every frame.
    var logs: [TextPane.Line] = []
    var logPlace: LogPlace?
    /// Whether the newest log line stays in sight.
    var isFollowing = true

    var selectedExecution: ComputeExecution? {
        guard tab == .executions, let cursor = executions.cursor else { return nil }
        return facts?.executions.first { $0.id == cursor }
    }

    mutating func take(_ facts: TenantFacts?) {
        guard let facts else {
            isGone = true
            return
        }
        isGone = false
        self.facts = facts
        name = facts.tenant.name
        executions.replace(with: facts.executions.map(\.id))
    }

    mutating func takeLogs(_ lines: [LogLine], _ place: LogPlace) {
        let width = min(20, lines.map { $0.container.count }.max() ?? 0)
        logs += lines.suffix(Self.logLimit).map { line in
            let name = line.container + String(repeating: " ", count: max(0, width - line.container.count))
            return TextPane.Line(.sanitize(name + "  " + line.text))
        }
        if logs.count > Self.logLimit { logs.removeFirst(logs.count - Self.logLimit) }
        logPlace = place
    }
}

/// The screen of one execution.
struct ExecutionDetail: Hashable, Sendable {
    /// The pages of the screen.
    enum Tab: String, Hashable, Sendable, CaseIterable {
        case timeline = "Timeline"
        case error = "Error"
        case run = "Run"
        case config = "Config"
    }

    let id: ComputeExecution.ID
    var tab = Tab.timeline
    var facts: ExecutionFacts?
    var isGone = false
    var scrolledRows = 0

    mutating func take(_ facts: ExecutionFacts?) {
        isGone = facts == nil
        if let facts { self.facts = facts }
    }
}

/// What lies over the screen and takes the keys.
enum Modal: Hashable, Sendable {
    case prompt(PromptState)
    case confirm(PendingChange)
    case help(HelpState)
    case operations(OperationsState)
}

/// The line that asks for text.
struct PromptState: Hashable, Sendable {
    /// What the text is for.
    enum Purpose: Hashable, Sendable {
        /// A filter, and the one that comes back on Escape.
        case filter(former: String)
        case command
        /// A signal to a run: its name and its data.
        case signal(run: String)
        /// A new run: its workflow, its name and its input.
        case start
    }

    var purpose: Purpose
    var prompt: Prompt
}

/// A question before a change, and the change: for exactly these things, whatever the screen shows meanwhile.
struct PendingChange: Hashable, Sendable {
    /// What a confirmation leads to.
    enum Consequence: Hashable, Sendable {
        case submit([ConsoleVerb])
        case quit
    }

    var dialog: ConfirmDialog
    var consequence: Consequence
    /// The file that the change came from; thrown away when the question is answered.
    var draft: SpecDraft?
}

/// The help, its filter and how far it is scrolled.
struct HelpState: Hashable, Sendable {
    var filter = LineEditor()
    var scrolledRows = 0
}
