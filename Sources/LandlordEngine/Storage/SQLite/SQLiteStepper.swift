import GRDB
import Synchronization

/// Does a step at a time what the threads of a database do by themselves, so that a simulation decides what comes when.
final class SQLiteStepper: Sendable {
    private let writer: SQLiteWriter
    private let reader: SQLiteReader
    private let progress: Mutex<SQLiteWriter.Progress>

    init(writer: SQLiteWriter, reader: SQLiteReader) {
        self.writer = writer
        self.reader = reader
        progress = Mutex(writer.begin())
    }

    /// Whether a write waits, or somebody has rung.
    var hasWrites: Bool { !writer.queue.isEmpty }
    /// Whether a read waits.
    var hasReads: Bool { !reader.queue.isEmpty }

    /// Commits at most so many of the writes that wait, the oldest.
    func write(limit: Int) {
        guard let requests = writer.queue.poll(limit: limit) else { return }
        progress.withLock { writer.serve(requests, &$0) }
    }

    /// Answers at most so many of the reads that wait, the oldest.
    func read(limit: Int) {
        guard let requests = reader.queue.poll(limit: limit) else { return }
        reader.read(requests)
    }

    /// Runs a statement on the writing connection, outside of any transaction, such as one that lets the disk be full.
    func configure(_ sql: String) throws {
        try writer.pool.writeWithoutTransaction { try $0.execute(sql: sql) }
    }

    /// Refuses what waits and all that comes, and lets go of the file.
    func close() throws {
        writer.queue.close()
        reader.queue.close()
        while let requests = writer.queue.poll(limit: .max), !requests.isEmpty {
            for request in requests { request.refuse(.busy) }
        }
        while let requests = reader.queue.poll(limit: .max) {
            for request in requests { request.refuse(.busy) }
        }
        try writer.pool.close()
    }
}
