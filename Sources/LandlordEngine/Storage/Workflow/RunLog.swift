import LandlordDomain
import StatesLanguage

// Each run has two chains: its inputs, which determine it, and its events, which people read. A link's digest is
// made of the digest before it and of everything that its row holds, the run's name included, so that a link that
// is changed, moved or taken out does not fit any more. The row of the run keeps the last digest and the number of
// links, so that a chain that was cut off at its end does not fit either.

/// The hash-chained logs of a run: the inputs that determine it and the events that tell what happened.
enum RunLog {
    /// Where a chain ends: how many links it has, and the digest of the last.
    struct Head: Sendable, Hashable {
        var count = 0
        var hash = HashChain.genesis

        /// The head after one more link that holds `words`.
        func next(_ words: String) -> Head {
            Head(count: count + 1, hash: HashChain.next(previous: hash, bytes: Array(words.utf8)))
        }
    }

    /// One link of the chain of inputs, as its row holds it.
    struct InputLink: Sendable, Hashable {
        let payload: String
        let at: Timestamp
        let seed: Int64

        init(_ step: RunStep) {
            payload = step.input.json.serialized()
            at = step.stamp.now
            seed = Int64(bitPattern: step.stamp.seed)
        }

        init(_ row: SQLRow) throws(RepositoryError) {
            payload = try row.text("payload")
            at = try row.timestamp("at")
            seed = try row.integer("seed")
        }

        var stamp: Stamp { Stamp(now: at, seed: UInt64(bitPattern: seed)) }

        /// What the digest is made of.
        func words(runID: String, number: Int) -> String {
            "\(runID)\n\(number)\n\(at.millisecondsSinceEpoch)\n\(seed)\n\(payload)"
        }
    }

    /// One link of the chain of events, as its row holds it.
    struct EventLink: Sendable, Hashable {
        let previous: Int
        let type: String
        let at: Timestamp
        let details: String

        init(_ event: HistoryEvent) {
            previous = event.previousEventID
            type = event.type.rawValue
            at = event.timestamp
            details = event.details.serialized()
        }

        init(_ row: SQLRow) throws(RepositoryError) {
            previous = try row.count("previous")
            type = try row.text("type")
            at = try row.timestamp("at")
            details = try row.text("details")
        }

        /// What the digest is made of.
        func words(runID: String, number: Int) -> String {
            "\(runID)\n\(number)\n\(previous)\n\(type)\n\(at.millisecondsSinceEpoch)\n\(details)"
        }
    }

    /// The links that one step adds to both chains, made before anything is written.
    struct Addition: Sendable {
        /// The ends of the chains behind the new links.
        private(set) var inputs: Head
        private(set) var events: Head
        private let inputRow: [SQLValue]
        private var eventRows: [[SQLValue]] = []

        /// Links `step` behind what a run has.
        init(
            _ step: RunStep, to runID: String, behind inputs: Head = Head(), _ events: Head = Head()
        ) throws(RepositoryError) {
            let link = InputLink(step)
            self.inputs = inputs.next(link.words(runID: runID, number: inputs.count + 1))
            self.events = events
            inputRow = [
                .text(runID), .integer(self.inputs.count), .text(link.payload), .timestamp(link.at),
                .integer(link.seed), .text(self.inputs.hash),
            ]
            for event in step.transition.events {
                guard event.id == self.events.count + 1 else {
                    throw .unusable("event \(event.id) of run \(runID) does not follow event \(self.events.count)")
                }
                let link = EventLink(event)
                self.events = self.events.next(link.words(runID: runID, number: event.id))
                eventRows.append([
                    .text(runID), .integer(event.id), .integer(link.previous), .text(link.type), .timestamp(link.at),
                    .text(link.details), .text(self.events.hash),
                ])
            }
        }

        /// Writes the links; the run's row must be there.
        func write(_ transaction: any SQLTransaction) throws(RepositoryError) {
            try transaction.execute(
                "INSERT INTO workflow_inputs (run_id, sequence, payload, at, seed, hash) VALUES (?, ?, ?, ?, ?, ?)",
                inputRow)
            for row in eventRows {
                try transaction.execute(
                    """
                    INSERT INTO workflow_events (run_id, sequence, previous, type, at, details, hash)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                    row)
            }
        }
    }

    static func event(_ row: SQLRow) throws(RepositoryError) -> HistoryEvent {
        HistoryEvent(
            id: try row.count("sequence"), previousEventID: try row.count("previous"),
            type: try row.enumeration("type"), timestamp: try row.timestamp("at"), details: try row.json("details"))
    }
}
