/// The cursor, the window and the marks over a list that is loaded page by page.
///
/// Everything is kept by identity and nothing by index: when rows come, go or change places, the cursor stays on its
/// row, and what an operator confirmed is what was marked. If the cursor's row goes, the cursor moves to the nearest
/// row that is left, the next one first.
public struct Scroller<ID: Hashable & Sendable>: Hashable, Sendable {
    /// How the cursor can move.
    public enum Motion: Hashable, Sendable {
        case up, down, pageUp, pageDown, halfPageUp, halfPageDown, top, bottom
        /// To a row that is loaded; otherwise the cursor stays.
        case to(ID)
    }

    /// What should be loaded next.
    public enum Need: Hashable, Sendable {
        /// The page that ends before a row.
        case before(ID)
        /// The page that begins after a row.
        case after(ID)
        /// The first page of the list.
        case first
        /// The last page of the list.
        case last
    }

    /// The most rows kept; when a page goes beyond it, rows at the other end are forgotten and loaded again on demand.
    public static var limit: Int { 4000 }

    /// The loaded rows, in order.
    public private(set) var ids: [ID] = []
    /// Whether rows exist before the first loaded one.
    public private(set) var hasMoreBefore = false
    /// Whether rows exist after the last loaded one.
    public private(set) var hasMoreAfter = false
    /// The row that keys act on; nil while nothing is loaded.
    public private(set) var cursor: ID?
    /// The marked rows, loaded or not.
    public private(set) var marks: Set<ID> = []
    /// The rows as they would be if the order were not held.
    public private(set) var pending: [ID]?
    private var top: ID?

    /// Creates an empty list.
    public init() {}

    /// The cursor's place among the loaded rows.
    public var cursorIndex: Int? { cursor.flatMap { ids.firstIndex(of: $0) } }

    /// How many rows would change places, come or go when the pending order is applied.
    public var pendingCount: Int {
        guard let pending else { return 0 }
        let moved = zip(ids, pending).count { $0 != $1 }
        return moved + abs(ids.count - pending.count)
    }

    /// Returns which of the loaded rows a screen of some height shows.
    public func window(height: Int) -> Range<Int> {
        guard height > 0, !ids.isEmpty else { return 0..<0 }
        var start = top.flatMap { ids.firstIndex(of: $0) } ?? 0
        if let cursorIndex {
            if cursorIndex < start { start = cursorIndex }
            if cursorIndex >= start + height { start = cursorIndex - height + 1 }
        }
        start = min(start, max(0, ids.count - height))
        return start..<min(ids.count, start + height)
    }

    /// Returns the rows that a screen of some height shows.
    public func visible(height: Int) -> ArraySlice<ID> { ids[window(height: height)] }

    /// Returns the cursor's place on a screen of some height.
    public func cursorRow(height: Int) -> Int? {
        let window = window(height: height)
        guard let cursorIndex, window.contains(cursorIndex) else { return nil }
        return cursorIndex - window.lowerBound
    }

    /// Moves the cursor and returns what should be loaded, if the end of what is loaded comes near.
    public mutating func move(_ motion: Motion, height: Int) -> Need? {
        if case .to(let id) = motion {
            if ids.contains(id) { place(id, height: height) }
            return nil
        }
        if motion == .top, hasMoreBefore { return .first }
        if motion == .bottom, hasMoreAfter { return .last }
        guard !ids.isEmpty else { return nil }
        let page = max(1, height - 1)
        let current = cursorIndex ?? 0
        let wanted: Int =
            switch motion {
            case .up: current - 1
            case .down: current + 1
            case .pageUp: current - page
            case .pageDown: current + page
            case .halfPageUp: current - max(1, height / 2)
            case .halfPageDown: current + max(1, height / 2)
            case .top: 0
            case .bottom: ids.count - 1
            case .to: current
            }
        place(ids[min(max(0, wanted), ids.count - 1)], height: height)
        return need(height: height)
    }

    /// Returns what should be loaded for the rows around the cursor.
    public func need(height: Int) -> Need? {
        guard let cursorIndex, let first = ids.first, let last = ids.last else { return nil }
        if hasMoreAfter, cursorIndex + 2 * height >= ids.count { return .after(last) }
        if hasMoreBefore, cursorIndex < 2 * height { return .before(first) }
        return nil
    }

    private mutating func place(_ id: ID, height: Int) {
        cursor = id
        let start = window(height: height).lowerBound
        top = ids.indices.contains(start) ? ids[start] : nil
    }
}

extension Scroller {
    /// Takes a list that was read again.
    ///
    /// - Parameters:
    ///   - newIDs: The rows in their order now.
    ///   - hasMoreBefore: Whether there are rows before the first one.
    ///   - hasMoreAfter: Whether there are rows after the last one.
    ///   - isHeld: Whether rows must keep their places for now; the new order then waits in `pending`.
    public mutating func replace(
        with newIDs: [ID], hasMoreBefore: Bool = false, hasMoreAfter: Bool = false, isHeld: Bool = false
    ) {
        self.hasMoreBefore = hasMoreBefore
        self.hasMoreAfter = hasMoreAfter
        if isHeld, !ids.isEmpty {
            pending = newIDs == ids ? nil : newIDs
        } else {
            adopt(newIDs)
        }
    }

    /// Adds the page after the last row.
    public mutating func append(_ page: [ID], hasMoreAfter: Bool) {
        applyPending()
        self.hasMoreAfter = hasMoreAfter
        let known = Set(ids)
        var all = ids + page.filter { !known.contains($0) }
        if all.count > Self.limit {
            all.removeFirst(all.count - Self.limit)
            hasMoreBefore = true
        }
        adopt(all)
    }

    /// Adds the page before the first row.
    public mutating func prepend(_ page: [ID], hasMoreBefore: Bool) {
        applyPending()
        self.hasMoreBefore = hasMoreBefore
        let known = Set(ids)
        var all = page.filter { !known.contains($0) } + ids
        if all.count > Self.limit {
            all.removeLast(all.count - Self.limit)
            hasMoreAfter = true
        }
        adopt(all)
    }

    /// Lets the rows take the places that they should have.
    public mutating func applyPending() {
        guard let pending else { return }
        adopt(pending)
    }

    private mutating func adopt(_ newIDs: [ID]) {
        let known = Set(newIDs)
        cursor = survivor(of: cursor, in: known) ?? newIDs.first
        top = survivor(of: top, in: known)
        ids = newIDs
        pending = nil
    }

    /// Returns a row if it is still there, or else its nearest neighbour that is.
    private func survivor(of id: ID?, in known: Set<ID>) -> ID? {
        guard let id else { return nil }
        if known.contains(id) { return id }
        guard let index = ids.firstIndex(of: id) else { return nil }
        return ids[index...].first(where: known.contains) ?? ids[..<index].last(where: known.contains)
    }
}

extension Scroller {
    /// Marks the row under the cursor, or unmarks it.
    public mutating func toggleMark() {
        guard let cursor else { return }
        if marks.remove(cursor) == nil { marks.insert(cursor) }
    }

    /// Marks every loaded row between the marked row that is nearest to the cursor and the cursor.
    public mutating func markRange() {
        guard let cursorIndex else { return }
        let marked = ids.indices.filter { marks.contains(ids[$0]) }
        let start = marked.min { abs($0 - cursorIndex) < abs($1 - cursorIndex) } ?? cursorIndex
        marks.formUnion(ids[min(start, cursorIndex)...max(start, cursorIndex)])
    }

    /// Marks some rows, loaded or not.
    public mutating func mark(_ ids: some Sequence<ID>) {
        marks.formUnion(ids)
    }

    /// Removes marks: of some rows that no longer exist, or all.
    public mutating func unmark(_ ids: some Sequence<ID>) {
        marks.subtract(ids)
    }

    /// Removes all marks.
    public mutating func clearMarks() {
        marks = []
    }
}
