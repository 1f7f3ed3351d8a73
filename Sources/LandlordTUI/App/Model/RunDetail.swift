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

        /// Whether it shows the history, event by event or in its shape.
        var isOfHistory: Bool {
            switch self {
            case .timeline, .history, .raw: true
            case .graph, .pending, .data: false
            }
        }
    }

    /// A line that stays where it is while another part of the history is read.
    private struct HeldLine: Hashable, Sendable {
        let subject: Int
        /// How many lines of the same subject stand above it.
        let offset: Int
    }

    let id: String
    var tab = Tab.graph
    var facts: RunFacts?
    /// Whether the run was looked for and is not there.
    var isGone = false
    var scrolledRows = 0
    /// The part of the history that is wanted.
    private(set) var part = HistoryPart.after(0)
    /// Whether the end is shown, also while the run goes on.
    private(set) var isFollowing = false
    private var held: HeldLine?

    init(id: String) {
        self.id = id
    }

    /// Takes what was read of the run with a part of its history; a part that is no longer wanted is let go.
    mutating func take(_ facts: RunFacts?, part: HistoryPart) {
        guard part == self.part else { return }
        isGone = facts == nil
        if let facts { self.facts = facts }
    }

    /// Opens another page at its beginning, or at its end where that is followed.
    ///
    /// A graph is lit from the beginning of the history.
    mutating func open(_ tab: Tab) {
        self.tab = tab
        scrolledRows = 0
        held = nil
        guard !tab.isOfHistory else { return }
        (part, isFollowing) = (.after(0), false)
    }

    /// Moves the text; near the edge of what is read, another part of the history is wanted.
    ///
    /// - Parameters:
    ///   - move: Where to.
    ///   - lines: The lines of the page.
    ///   - height: How many of them are shown.
    /// - Returns: Whether something has to be read.
    mutating func move(_ move: Move, over lines: [TextPane.Line], height: Int) -> Bool {
        let limit = max(0, lines.count - height)
        scrolledRows = min(limit, move.scrolled(from: isFollowing ? limit : scrolledRows, height: height))
        guard tab.isOfHistory, let facts, facts.part == part else { return false }
        held = nil
        isFollowing = scrolledRows == limit && (move == .bottom || facts.laterCount == 0)
        if isFollowing {
            part = .end
        } else if move == .top {
            part = .after(0)
        } else {
            part = .after(facts.earlierCount)
            let margin = 2 * height
            if move.isDown, scrolledRows + margin > limit, facts.laterCount > 0 {
                part = .after(facts.earlierCount + HistoryPart.step)
            } else if !move.isDown, scrolledRows < margin, facts.earlierCount > 0 {
                part = .after(max(0, facts.earlierCount - HistoryPart.step))
            } else {
                self.facts?.part = part
            }
            hold(lines)
        }
        return part != self.facts?.part
    }

    private mutating func hold(_ lines: [TextPane.Line]) {
        guard let row = lines.indices.first(where: { $0 >= scrolledRows && lines[$0].subject != nil }),
            let subject = lines[row].subject
        else { return }
        held = HeldLine(subject: subject, offset: row - (lines.firstIndex { $0.subject == subject } ?? row))
    }

    /// Puts the text back to the line that was held, once the part is there that was wanted.
    mutating func restore(over lines: [TextPane.Line], height: Int) {
        guard let held, facts?.part == part else { return }
        self.held = nil
        guard let first = lines.firstIndex(where: { $0.subject ?? 0 >= held.subject }) else { return }
        scrolledRows = min(max(0, lines.count - height), first + held.offset)
    }
}

/// A part of a run's history, of which at most `limit` events are read.
enum HistoryPart: Hashable, Sendable {
    /// What stands behind so many events.
    case after(Int)
    /// The end, as it grows.
    case end

    /// How many events are read at once.
    static let limit = 1_000
    /// How many events later or earlier the next part begins; parts overlap, so that a screen is never at the edge.
    static let step = 500

    /// How many events stand before the part in a history of so many.
    func start(of count: Int) -> Int {
        switch self {
        case .after(let start): start
        case .end: max(0, count - Self.limit)
        }
    }
}

/// A run with all that its screen shows.
struct RunFacts: Hashable, Sendable {
    var run: WorkflowRun
    /// What it runs, where that can still be read.
    var outline: MachineOutline?
    /// Which part of the history was read.
    var part = HistoryPart.after(0)
    /// That part, oldest first.
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

    /// How many events stand before the part that was read.
    var earlierCount: Int { history.first.map { $0.id - 1 } ?? part.start(of: run.eventCount) }
    /// How many stand behind it.
    var laterCount: Int { max(0, run.eventCount - (history.last?.id ?? earlierCount)) }

    /// What its why-sentence is made of.
    var why: RunWhy.Facts {
        RunWhy.Facts(tasks: tasks, branches: branches, suspension: suspension, outline: outline)
    }
}
