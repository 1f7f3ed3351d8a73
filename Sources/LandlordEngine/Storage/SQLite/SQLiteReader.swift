import Foundation
import GRDB

/// A read that waits for its turn.
struct ReadRequest: Sendable {
    /// Reads and tells the caller.
    let perform: @Sendable (any SQLReader) -> Void
    /// Tells the caller that nothing could be read.
    let refuse: @Sendable (RepositoryError) -> Void
}

/// Group reading: a few threads, each of which answers everything that waits from one snapshot.
///
/// A read of one row takes a few microseconds; handing each to a thread of its own and opening a snapshot for it costs
/// many times that. Under load a batch shares both, and a caller is answered as soon as its own read is done. The
/// snapshot is taken after the batch, so it holds every commit that a caller can know of.
struct SQLiteReader {
    /// How many reads share one snapshot: a snapshot must be short, or the write-ahead log grows.
    static let batchLimit = 32

    let pool: DatabasePool
    let queue: RequestQueue<ReadRequest>

    /// Starts the thread, which ends when the queue is closed.
    func start() {
        let thread = Thread { self.run() }
        thread.name = "landlord-reader"
        thread.stackSize = 4 << 20
        thread.start()
    }

    private func run() {
        while let batch = queue.next(limit: Self.batchLimit) { read(batch) }
        queue.end()
    }

    /// Answers a batch from one snapshot.
    func read(_ batch: [ReadRequest]) {
        var answered = 0
        do {
            try pool.read { database in
                for request in batch {
                    request.perform(SQLiteConnection(database))
                    answered += 1
                }
            }
        } catch {
            let error = Storing.failure(error).error
            for request in batch[answered...] { request.refuse(error) }
        }
    }
}
