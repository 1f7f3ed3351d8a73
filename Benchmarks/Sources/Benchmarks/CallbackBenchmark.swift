import AsyncHTTPClient
import Foundation
import LandlordDomain
import LandlordEngine
import Logging
import NIOCore
import StatesLanguage

/// Webhooks delivered with every durable write, beside a plain client that posts the same bodies to the same receiver.
struct CallbackBenchmark {
    /// How many are delivered at the same time, on both sides: enough that neither waits for the other's thread.
    private static let width = 64

    let options: Options

    func run() async throws {
        let receiver = try await CallbackReceiver()
        let count = Int(options.seconds * 4_000)
        // In turn, because the machine of one moment is not that of the next.
        var plain: [Double] = []
        var ours: [Double] = []
        for _ in 0..<5 {
            plain.append(try await plainRate(count, to: receiver.port))
            ours.append(try await deliveries(count, to: receiver.port))
        }
        let ratios = zip(ours, plain).map { $0 / $1 }
        Benchmarks.show("plain client, \(Self.width) at once", median(plain))
        if let wrk = try await wrkRate(to: receiver.port) { Benchmarks.show("wrk, \(Self.width) connections", wrk) }
        Benchmarks.show(
            "webhooks delivered, \(Self.width) at once", median(ours),
            beside: "\((median(ratios) * 100).rounded() / 100) of the plain client (wanted: at least 0.3)")
        try await receiver.close()
    }

    private func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

    // MARK: The load generators

    private func plainRate(_ count: Int, to port: Int) async throws -> Double {
        let body = CallbackEvent(CallbackFleet.sample(port: port)).json.serializedBytes()
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/hooks/1")
        request.method = .POST
        request.headers.add(name: "content-type", value: CallbackEvent.contentType)
        request.body = .bytes(ByteBuffer(bytes: body))
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = Self.width
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        let watch = Stopwatch(seconds: 0)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<Self.width {
                group.addTask { [request] in
                    for _ in 0..<(count / Self.width) {
                        let response = try await client.execute(request, timeout: .seconds(30))
                        _ = try await response.body.collect(upTo: 65_536)
                    }
                }
            }
            try await group.waitForAll()
        }
        let rate = Double(count / Self.width * Self.width) / watch.seconds
        try await client.shutdown()
        return rate
    }

    /// What wrk says with the same body; nil where it is not installed.
    private func wrkRate(to port: Int) async throws -> Double? {
        let program = ["/usr/bin/wrk", "/usr/local/bin/wrk"].first { FileManager.default.isExecutableFile(atPath: $0) }
        guard let program else { return nil }
        let body = String(
            decoding: CallbackEvent(CallbackFleet.sample(port: port)).json.serializedBytes(), as: UTF8.self)
        let script = "\(options.directory)/post.lua"
        try "wrk.method = \"POST\"\nwrk.headers[\"content-type\"] = \"application/json\"\nwrk.body = [==[\(body)]==]\n"
            .write(toFile: script, atomically: true, encoding: .utf8)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = [
            "-t", "1", "-c", "\(Self.width)", "-d", "\(Int(max(1, options.seconds)))s", "-s", script,
            "http://127.0.0.1:\(port)/hooks/1",
        ]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return text.split(separator: "\n").first { $0.contains("Requests/sec") }?.split(separator: " ").last
            .flatMap { Double($0) }
    }

    // MARK: The engine

    private func deliveries(_ count: Int, to port: Int) async throws -> Double {
        let fleet = try CallbackFleet(options, settings: ["callbacks.workers_per_destination": "\(Self.width)"])
        try await fleet.fill(count, port: port)
        return try await fleet.driving { engine in
            let changes = engine.changes.subscribe()
            let watch = Stopwatch(seconds: 0)
            let open = CallbackQuery(statuses: [.pending, .delivering], limit: 1)
            for await _ in changes {
                // Looking is not what is measured: it reads one row, and not often.
                if try await engine.callbacks.page(open).items.isEmpty { break }
                try await ContinuousClock().sleep(for: .milliseconds(10))
            }
            let seconds = watch.seconds
            let delivered = try await engine.callbacks.counts()[.delivered]
            precondition(delivered == count, "Not every webhook was delivered.")
            return Double(count) / seconds
        }
    }
}

/// A hundred thousand dead letters: how long the screen's questions take, and the redrive of all of them.
struct DeadLetterBenchmark {
    let options: Options

    func run() async throws {
        let count = 100_000
        let fleet = try CallbackFleet(options, settings: [:])
        try await fleet.fill(count, port: 9, isDead: true)
        let callbacks = fleet.host.engine.callbacks
        try await time("list, first window") { _ = try await callbacks.page(CallbackQuery(statuses: [.dead])) }
        try await time("list, what needs somebody first") {
            _ = try await callbacks.page(CallbackQuery(order: .attention))
        }
        for filter in [
            "error~\"answered 503\"", "destination:nowhere.example", "attempts>=9", "tenant:t-7", "bench-99",
        ] {
            let query = try CallbackFilter.parse("status:dead " + filter)
            try await time("list, \(filter)") { _ = try await callbacks.page(query) }
        }
        try await time("causes") { _ = try await callbacks.causes() }
        try await time("causes, error~\"503\"") {
            _ = try await callbacks.causes(try CallbackFilter.parse("error~503"))
        }
        try await time("badge") { _ = try await callbacks.deadLetterCount() }
        try await time("preview of a bulk operation") { _ = try await callbacks.preview(CallbackQuery()) }
        let seconds = try await fleet.driving { engine in
            let watch = Stopwatch(seconds: 0)
            let operation = try await callbacks.begin(
                CallbackOperation.Request(.discard, by: "benchmark"), CallbackQuery())
            Benchmarks.show("ms to freeze \(count) dead letters", watch.seconds * 1_000)
            while try await callbacks.operation(operation.id)?.status == .running {
                try await ContinuousClock().sleep(for: .milliseconds(20))
            }
            return watch.seconds
        }
        Benchmarks.show("dead letters through a bulk operation", Double(count) / seconds)
    }

    /// The median of nine, in milliseconds.
    private func time(_ name: String, _ body: () async throws -> Void) async throws {
        var times: [Double] = []
        for _ in 0..<9 {
            let watch = Stopwatch(seconds: 0)
            try await body()
            times.append(watch.seconds * 1_000)
        }
        let median = times.sorted()[4]
        print("| \(name) | \((median * 10).rounded() / 10) ms | wanted: under 100 ms |")
    }
}
