import LandlordDomain
import StatesLanguage

/// A window over a list that may be endless, kept fresh while the cursor stays where it is.
///
/// One window of rows around the cursor is loaded, by key and never by offset. `anchors` are the keys where windows
/// began on the way down: when the cursor comes near the end of the window a window that begins closer to it is
/// asked for, and when it comes near the beginning the former one is. So a list of a hundred thousand rows costs
/// what its window costs.
struct LiveList<Item: Identifiable & Hashable & Sendable>: Hashable, Sendable where Item.ID: Sendable {
    /// What must be loaded after a move.
    enum Wish: Hashable, Sendable {
        case nothing
        /// The window that begins behind the last anchor.
        case window
        /// The last window, by walking there.
        case end
    }

    var scroller = Scroller<Item.ID>()
    private(set) var items: [Item.ID: Item] = [:]
    /// Where windows began on the way down; empty at the beginning of the list.
    private(set) var anchors: [PageCursor] = []
    private(set) var hasLoaded = false
    /// Whether a window was asked for that is not here yet, so that moving does not ask for another.
    private(set) var isShifting = false
    /// Whether the walk to the end goes on; live reloads wait for it.
    private(set) var isWalking = false
    /// When the operator moved the cursor last: rows keep their places for a moment after it.
    private(set) var movedAt: Timestamp?
    /// A row that the cursor should go to when it appears.
    var wantedCursor: Item.ID?
    /// The row on which the cursor stood when somebody began to type a filter.
    private var rememberedCursor: Item.ID?
    private var shownAnchor: PageCursor?

    var selected: Item? { scroller.cursor.flatMap { items[$0] } }

    /// The marked rows in no particular order.
    var marked: [Item] { scroller.marks.compactMap { items[$0] } }

    /// How many rows a window has on a screen of some height: enough that moving seldom asks for more.
    static func windowLimit(height: Int) -> Int { PageLimit.clamped(max(240, 6 * height)) }

    func item(_ id: Item.ID) -> Item? { items[id] }

    /// Moves the cursor.
    ///
    /// - Parameters:
    ///   - motion: Where to.
    ///   - height: The rows of the screen.
    ///   - now: When the operator pressed the key.
    ///   - cursor: The place of a row in the list's order.
    /// - Returns: What must be loaded for it.
    mutating func move(
        _ motion: Scroller<Item.ID>.Motion, height: Int, at now: Timestamp, cursor: (Item) -> PageCursor
    ) -> Wish {
        movedAt = now
        wantedCursor = nil
        guard let need = scroller.move(motion, height: height), !isShifting, !isWalking else { return .nothing }
        switch need {
        case .first:
            anchors = []
        case .last:
            isWalking = true
            return .end
        case .after:
            let start = (scroller.cursorIndex ?? 0) - Self.windowLimit(height: height) / 2
            guard start > 0, let item = items[scroller.ids[start]] else { return .nothing }
            anchors.append(cursor(item))
        case .before:
            guard anchors.popLast() != nil else { return .nothing }
        }
        isShifting = true
        return .window
    }

    /// Takes a window that was loaded.
    ///
    /// - Parameters:
    ///   - page: The rows.
    ///   - walked: The anchors that a walk to the end left behind; nil for a plain window.
    ///   - isHeld: Whether rows must keep their places for now.
    ///   - height: The rows of the screen.
    mutating func take(_ page: Page<Item>, walked: [PageCursor]?, isHeld: Bool, height: Int) {
        if let walked { anchors = walked }
        let isSameWindow = hasLoaded && shownAnchor == anchors.last && walked == nil
        shownAnchor = anchors.last
        hasLoaded = true
        isShifting = false
        isWalking = false
        for item in page.items { items[item.id] = item }
        let ids = page.items.map(\.id)
        scroller.replace(
            with: ids, hasMoreBefore: !anchors.isEmpty, hasMoreAfter: page.next != nil,
            isHeld: isHeld && isSameWindow)
        if walked != nil, let last = ids.last { _ = scroller.move(.to(last), height: height) }
        if let wanted = wantedCursor, scroller.ids.contains(wanted) {
            _ = scroller.move(.to(wanted), height: height)
            wantedCursor = nil
        }
        if anchors.isEmpty, page.next == nil, scroller.pending == nil {
            // The whole list is here, so what is not in it is gone.
            scroller.unmark(scroller.marks.subtracting(ids))
        }
        prune()
    }

    /// Remembers where the cursor is while other rows are looked at.
    mutating func rememberCursor() { rememberedCursor = scroller.cursor }

    /// Lets the cursor go back to where it was, once that row is there again.
    mutating func recallCursor() {
        wantedCursor = rememberedCursor
        rememberedCursor = nil
    }

    /// Forgets the window and where it began, because the list is another one now.
    mutating func startOver() {
        anchors = []
        isShifting = true
        isWalking = false
        // Nobody has moved in the new list, so nothing keeps its rows from coming.
        movedAt = nil
        scroller.clearMarks()
        scroller.applyPending()
    }

    /// A load did not come back; moving may ask again.
    mutating func loadFailed() {
        isShifting = false
        isWalking = false
    }

    /// Lets rows take their places if nothing speaks against it.
    mutating func settle(isHeld: Bool) {
        if !isHeld, scroller.pending != nil {
            scroller.applyPending()
            prune()
        }
    }

    private mutating func prune() {
        var kept = Set(scroller.ids).union(scroller.marks)
        if let pending = scroller.pending { kept.formUnion(pending) }
        items = items.filter { kept.contains($0.key) }
    }
}

extension TenantQuery.Order {
    /// The place of a tenant in a list of this order, as the repository's pages give it.
    func cursor(of tenant: Tenant) -> PageCursor {
        let key =
            switch self {
            case .newest: "\(tenant.createdAt.millisecondsSinceEpoch)"
            case .name: tenant.name
            case .updated: "\(tenant.updatedAt.millisecondsSinceEpoch)"
            case .longestInStatus: "\(tenant.statusSince.millisecondsSinceEpoch)"
            }
        return PageCursor(key: key, id: tenant.id.rawValue)
    }
}

extension ComputeExecution {
    /// The place of the execution in a list.
    var listCursor: PageCursor { PageCursor(key: "\(createdAt.millisecondsSinceEpoch)", id: id.rawValue) }
}

extension WorkflowRun {
    /// The run's place in the list.
    var listCursor: PageCursor { PageCursor(key: "\(createdAt.millisecondsSinceEpoch)", id: id) }
}

extension Approval {
    /// The request's place in the list.
    var listCursor: PageCursor { PageCursor(key: "\(createdAt.millisecondsSinceEpoch)", id: id) }
}

extension Schedule {
    /// The schedule's place in the list.
    var listCursor: PageCursor { PageCursor(key: "\(createdAt.millisecondsSinceEpoch)", id: id) }
}

extension CallbackQuery.Order {
    /// The place of a callback in a list of this order, as the repository's pages give it.
    func cursor(of callback: Callback) -> PageCursor {
        let born = callback.createdAt.millisecondsSinceEpoch
        let key =
            switch self {
            case .newest: born
            case .attention: Self.rank(of: callback.status) * 1_000_000_000_000_000 + born
            }
        return PageCursor(key: "\(key)", id: callback.id.rawValue)
    }

    /// What needs somebody comes first.
    private static func rank(of status: CallbackStatus) -> Int64 {
        switch status {
        case .dead: 0
        case .delivering: 1
        case .pending: 2
        case .discarded: 3
        case .delivered: 4
        }
    }
}
