import LandlordDomain
import StatesLanguage

/// A window on a table, newest first, that costs the same for a hundred rows and for a million.
///
/// SQLite, without statistics, takes the first index that fits an equality, and then sorts everything that has it.
/// So the index is named: the tenant's where one is asked for, the status's for each status on its own, else the
/// one in the order of time. Each index ends in the list's order, so nothing is sorted and nothing is read that is
/// not shown.
struct NewestFirstList: Sendable {
    /// What the rows are read from; its indexes are called `_newest`, `_status` and, where it has tenants, `_tenant`.
    let table: StaticString
    /// The columns that are read.
    let columns: String
    /// The column that breaks ties.
    let id: StaticString
    /// The one tenant whose rows are shown.
    var tenantID: String?
    /// The statuses that are shown; empty for every one.
    var statuses: [String] = []
    /// What else the rows must fulfil.
    var filter = SQLFilter()
    /// Behind which row the window begins.
    var after: SQLCursor?
    /// How many rows the window holds; one more is read, to know whether there is another window.
    let limit: Int

    /// One row as it is listed, with its place in the list.
    private struct Listed<Item> {
        let at: Int64
        let id: String
        let item: Item
    }

    /// The window's items in order, and one more where there is another window.
    func items<Item>(
        _ reader: any SQLReader, _ item: (SQLRow) throws(RepositoryError) -> Item
    ) throws(RepositoryError) -> [Item] {
        if let tenantID {
            var filter = filter
            filter.add("tenant_id = ?", .text(tenantID))
            if !statuses.isEmpty { filter.add("status", isOneOf: statuses) }
            return try listed(reader, filter, index: "\(table)_tenant", item).map(\.item)
        }
        if statuses.isEmpty { return try listed(reader, filter, index: "\(table)_newest", item).map(\.item) }
        var all: [Listed<Item>] = []
        for status in statuses {
            var filter = filter
            filter.add("status = ?", .text(status))
            all += try listed(reader, filter, index: "\(table)_status", item)
        }
        if statuses.count > 1 { all.sort { ($0.at, $0.id) > ($1.at, $1.id) } }
        return all.prefix(limit + 1).map(\.item)
    }

    private func listed<Item>(
        _ reader: any SQLReader, _ filter: SQLFilter, index: String,
        _ item: (SQLRow) throws(RepositoryError) -> Item
    ) throws(RepositoryError) -> [Listed<Item>] {
        var filter = filter
        filter.add(behind: after, key: "created_at", id: id, isDescending: true)
        let rows = try reader.query(
            """
            SELECT \(columns) FROM \(table) INDEXED BY \(index) \(filter.clause)
            ORDER BY created_at DESC, \(id) DESC LIMIT ?
            """,
            filter.arguments + [.integer(limit + 1)])
        var list: [Listed<Item>] = []
        list.reserveCapacity(rows.count)
        for row in rows {
            let place = (try row.integer("created_at"), try row.text(id.description))
            list.append(Listed(at: place.0, id: place.1, item: try item(row)))
        }
        return list
    }
}
