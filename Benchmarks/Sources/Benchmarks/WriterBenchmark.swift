import LandlordEngine
import Synchronization

/// Single durable writes through the group-commit writer, beside the raw SQLite C API in the same run.
struct WriterBenchmark {
    let options: Options

    func run() async throws {
        let raw = RawSQLite(path: options.newDatabase())
        let alone = raw.rate(rowsPerCommit: 1, seconds: options.seconds)
        let batched = raw.rate(rowsPerCommit: 128, seconds: options.seconds)
        Benchmarks.show("raw SQLite, 1 row a commit", alone)
        Benchmarks.show("raw SQLite, 128 rows a commit", batched)
        for inFlight in [1, 32, 256, 1024] {
            let rate = try await writes(inFlight: inFlight)
            let ratio = inFlight == 1 ? (rate / alone, "1 row a commit") : (rate / batched, "128 rows a commit")
            let beside = "\((ratio.0 * 100).rounded() / 100) of raw at \(ratio.1)"
            Benchmarks.show("writer, \(inFlight) in flight", rate, beside: beside)
        }
    }

    private func writes(inFlight: Int) async throws -> Double {
        let database = try Database(path: options.newDatabase())
        for sql in RawSQLite.schema {
            try await database.write { transaction throws(RepositoryError) in try transaction.execute(sql) }
        }
        let numbers = Counter()
        let watch = Stopwatch(seconds: options.seconds)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<inFlight {
                group.addTask {
                    while watch.isRunning {
                        let number = numbers.next()
                        try await database.write { transaction throws(RepositoryError) in
                            try transaction.execute(
                                RawSQLite.insert,
                                [
                                    .integer(number), .text("tenant-\(number % 1000)"), "running",
                                    .text(RawSQLite.payload), .integer(number),
                                ])
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        let rate = Double(numbers.value) / watch.seconds
        await database.close()
        return rate
    }
}

/// Numbers from 1, each given once.
final class Counter: Sendable {
    private let last = Atomic<Int>(0)

    var value: Int { last.load(ordering: .relaxed) }

    func next() -> Int { last.add(1, ordering: .relaxed).newValue }
}
