import LandlordDomain
import StatesLanguage

// A run has one chain. Each link is one input, which determines the run, with the events that followed from it, which
// people read. A link's digest is made of the digest before it and of everything that its row holds, the run's name
// included, so that a link that is changed, moved or taken out does not fit any more. The row of the run keeps the last
// digest and the number of links, so that a chain that was cut off at its end does not fit either.

/// The hash-chained log of a run.
enum RunLog {
    /// Where a chain ends: how many links and events it has, and the digest of the last link.
    struct Head: Sendable, Hashable {
        var inputCount = 0
        var eventCount = 0
        var hash = HashChain.genesis
    }

    /// One input and what followed from it, as its row holds it.
    struct Link: Sendable, Hashable {
        let at: Timestamp
        let seed: Int64
        /// The number of the last event so far; the link's own end with it.
        let lastEvent: Int
        let input: String
        let events: String

        /// A link behind a head.
        ///
        /// - Throws: `.unusable` where the events do not follow those before.
        init(_ step: RunStep, behind head: Head) throws(RepositoryError) {
            try self.init(
                input: step.input.json.serialized(), at: step.stamp.now, seed: Int64(bitPattern: step.stamp.seed),
                events: step.transition.events, behind: head)
        }

        init(
            input: String, at: Timestamp, seed: Int64, events: [HistoryEvent], behind head: Head
        ) throws(RepositoryError) {
            (self.input, self.at, self.seed) = (input, at, seed)
            var packed: [JSONValue] = []
            packed.reserveCapacity(events.count)
            for event in events {
                guard event.id == head.eventCount + packed.count + 1 else {
                    throw .unusable("event \(event.id) does not follow event \(head.eventCount + packed.count)")
                }
                packed.append(PackedEvent.json(event, at: at))
            }
            lastEvent = head.eventCount + packed.count
            self.events = JSONValue.array(packed).serialized()
        }

        init(_ row: SQLRow) throws(RepositoryError) {
            at = try row.timestamp("at")
            seed = try row.integer("seed")
            lastEvent = try row.count("last_event")
            input = try row.text("input")
            events = try row.text("events")
        }

        /// The chain's end with this link behind `head`.
        func head(behind head: Head, of runID: String) -> Head {
            let count = head.inputCount + 1
            let place = "\(runID)\n\(count)\n\(at.millisecondsSinceEpoch)\n\(seed)\n\(lastEvent)\n"
            return Head(
                inputCount: count, eventCount: lastEvent,
                hash: HashChain.next(previous: head.hash, place, input, "\n", events))
        }

        /// When, and with which chance.
        var stamp: Stamp { Stamp(now: at, seed: UInt64(bitPattern: seed)) }

        /// What came in.
        ///
        /// - Throws: `.unusable` where it cannot be read.
        func runInput() throws(RepositoryError) -> RunInput {
            let json = try inputJSON()
            do throws(StoredFormError) {
                return try RunInput(json: json)
            } catch {
                throw .unusable("an input of a run cannot be read: \(error)")
            }
        }

        /// What came in, as it was written.
        ///
        /// - Throws: `.unusable` where it cannot be read.
        func inputJSON() throws(RepositoryError) -> JSONValue {
            do throws(JSONParseError) {
                return try JSONValue(parsing: input)
            } catch {
                throw .unusable("an input of a run cannot be read: \(error)")
            }
        }

        /// What followed.
        ///
        /// - Throws: `.unusable` where it cannot be read.
        func historyEvents() throws(RepositoryError) -> [HistoryEvent] {
            let packed: [JSONValue]
            do {
                packed = try JSONValue(parsing: events).arrayValue ?? []
            } catch {
                throw .unusable("the events of a run cannot be read: \(error)")
            }
            var list: [HistoryEvent] = []
            list.reserveCapacity(packed.count)
            for (index, json) in packed.enumerated() {
                list.append(try PackedEvent.event(json, id: lastEvent - packed.count + index + 1, at: at))
            }
            return list
        }

        /// The row, for `insert`, but for its key.
        func values(_ hash: [UInt8]) -> [SQLValue] {
            [.timestamp(at), .integer(seed), .integer(lastEvent), .blob(hash), .text(input), .text(events)]
        }
    }

    /// A link as it was read, with its number and its digest.
    struct ReadLink: Sendable {
        let number: Int
        let hash: [UInt8]
        let link: Link
    }

    /// The links of a run, oldest first.
    static func links(of run: Int64, _ reader: any SQLReader) throws(RepositoryError) -> [ReadLink] {
        var links: [ReadLink] = []
        let rows = try reader.query(
            "SELECT \(columns) FROM workflow_events WHERE id BETWEEN ? AND ? ORDER BY id", RunKey.bounds(of: run))
        for row in rows {
            links.append(
                ReadLink(
                    number: RunKey(try row.integer("id")).part, hash: try row.blob("hash"), link: try Link(row)))
        }
        return links
    }

    static let insert = """
        INSERT INTO workflow_events (id, at, seed, last_event, hash, input, events) VALUES (?, ?, ?, ?, ?, ?, ?)
        """

    /// What a link is read from.
    static let columns = "id, at, seed, last_event, hash, input, events"
}

/// An event in its row: `[type, previous, details]`, and its moment where that is not the row's.
private enum PackedEvent {
    static func json(_ event: HistoryEvent, at: Timestamp) -> JSONValue {
        var parts: [JSONValue] = [
            .string(event.type.rawValue), .number(JSONNumber(event.previousEventID)), event.details,
        ]
        if event.timestamp != at { parts.append(.number(JSONNumber(Int(event.timestamp.millisecondsSinceEpoch)))) }
        return .array(parts)
    }

    static func event(_ json: JSONValue, id: Int, at: Timestamp) throws(RepositoryError) -> HistoryEvent {
        guard let parts = json.arrayValue, parts.count >= 3, let name = parts[0].stringValue,
            let type = HistoryEventType(rawValue: name), let previous = parts[1].intValue
        else { throw .unusable("event \(id) of a run cannot be read") }
        let moment = parts.count > 3 ? parts[3].intValue : nil
        return HistoryEvent(
            id: id, previousEventID: previous, type: type,
            timestamp: moment.map { Timestamp(millisecondsSinceEpoch: Int64($0)) } ?? at, details: parts[2])
    }
}
