import CSQLite
import Foundation
import Synchronization

/// The limit for durable runs: the SQLite C API, one writer with group commit, clients on threads of their own, and the
/// rows that the engine writes for a run of three tasks.
///
/// A client writes the four steps of a run one after the other, each of which waits for the commit of the one before.
/// Nothing is decided, read, parsed or hashed: the texts are made once.
final class RawRuns: Sendable {
    private struct State {
        var requests: [Request] = []
        var isOver = false
    }

    /// One step of one run on its way to the disk.
    private final class Request: Sendable {
        let run: Int64
        let step: Int
        let committed = DispatchSemaphore(value: 0)

        init(run: Int64, step: Int) { (self.run, self.step) = (run, step) }
    }

    private let state = Mutex(State())
    private let work = DispatchSemaphore(value: 0)
    private let runs = Atomic<Int64>(0)
    private let path: String

    init(path: String) {
        self.path = path
        mkdir(URL(fileURLWithPath: path).deletingLastPathComponent().path, 0o700)
    }

    /// Runs so many clients until the time is over.
    func measure(inFlight: Int, seconds: Double) -> RunRate {
        let writer = Thread { self.write() }
        writer.start()
        let watch = Stopwatch(seconds: seconds)
        let latencies = Mutex<[Double]>([])
        let done = DispatchGroup()
        for _ in 0..<inFlight {
            done.enter()
            Thread {
                let own = self.client(until: watch)
                latencies.withLock { $0 += own }
                done.leave()
            }.start()
        }
        done.wait()
        let passed = watch.seconds
        state.withLock { $0.isOver = true }
        work.signal()
        return RunRate(latencies: latencies.withLock { $0 }, seconds: passed)
    }

    private func client(until watch: Stopwatch) -> [Double] {
        var latencies: [Double] = []
        while watch.isRunning {
            let start = ContinuousClock.now
            let run = runs.add(1, ordering: .relaxed).newValue
            for step in 0..<4 {
                let request = Request(run: run, step: step)
                let isFirst = state.withLock { state in
                    state.requests.append(request)
                    return state.requests.count == 1
                }
                if isFirst { work.signal() }
                request.committed.wait()
            }
            latencies.append(milliseconds(ContinuousClock.now - start))
        }
        return latencies
    }

    private func write() {
        let rows = RawRunRows(path: path)
        while true {
            work.wait()
            let (requests, isOver) = state.withLock { state in
                defer { state.requests = [] }
                return (state.requests, state.isOver)
            }
            guard !requests.isEmpty else {
                if isOver { return }
                continue
            }
            rows.commit(requests.map { ($0.run, $0.step) })
            for request in requests { request.committed.signal() }
        }
    }
}

/// The statements of `RawRuns`.
private final class RawRunRows {
    private var database: OpaquePointer?
    private var statements: [String: OpaquePointer] = [:]
    private let state = String(repeating: "s", count: 420)
    private let input = String(repeating: "i", count: 110)
    private let events = String(repeating: "e", count: 700)
    private let hash = [UInt8](repeating: 7, count: 32)

    /// The tables of the engine, with their indexes.
    private static let schema = """
        CREATE TABLE runs (number INTEGER PRIMARY KEY, run_id TEXT NOT NULL UNIQUE, workflow_id TEXT, status TEXT,
            input_count INTEGER, head BLOB, created_at INTEGER, updated_at INTEGER, output TEXT, state TEXT) STRICT;
        CREATE INDEX runs_newest ON runs (created_at, run_id);
        CREATE INDEX runs_status ON runs (status, created_at, run_id);
        CREATE TABLE events (id INTEGER PRIMARY KEY, at INTEGER, seed INTEGER, last_event INTEGER, hash BLOB,
            input TEXT, events TEXT) STRICT;
        CREATE TABLE tasks (id INTEGER PRIMARY KEY, state_name TEXT, resource TEXT, attempt INTEGER, status TEXT,
            created_at INTEGER, parameters TEXT) STRICT;
        """

    init(path: String) {
        precondition(sqlite3_open(path, &database) == SQLITE_OK)
        for sql in ["PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", Self.schema] {
            precondition(sqlite3_exec(database, sql, nil, nil, nil) == SQLITE_OK)
        }
    }

    deinit {
        for statement in statements.values { sqlite3_finalize(statement) }
        sqlite3_close(database)
    }

    func commit(_ steps: [(run: Int64, step: Int)]) {
        run("BEGIN IMMEDIATE") { _ in }
        for (number, step) in steps { write(number, step) }
        run("COMMIT") { _ in }
    }

    private func write(_ number: Int64, _ step: Int) {
        if step == 0 {
            run("INSERT INTO runs VALUES (?, ?, 'order', 'running', 1, ?, ?, ?, NULL, ?)") {
                sqlite3_bind_int64($0, 1, number)
                text($0, 2, "benchmark-run-\(number)")
                bytes($0, 3)
                sqlite3_bind_int64($0, 4, number)
                sqlite3_bind_int64($0, 5, number)
                text($0, 6, state)
            }
        } else {
            update(number, step)
            run("DELETE FROM tasks WHERE id = ?") { sqlite3_bind_int64($0, 1, number << 24 + Int64(step)) }
        }
        run("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)") {
            sqlite3_bind_int64($0, 1, number << 24 + Int64(step + 1))
            sqlite3_bind_int64($0, 2, number)
            sqlite3_bind_int64($0, 3, number)
            sqlite3_bind_int64($0, 4, number)
            bytes($0, 5)
            text($0, 6, input)
            text($0, 7, events)
        }
        guard step < 3 else { return }
        run("INSERT INTO tasks VALUES (?, 'Step', 'benchmark:nothing', 1, 'open', ?, '{}')") {
            sqlite3_bind_int64($0, 1, number << 24 + Int64(step + 1))
            sqlite3_bind_int64($0, 2, number)
        }
    }

    private func update(_ number: Int64, _ step: Int) {
        let isLast = step == 3
        run(
            """
            UPDATE runs SET \(isLast ? "status = 'succeeded', " : "")input_count = ?, head = ?, updated_at = ?,
            output = ?, state = ? WHERE number = ? AND input_count = ?
            """
        ) {
            sqlite3_bind_int64($0, 1, Int64(step + 1))
            bytes($0, 2)
            sqlite3_bind_int64($0, 3, number)
            if isLast { text($0, 4, "{}") } else { sqlite3_bind_null($0, 4) }
            text($0, 5, state)
            sqlite3_bind_int64($0, 6, number)
            sqlite3_bind_int64($0, 7, Int64(step))
        }
    }

    private func run(_ sql: String, _ bind: (OpaquePointer?) -> Void) {
        var statement = statements[sql]
        if statement == nil {
            precondition(sqlite3_prepare_v3(database, sql, -1, 1, &statement, nil) == SQLITE_OK, sql)
            statements[sql] = statement
        }
        bind(statement)
        let code = sqlite3_step(statement)
        precondition(code == SQLITE_DONE, String(cString: sqlite3_errmsg(database)))
        sqlite3_reset(statement)
    }

    private func text(_ statement: OpaquePointer?, _ position: Int32, _ text: String) {
        let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        sqlite3_bind_text(statement, position, text, Int32(text.utf8.count), copied)
    }

    private func bytes(_ statement: OpaquePointer?, _ position: Int32) {
        hash.withUnsafeBytes { bytes in
            let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
            _ = sqlite3_bind_blob(statement, position, bytes.baseAddress, Int32(bytes.count), copied)
        }
    }
}

/// How many runs ended per second, and how long they took.
struct RunRate: Sendable {
    let perSecond: Double
    /// Milliseconds from the beginning of a run to its end.
    let median: Double
    let p99: Double

    init(latencies: [Double], seconds: Double) {
        let sorted = latencies.sorted()
        perSecond = Double(sorted.count) / seconds
        median = sorted.isEmpty ? 0 : sorted[sorted.count / 2]
        p99 = sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, sorted.count * 99 / 100)]
    }
}

/// A duration in milliseconds.
func milliseconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) * 1e3 + Double(duration.components.attoseconds) / 1e15
}
