import LandlordDomain
import StatesLanguage

/// The screen of one run.
struct RunDetail: Hashable, Sendable {
    /// The pages of the screen.
    enum Tab: String, Hashable, Sendable, CaseIterable {
        case graph = "Graph"
        case timeline = "Timeline"
        case history = "History"
        case raw = "Raw"
        case pending = "Pending"
        case data = "Data"
    }

    let id: String
    var tab = Tab.graph
    var facts: RunFacts?
    /// Whether the run was looked for and is not there.
    var isGone = false
    var scrolledRows = 0

    mutating func take(_ facts: RunFacts?) {
        isGone = facts == nil
        if let facts { self.facts = facts }
    }
}

/// A run with all that its screen shows.
struct RunFacts: Hashable, Sendable {
    /// How many events are read; those behind them are left to the command line.
    static let historyLimit = 1_000

    var run: WorkflowRun
    /// What it runs, where that can still be read.
    var outline: MachineOutline?
    /// The history, oldest first, up to the limit.
    var history: [HistoryEvent] = []
    /// What it waits for.
    var tasks: [StoredTask] = []
    var signals: [StoredSignal] = []
    /// Requests to people that are not decided.
    var approvals: [Approval] = []
    /// The variables of the main line.
    var variables: JSONObject = [:]
    /// How far the branches of its state are; nil where it has none.
    var branches: BranchProgress?
    /// Who has suspended it, since when and why.
    var suspension: RunSuspension?

    /// What its why-sentence is made of.
    var why: RunWhy.Facts {
        RunWhy.Facts(tasks: tasks, branches: branches, suspension: suspension, outline: outline)
    }
}
