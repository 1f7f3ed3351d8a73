import Foundation

/// Measures what `docs/benchmarks.md` promises and prints it as a table.
///
/// `Benchmarks [writer|provision|runs|scale|callbacks|deadletters|language] [--seconds N] [--runs N]
/// [--directory PATH] [--in-flight N] [--alone]`; `Benchmarks restart --runs N` is the part of `scale` that a death
/// begins, for a profiler.
@main
struct Benchmarks {
    static func main() async throws {
        let options = Options(arguments: Array(CommandLine.arguments.dropFirst()))
        try FileManager.default.createDirectory(atPath: options.directory, withIntermediateDirectories: true)
        print("| measurement | per second | beside it |\n|---|---:|---|")
        if options.parts.contains("writer") { try await WriterBenchmark(options: options).run() }
        if options.parts.contains("provision") { try await ProvisionBenchmark(options: options).run() }
        if options.parts.contains("runs") { try await RunBenchmark(options: options).run() }
        if options.parts.contains("scale") { try await RunScaleBenchmark(options: options).run() }
        if options.parts.contains("restart") {
            try await RunScaleBenchmark(options: options).restart(runs: options.runs)
        }
        if options.parts.contains("callbacks") { try await CallbackBenchmark(options: options).run() }
        if options.parts.contains("deadletters") { try await DeadLetterBenchmark(options: options).run() }
        if options.parts.contains("language") { try LanguageBenchmark(options: options).run() }
    }

    static func show(_ name: String, _ rate: Double, beside: String = "") {
        print("| \(name) | \(Int(rate.rounded())) | \(beside) |")
        // Whoever reads it through a pipe sees each line when it is there.
        fflush(nil)
    }
}

/// What to measure, for how long and where.
struct Options: Sendable {
    var parts = ["writer", "provision", "runs", "scale", "callbacks", "deadletters", "language"]
    var seconds = 3.0
    /// How many finished runs there are before runs are measured behind them.
    var runs = 1_000_000
    /// How many runs are under way at once.
    var inFlight = [1, 32, 100]
    /// Leaves out the baselines of runs, for a profiler.
    var isAlone = false
    /// On a real disk: a file system in memory has no fsync to share.
    var directory = FileManager.default.currentDirectoryPath + "/.build/benchmarks-data"

    init(arguments: [String]) {
        var arguments = arguments[...]
        var named: [String] = []
        while let argument = arguments.popFirst() {
            switch argument {
            case "--seconds": seconds = arguments.popFirst().flatMap(Double.init) ?? seconds
            case "--runs": runs = arguments.popFirst().flatMap(Int.init) ?? runs
            case "--in-flight": inFlight = arguments.popFirst().flatMap(Int.init).map { [$0] } ?? inFlight
            case "--alone": isAlone = true
            case "--directory": directory = arguments.popFirst() ?? directory
            default: named.append(argument)
            }
        }
        if !named.isEmpty { parts = named }
    }

    /// A path for a database that is not there yet.
    func newDatabase() -> String { "\(directory)/\(UUID().uuidString)/benchmark.db" }
}

/// Counts what happens until a deadline.
struct Stopwatch {
    private let start = ContinuousClock.now
    let limit: Duration

    /// Without a time it counts until somebody looks.
    init(seconds: Double = 86_400) { limit = .seconds(seconds) }

    var isRunning: Bool { ContinuousClock.now - start < limit }

    var seconds: Double {
        let passed = ContinuousClock.now - start
        return Double(passed.components.seconds) + Double(passed.components.attoseconds) / 1e18
    }
}
