import LandlordDomain
import StatesLanguage

/// The list of callbacks as SQL: which index, which conditions, which window.
///
/// Dead letters have an index that carries everything a filter asks for; of the rows themselves only those are read
/// that are shown. So a filter over a hundred thousand of them costs one walk through that index at most.
struct CallbackListing: Sendable {
    private let query: CallbackQuery
    private let filter: SQLFilter

    init(_ query: CallbackQuery, at now: Timestamp) {
        self.query = query
        filter = Self.filter(query, at: now)
    }

    // MARK: The window

    /// The window's callbacks, and one more where there is another window.
    func callbacks(_ reader: any SQLReader) throws(RepositoryError) -> [Callback] {
        switch query.order {
        case .newest: try newest(reader)
        case .attention: try attention(reader)
        }
    }

    /// The place behind a callback in the list.
    func cursor(of callback: Callback) -> PageCursor {
        let born = callback.createdAt.millisecondsSinceEpoch
        let key =
            switch query.order {
            case .newest: born
            case .attention: Int64(Self.rank(callback.status)) * Self.rankWeight + born
            }
        return PageCursor(key: "\(key)", id: callback.id.rawValue)
    }

    private func newest(_ reader: any SQLReader) throws(RepositoryError) -> [Callback] {
        let cursor = try Paging.time(query.after)
        if query.executionID != nil || query.tenantID != nil {
            var filter = filter
            if !query.statuses.isEmpty { filter.add("status", isOneOf: query.statuses.map(\.rawValue)) }
            let index: StaticString = query.executionID == nil ? "callbacks_tenant" : "callbacks_execution"
            return try window(reader, filter, index: index, after: cursor)
        }
        if query.statuses.isEmpty { return try window(reader, filter, index: "callbacks_newest", after: cursor) }
        var all: [Callback] = []
        for status in query.statuses { all += try window(reader, status, after: cursor) }
        if query.statuses.count > 1 { all.sort { ($0.createdAt, $0.id) > ($1.createdAt, $1.id) } }
        return Array(all.prefix(query.limit + 1))
    }

    /// One status after the other, until the window is full.
    private func attention(_ reader: any SQLReader) throws(RepositoryError) -> [Callback] {
        let place = try Paging.time(query.after)
        var all: [Callback] = []
        for status in CallbackStatus.allCases.sorted(by: { Self.rank($0) < Self.rank($1) })
        where query.statuses.isEmpty || query.statuses.contains(status) {
            var cursor: SQLCursor?
            if let place, case .integer(let key) = place.key {
                let rank = Int64(Self.rank(status))
                if rank < key / Self.rankWeight { continue }
                if rank == key / Self.rankWeight {
                    cursor = SQLCursor(key: .integer(key % Self.rankWeight), id: place.id)
                }
            }
            all += try window(reader, status, after: cursor)
            if all.count > query.limit { return Array(all.prefix(query.limit + 1)) }
        }
        return all
    }

    /// The years until 33658 fit below it.
    private static let rankWeight: Int64 = 1_000_000_000_000_000

    /// What needs somebody comes first.
    private static func rank(_ status: CallbackStatus) -> Int {
        switch status {
        case .dead: 0
        case .delivering: 1
        case .pending: 2
        case .discarded: 3
        case .delivered: 4
        }
    }

    private func window(
        _ reader: any SQLReader, _ status: CallbackStatus, after cursor: SQLCursor?
    ) throws(RepositoryError) -> [Callback] {
        var filter = filter
        if status == .dead {
            filter.add("status = 'dead'")
            return try window(reader, filter, index: "callbacks_dead", after: cursor)
        }
        filter.add("status = ?", .text(status.rawValue))
        return try window(reader, filter, index: "callbacks_status", after: cursor)
    }

    private func window(
        _ reader: any SQLReader, _ filter: SQLFilter, index: StaticString, after cursor: SQLCursor?
    ) throws(RepositoryError) -> [Callback] {
        var filter = filter
        filter.add(behind: cursor, key: "created_at", id: "id", isDescending: true)
        return try CallbackRow.callbacks(
            try reader.query(
                """
                SELECT \(CallbackRow.columns), \(CallbackRow.workflowStatus) FROM callbacks INDEXED BY \(index)
                \(filter.clause) ORDER BY created_at DESC, id DESC LIMIT ?
                """,
                filter.arguments + [.integer(query.limit + 1)]))
    }

    // MARK: Dead letters as a whole

    /// The dead letters that the query finds, as the end of a statement: `FROM` and `WHERE`.
    ///
    /// Nil where the query asks for other statuses only.
    func dead(index: StaticString = "callbacks_dead") -> (clause: String, arguments: [SQLValue])? {
        guard query.statuses.isEmpty || query.statuses.contains(.dead) else { return nil }
        var filter = filter
        filter.add("status = 'dead'")
        return ("FROM callbacks INDEXED BY \(index) \(filter.clause)", filter.arguments)
    }

    /// Whether the query asks for anything but dead letters.
    var isNarrowed: Bool { !filter.clause.isEmpty }

    // MARK: The conditions

    private static func filter(_ query: CallbackQuery, at now: Timestamp) -> SQLFilter {
        var filter = SQLFilter()
        if let id = query.tenantID { filter.add("tenant_id = ?", .text(id.rawValue)) }
        if let name = query.tenantName { filter.add("tenant_name = ?", .text(name)) }
        if !query.operations.isEmpty { filter.add("operation_type", isOneOf: query.operations.map(\.rawValue)) }
        if let execution = query.executionID { filter.add("execution_id = ?", .text(execution.rawValue)) }
        if let host = query.host { filter.add("host = ?", .text(host)) }
        if let fingerprint = query.fingerprint { filter.add("fingerprint = ?", .text(fingerprint)) }
        if !query.errorCodes.isEmpty { filter.add("error_code", isOneOf: query.errorCodes.map(\.rawValue)) }
        if let attempts = query.attempts {
            filter.add("attempts BETWEEN ? AND ?", .integer(attempts.lowerBound), .integer(attempts.upperBound))
        }
        let births = query.births(asOf: now)
        if let after = births.after { filter.add("created_at > ?", .timestamp(after)) }
        if let before = births.before { filter.add("created_at < ?", .timestamp(before)) }
        filter.add(words: query.errorWords, inLowercase: ["error_text"])
        filter.add(words: query.words, inLowercase: ["error_text", "tenant_name", "host", "id"])
        return filter
    }
}
