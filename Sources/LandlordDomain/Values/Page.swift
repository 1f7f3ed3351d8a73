/// A window on a list: some items in order, and where the next window begins.
///
/// Lists are windowed everywhere; nothing loads a whole table.
public struct Page<Item: Sendable>: Sendable {
    /// The items of this window, in the list's order.
    public let items: [Item]
    /// What to ask with for the window after this one; nil at the end.
    public let next: PageCursor?

    /// Joins items with the cursor behind the last of them.
    public init(items: [Item], next: PageCursor?) {
        self.items = items
        self.next = next
    }
}

extension Page: Equatable where Item: Equatable {}

/// The place after which a window begins: the sort key of the last item seen, and its identifier to break ties.
public struct PageCursor: Sendable, Hashable {
    /// The sort key of the last item, as the database orders it.
    public let key: String
    /// The identifier of the last item.
    public let id: String

    /// Points behind the item with this sort key and identifier.
    public init(key: String, id: String) {
        self.key = key
        self.id = id
    }

    /// Reads a cursor from the text that `text` gave; nil for anything else.
    public init?(text: String) {
        guard let split = text.firstIndex(of: "~") else { return nil }
        let id = String(text[text.index(after: split)...])
        guard !id.isEmpty else { return nil }
        self.init(key: String(text[..<split]), id: id)
    }

    /// The cursor as one word for the command line.
    public var text: String { "\(key)~\(id)" }
}

/// How many items a window may hold.
public enum PageLimit {
    /// The window of a listing that names none.
    public static let standard = 100
    /// The largest window; a larger wish is cut to it.
    public static let largest = 1_000

    /// Brings a wish into the legal range.
    public static func clamped(_ wish: Int) -> Int {
        min(max(wish, 1), largest)
    }
}
