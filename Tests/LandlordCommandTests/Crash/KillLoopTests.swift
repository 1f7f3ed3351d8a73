import Foundation
import LandlordDomain
import LandlordEngine
import LandlordTestSupport
import Testing

/// Kills the driving process at every durable step of provision, update and delete, and at moments that chance chooses;
/// the next process must end the operation as it should, with nothing doubled, orphaned or forgotten.
///
/// `LANDLORD_KILLS` sets how many kills chance chooses, on top of the aimed ones.
@Suite(.timeLimit(.minutes(20)), .serialized)
struct KillLoopTests {
    /// The steps that an operation goes through in the driving process.
    static let steps: [ComputeOperation: [DurableStep]] = [
        .provision: [
            .intended, .begun, .recorded, .started, .spawned, .claimed, .handedOver, .performed, .ended, .delivering,
            .answered, .delivered, .completed,
        ],
        .update: [
            .intended, .begun, .recorded, .started, .stopping, .stopped, .spawned, .claimed, .handedOver, .performed,
            .ended, .delivering, .answered, .delivered, .completed,
        ],
        .delete: [
            .intended, .begun, .recorded, .started, .stopping, .stopped, .removed, .performed, .ended, .delivering,
            .answered, .delivered, .completed,
        ],
    ]

    @Test func `a kill at any durable step leaves nothing doubled, orphaned or forgotten`() async throws {
        let ground = try KillGround()
        defer { ground.clear() }
        var hits: [ComputeOperation: [DurableStep: Int]] = [:]
        for (round, aim) in Self.aims().enumerated() {
            for operation in ComputeOperation.allCases {
                let kill = aim(operation)
                let step = try await ground.play(operation, kill: kill, round: round)
                if let step { hits[operation, default: [:]][step, default: 0] += 1 }
            }
            try await ground.verify()
        }
        for operation in ComputeOperation.allCases {
            let counts = hits[operation, default: [:]]
            let names = DurableStep.allCases.compactMap { step in counts[step].map { "\(step.rawValue) \($0)" } }
            print("kills during \(operation.rawValue): \(names.joined(separator: ", "))")
            let missed = (Self.steps[operation] ?? []).filter { counts[$0] == nil }
            #expect(missed.isEmpty, "no kill hit \(missed.map(\.rawValue)) of \(operation.rawValue)")
        }
        let total = hits.values.flatMap(\.values).reduce(0, +)
        print("\(total) kills in all")
        #expect(total >= 50)
    }

    @Test(arguments: ComputeOperation.allCases)
    func `a kill behind the operator's own write loses no wish`(_ operation: ComputeOperation) async throws {
        let ground = try KillGround()
        defer { ground.clear() }
        try await ground.play(operation, kill: .inCommand, round: 0)
        try await ground.verify()
    }

    /// Aimed kills, one step a round, then kills that chance aims.
    private static func aims() -> [(ComputeOperation) -> KillGround.Kill] {
        let rounds = steps.values.map(\.count).max() ?? 0
        let aimed = (0..<rounds).map { round in
            { (operation: ComputeOperation) -> KillGround.Kill in
                let all = steps[operation] ?? []
                return .at(all[round % all.count])
            }
        }
        let wished = ProcessInfo.processInfo.environment["LANDLORD_KILLS"].flatMap { Int($0) } ?? 12
        let chance = SeededChance(seed: UInt64(wished))
        let byChance = (0..<(wished / 3)).map { _ in
            { (_: ComputeOperation) -> KillGround.Kill in .afterSteps(Int(chance.next() % 12)) }
        }
        return aimed + byChance
    }
}
