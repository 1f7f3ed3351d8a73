import LandlordDomain

/// Cuts what was read into a page: one row more than was asked for says that there is another page.
enum Paging {
    static func page<Item: Sendable>(
        _ items: [Item], limit: Int, cursor: (Item) -> PageCursor
    ) -> Page<Item> {
        guard items.count > limit, limit > 0 else { return Page(items: items, next: nil) }
        let shown = Array(items.prefix(limit))
        return Page(items: shown, next: shown.last.map(cursor))
    }

    /// The cursor of a list in the order of time; nil for nil, an error for a text that is no cursor of such a list.
    static func time(_ cursor: PageCursor?) throws(RepositoryError) -> SQLCursor? {
        guard let cursor else { return nil }
        guard let key = Int64(cursor.key) else { throw .unusable("'\(cursor.text)' is not a place in this list") }
        return SQLCursor(key: .integer(key), id: cursor.id)
    }

    /// How many rows stand where, from rows of `status` and `count`.
    static func counts<Status: RawRepresentable<String> & Hashable>(
        _ rows: [SQLRow]
    ) throws(RepositoryError) -> [Status: Int] {
        var counts: [Status: Int] = [:]
        for row in rows { counts[try row.enumeration("status")] = try row.count("count") }
        return counts
    }
}
