import Foundation
import LandlordTestSupport
import Testing

@testable import LandlordEngine

/// The real engine on a real database in memory, in a world in which a seed decides every step.
///
/// `LANDLORD_SIMULATIONS` says how many worlds, `LANDLORD_SEED` which is the first; a seed that fails is the same world
/// each time.
@Suite(.timeLimit(.minutes(60)))
struct RunSimulationTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let count = environment["LANDLORD_SIMULATIONS"].flatMap(Int.init) ?? 2_000
    private static let laneCount = 2
    private static let seed = environment["LANDLORD_SEED"].flatMap(UInt64.init) ?? 1

    private let directory: TemporaryDirectory
    /// A database with every migration, which each world copies.
    private let template: String

    init() async throws {
        directory = try TemporaryDirectory(inMemory: true)
        template = directory.file("template.db")
        await (try LandlordEngine.Database(path: template)).close()
    }

    private struct Outcome: Equatable {
        var violations: [String]
        var digest: UInt64
    }

    /// A world lives and ends on a thread of its own, because nothing in it may wait for anything outside.
    private func outcome(
        _ seed: UInt64, _ weakness: SimulatedWorld.Weakness = .none, actions: Int = 25
    ) async throws -> Outcome {
        try await withCheckedThrowingContinuation { continuation in
            let thread = Thread { [template] in
                continuation.resume(
                    with: Result {
                        let world = try SimulatedWorld(seed: seed, weakness: weakness, template: template)
                        try world.live(actions: actions)
                        try world.settle()
                        try world.close()
                        return Outcome(violations: world.violations, digest: world.digest)
                    })
            }
            thread.stackSize = 8 << 20
            thread.start()
        }
    }

    @Test(arguments: 0..<laneCount)
    func `whatever happens when, every run ends as its log says, and what was acknowledged counts once`(
        lane: Int
    ) async throws {
        for number in stride(from: lane, to: Self.count, by: Self.laneCount) {
            let seed = Self.seed + UInt64(number)
            let outcome = try await outcome(seed)
            #expect(outcome.violations == [], "seed \(seed)")
        }
    }

    @Test(arguments: 1...5 as ClosedRange<UInt64>) func `a seed is the same world each time`(seed: UInt64) async throws
    {
        let first = try await outcome(seed)
        #expect(try await outcome(seed) == first)
        #expect(try await outcome(seed + 100).digest != first.digest)
    }

    @Test(arguments: [SimulatedWorld.Weakness.noFence, .tasksOutsideTheTransaction])
    func `an engine without one of its guards is found out`(weakness: SimulatedWorld.Weakness) async throws {
        for seed in 1...200 as ClosedRange<UInt64> {
            if try await !outcome(seed, weakness).violations.isEmpty { return }
        }
        Issue.record("two hundred worlds have seen nothing")
    }
}
