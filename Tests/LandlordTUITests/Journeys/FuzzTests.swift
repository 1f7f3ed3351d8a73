import LandlordDomain
import LandlordTestSupport
import StatesLanguage
import Testing

@testable import LandlordTUI

/// Random keys, answers and changes with fixed seeds: whatever happens, these things hold.
@Suite("Fuzzed console")
struct FuzzTests {
    private static let keys: [Key] =
        "jkgGqslduvPURXADCO234tto*[]/:?.rpaay nameacme".map { .character($0) } + [
            .enter, .escape, .backspace, .tab, .backTab, .up, .down, .left, .right, .pageUp, .pageDown, .home, .end,
            .control("c"), .control("u"), .control("d"), .paste("D\ny"), .mouse(.wheelDown, Point(row: 3, column: 3)),
            .focus(isGained: true), .function(1),
        ]

    private static let sizes = [
        Size(rows: 24, columns: 80), Size(rows: 48, columns: 160), Size(rows: 10, columns: 40),
        Size(rows: 5, columns: 20), Size(rows: 2, columns: 7), Size(rows: 0, columns: 0),
    ]

    @Test(arguments: UInt64(1)...24)
    func `no change without its question, and every frame is whole`(seed: UInt64) throws {
        var state = seed
        func chance(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        var journey = try Journey.fleet()
        var world = try Journey.tenants()
        for step in 0..<200 {
            let before = journey.model
            let kind = try event(chance, journey.model, &world, step)
            let effects = journey.model.update(
                ConsoleEvent(at: journey.model.now.advanced(by: .milliseconds(chance(900))), kind: kind))
            try check(effects, before: before, kind)
            check(journey)
        }
        for _ in 0..<40 { journey.press(.escape) }
        #expect(journey.model.stack == [.tenants])
        #expect(journey.model.modal == nil)
    }

    private func event(
        _ chance: (Int) -> Int, _ model: ConsoleModel, _ world: inout [Tenant], _ step: Int
    ) throws -> ConsoleEvent.Kind {
        switch chance(10) {
        case 0: return .resize(Self.sizes[chance(Self.sizes.count)])
        case 1:
            change(&world, chance, step)
            return .loaded(.tenants(model.tenantQuery, anchors: nil, Page(items: world, next: nil)))
        case 2:
            let execution = Journey.execution(of: world[chance(world.count)], attempt: chance(5))
            switch chance(3) {
            case 0: return .loaded(.running(execution.tenantID, name: execution.tenantName, execution))
            case 1:
                return .loaded(
                    .executions(model.executionQuery, anchors: nil, Page(items: [execution], next: nil)))
            default:
                return .loaded(
                    .execution(
                        execution.id,
                        ExecutionFacts(execution: execution, history: [execution.birth()], run: nil, runHistory: [])))
            }
        case 3:
            guard case .tenant(let detail) = model.place else { return .tick }
            let tenant = world.first { $0.id == detail.id }
            return .loaded(
                .tenant(detail.id, tenant.map { TenantFacts(tenant: $0, transitions: [], executions: []) }))
        case 4: return chance(3) == 0 ? .changed(.everything) : try deadLetters(chance, model)
        case 5:
            let spec = try TenantSpec.sample("zeta")
            let draft = SpecDraft(purpose: .provision, path: "/x", written: "")
            return chance(4) == 0
                ? .draft(.planned(draft, spec, Plan(desired: spec.config, observed: nil), isNew: true)) : .tick
        default: return .key(Self.keys[chance(Self.keys.count)])
        }
    }

    private func deadLetters(_ chance: (Int) -> Int, _ model: ConsoleModel) throws -> ConsoleEvent.Kind {
        let statuses = CallbackStatus.allCases
        let callbacks = try (0..<chance(14)).map { number in
            try Journey.callback(
                number, statuses[chance(statuses.count)], workflow: chance(2) == 0 ? .failed : nil)
        }
        switch chance(6) {
        case 0: return .loaded(.causes(model.causeQuery, Array(Journey.causes().prefix(chance(3)))))
        case 1: return .loaded(.callbacks(model.callbackQuery, anchors: nil, Page(items: callbacks, next: nil)))
        case 2:
            let cause = Journey.causes()[chance(2)]
            return .loaded(.sample(cause: cause.id, callbacks.first.map { Journey.facts(of: $0) }))
        case 3:
            let request = BulkRequest(
                verb: CallbackVerb.allCases[chance(2)], filter: "", query: CallbackQuery(), scope: "every dead letter")
            let count = chance(4)
            return .loaded(.preview(request, BulkPreview(count: count, ended: min(count, chance(2)), causes: [])))
        case 4:
            let statuses = CallbackOperationStatus.allCases
            return .loaded(.operations([Journey.operation(statuses[chance(statuses.count)])]))
        default:
            guard case .callback(let detail) = model.place else { return .tick }
            return .loaded(.callback(detail.id, callbacks.first.map { Journey.facts(of: $0) }))
        }
    }

    private func change(_ world: inout [Tenant], _ chance: (Int) -> Int, _ step: Int) {
        world.swapAt(chance(world.count), chance(world.count))
        if chance(4) == 0, world.count > 2 { world.removeLast() }
        // A sample that cannot be made would be a mistake of the test, and then the world stays as it is.
        if chance(3) == 0, let tenant = try? Tenant.sample("t\(step)", status: .failed) { world.insert(tenant, at: 0) }
    }

    /// Each submitted verb is one that the question on the screen named, and a key answered it.
    private func check(_ effects: [ConsoleEffect], before: ConsoleModel, _ kind: ConsoleEvent.Kind) throws {
        let verbs = effects.compactMap { effect -> ConsoleVerb? in
            guard case .submit(let verb) = effect else { return nil }
            return verb.because(nil)
        }
        guard !verbs.isEmpty else { return }
        guard case .key = kind, case .confirm(let change)? = before.modal, case .submit(let asked) = change.consequence
        else {
            Issue.record("\(verbs) without a question")
            return
        }
        #expect(verbs == asked)
    }

    private func check(_ journey: Journey) {
        let model = journey.model
        let frame = journey.frame()
        #expect(frame.cells.count == model.size.rows * model.size.columns)
        #expect(model.stack.first == .tenants)
        let scroller = model.tenants.scroller
        #expect(scroller.ids.isEmpty == (scroller.cursor == nil))
        if let cursor = scroller.cursor { #expect(scroller.ids.contains(cursor)) }
        #expect(scroller.marks.allSatisfy { model.tenants.item($0) != nil })
        let callbacks = model.callbacks.scroller
        #expect(callbacks.ids.isEmpty == (callbacks.cursor == nil))
        #expect(callbacks.marks.allSatisfy { model.callbacks.item($0) != nil })
        // Either all that match are chosen, or letters by name; never both.
        #expect(!model.deadLetters.areAllMarked || callbacks.marks.isEmpty)
    }
}
