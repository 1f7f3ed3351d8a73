import StatesLanguage

/// Rows of `workflow_pieces`: what of a run's state a step need not write again, such as the other branches of a Map.
///
/// A run without branches has none: its state is the head in its row.
struct RunPieces: Sendable {
    private let removed: [Range<Int>]
    private let values: [(key: Int, value: SQLValue)]

    /// What a step has changed.
    init(_ changes: RunChanges) {
        removed = changes.removed
        values = changes.pieces.map { ($0.key, .json($0.value)) }
    }

    /// Every piece of a run that has none yet.
    init(_ pieces: [RunPiece]) {
        removed = []
        values = pieces.map { ($0.key, .json($0.value)) }
    }

    /// Writes what has changed of the run with this number.
    func write(run: Int64, _ transaction: any SQLTransaction) throws(RepositoryError) {
        for range in removed {
            try transaction.execute(
                "DELETE FROM workflow_pieces WHERE run = ? AND key >= ? AND key < ?",
                [.integer(run), .integer(range.lowerBound), .integer(range.upperBound)])
        }
        for (key, value) in values {
            try transaction.execute(
                """
                INSERT INTO workflow_pieces (run, key, value) VALUES (?, ?, ?)
                ON CONFLICT (run, key) DO UPDATE SET value = excluded.value
                """,
                [.integer(run), .integer(key), value])
        }
    }

    /// The pieces of a run.
    static func read(of run: Int64, _ reader: any SQLReader) throws(RepositoryError) -> [RunPiece] {
        var pieces: [RunPiece] = []
        for row in try reader.query("SELECT key, value FROM workflow_pieces WHERE run = ?", [.integer(run)]) {
            pieces.append(RunPiece(key: try row.count("key"), value: try row.json("value")))
        }
        return pieces
    }
}
