import LandlordDomain
import LandlordEngine
import LandlordTestSupport
import StatesLanguage
import Testing

@testable import LandlordTUI

/// Cancel and retry when they come too late, twice, or from two consoles at once: one effect and a clear word.
@Suite("Verbs from two consoles", .timeLimit(.minutes(1)))
struct LiveVerbTests {
    private static func spec(delay: Int, fails: Bool) throws -> TenantSpec {
        var script: JSONObject = ["delay_milliseconds": .number(JSONNumber(delay))]
        if fails { script["fail"] = ["code": "INVALID_CONFIGURATION", "message": "no such image"] }
        let container: JSONValue = ["name": "web", "image": "app:1"]
        return try TenantSpec(
            json: [
                "name": "acme",
                "compute": [
                    "provider": "mock", "containers": .array([container]), "provider_config": .object(script),
                ],
            ])
    }

    @Test func `a failed tenant that two consoles retry is tried once more`() async throws {
        try await withConsoles(2) { consoles in
            let (ana, ben) = (consoles[0], consoles[1])
            _ = try await ana.engine.tenants.apply(try Self.spec(delay: 2_000, fails: true), by: "somebody")
            try await ana.waits { $0.tenants.selected?.status == .failed }
            let id = try #require(ana.model.tenants.selected?.id)
            let verb = ConsoleVerb.retry(id, name: "acme")
            let (first, second) = (ana.runner, ben.runner)
            async let left = first.outcome(of: verb)
            async let right = second.outcome(of: verb)
            let outcomes = await [left, right]
            #expect(outcomes.count { if case .done = $0 { true } else { false } } == 1)
            let refused = outcomes.compactMap { if case .refused(let words) = $0 { words } else { nil } }
            #expect(refused.count == 1)
            #expect(refused.first?.hasSuffix("; only a failed tenant can be retried") == true)
            guard case .refused(let late) = await first.outcome(of: verb) else {
                Issue.record("what runs was retried")
                return
            }
            #expect(late.hasSuffix("; only a failed tenant can be retried"))
            let history = try await ana.engine.tenants.history(of: id).items
            #expect(history.count { $0.from == .failed } == 1)
            // The key says so before anything is asked.
            try await ana.waits { $0.tenants.selected?.status.isWorking == true }
            ana.press(.character("R"))
            #expect(ana.model.modal == nil)
            #expect(ana.model.toast?.text.string.hasSuffix("; only a failed tenant can be retried") == true)
        }
    }

    @Test func `an execution that two consoles cancel is stopped once, and cancelling it later changes nothing`()
        async throws
    {
        try await withConsoles(2) { consoles in
            let (ana, ben) = (consoles[0], consoles[1])
            ana.press(.character("3"))
            _ = try await ana.engine.tenants.apply(try Self.spec(delay: 60_000, fails: false), by: "somebody")
            try await ana.waits { $0.executions.selected?.status == .running }
            let id = try #require(ana.model.executions.selected?.id)
            let (first, second) = (ana.runner, ben.runner)
            async let left = first.outcome(of: .cancel(id, tenantName: "acme", reason: "wrong image"))
            async let right = second.outcome(of: .cancel(id, tenantName: "acme", reason: "too slow"))
            for outcome in await [left, right] {
                guard case .done(let words, _) = outcome else {
                    Issue.record("\(outcome)")
                    continue
                }
                #expect(words == "\(id) will be stopped" || words == "\(id) is over: cancelled")
            }
            try await ana.waits { $0.executions.item(id)?.status == .cancelled }
            let history = try await ana.engine.executions.history(of: id)
            #expect(history.count { $0.status == .cancelled } == 1)
            let late = await second.outcome(of: .cancel(id, tenantName: "acme", reason: nil))
            guard case .done("\(id) is over: cancelled", _) = late else {
                Issue.record("\(late)")
                return
            }
            #expect(try await ana.engine.executions.history(of: id) == history)
            ana.press(.character("X"))
            #expect(ana.model.modal == nil)
            #expect(ana.model.toast?.text.string == "\(id) is over")
        }
    }

    @Test func `a letter that two consoles redrive is sent once`() async throws {
        let endpoint = WebhookEndpoint { _ in .status(410) }
        let port = try await endpoint.open()
        let settings = [
            "LANDLORD_CALLBACKS_MAX_RETRIES": "0", "LANDLORD_CALLBACKS_ALLOW_LOOPBACK_HTTP": "true",
        ]
        try await withConsoles(2, settings: settings) { consoles in
            let (ana, ben) = (consoles[0], consoles[1])
            ana.press(.character("4"), .character("t"))
            let text = """
                name: acme
                compute: { provider: mock, containers: [{ name: web, image: "app:1" }] }
                callbacks: [{ url: "http://127.0.0.1:\(port)/" }]
                """
            _ = try await ana.engine.tenants.apply(try SpecFile.read(Array(text.utf8)), by: "somebody")
            try await ana.waits { $0.callbacks.selected?.status == .dead }
            let id = try #require(ana.model.callbacks.selected?.id)
            endpoint.answer { _ in .hang }
            let (first, second) = (ana.runner, ben.runner)
            async let left = first.outcome(of: .settle(.redrive, [id], reason: nil))
            async let right = second.outcome(of: .settle(.redrive, [id], reason: nil))
            let words = await [left, right].compactMap { if case .done(let words, _) = $0 { words } else { nil } }
            #expect(words.count { $0 == "\(id) is redriven" } == 1)
            #expect(words.count { $0.hasPrefix("\(id) is on its way already") } == 1)
            #expect(try await ana.engine.callbacks.audit(of: id).count == 1)
        }
        await endpoint.close()
    }

    @Test func `a schedule is paused, triggered and deleted, and what became of it is on the screen at once`()
        async throws
    {
        try await withConsoles(1) { consoles in
            let ana = consoles[0]
            ana.press(.character("7"))
            let engine = ana.engine
            _ = try await engine.runs.create(
                WorkflowSpec(
                    workflowID: "report", provider: "embedded", name: "report",
                    definition: ["StartAt": "A", "States": ["A": ["Type": "Pass", "End": true]]]))
            let spec = try ScheduleSpec(json: ["name": "yearly", "workflow": "report", "cron": "@yearly"])
            _ = try await engine.schedules.create(spec, replacing: false, by: "ben")
            try await ana.waits { $0.schedules.selected?.id == "yearly" }
            ana.press(.enter, .character("B"), .character("y"))
            try await ana.waits { $0.selectedSchedule?.startedCount == 1 }
            try await ana.waits { model in
                guard case .schedule(let detail) = model.place else { return false }
                return detail.facts?.history.map(\.kind) == [.started, .triggered, .created]
                    && detail.facts?.upcoming.count == ScheduleFacts.momentLimit
            }
            ana.press(.character("S"), .character("y"))
            try await ana.waits { $0.selectedSchedule?.status == .paused }
            guard case .refused(let words) = await ana.runner.outcome(of: .schedule(.pause, "yearly", reason: nil))
            else {
                Issue.record("what is paused was paused")
                return
            }
            #expect(words == "schedule yearly: schedule 'yearly' is already paused by ana")
            guard case .done = await ana.runner.outcome(of: .schedule(.delete, "yearly", reason: "over")) else {
                Issue.record("it was not deleted")
                return
            }
            try await ana.waits { model in
                guard case .schedule(let detail) = model.place else { return false }
                return detail.isGone
            }
        }
    }
}
