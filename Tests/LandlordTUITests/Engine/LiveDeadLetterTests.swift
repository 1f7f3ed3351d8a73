import LandlordDomain
import LandlordEngine
import LandlordTestSupport
import StatesLanguage
import Testing

@testable import LandlordTUI

/// Dead letters on a real engine, with a real receiver on loopback.
@Suite("Dead letters on an engine", .timeLimit(.minutes(1)))
struct LiveDeadLetterTests {
    /// No retries, so that one wrong answer is enough.
    private static let settings = [
        "LANDLORD_CALLBACKS_MAX_RETRIES": "0", "LANDLORD_CALLBACKS_ALLOW_LOOPBACK_HTTP": "true",
    ]

    private static func provision(_ names: [String], port: Int, on console: LiveConsole) async throws {
        for name in names {
            let text = """
                name: \(name)
                compute:
                  provider: mock
                  containers: [{ name: web, image: "app:1" }]
                callbacks: [{ url: "http://127.0.0.1:\(port)/hook" }]
                """
            _ = try await console.engine.tenants.apply(try SpecFile.read(Array(text.utf8)), by: "somebody")
        }
    }

    @Test func `dead letters appear, one is redriven by a key, then all that match, and one is given up`() async throws
    {
        let endpoint = WebhookEndpoint { _ in .status(500, body: "out of order") }
        let port = try await endpoint.open()
        try await withConsole(settings: Self.settings) { console in
            console.press(.character("4"))
            try await Self.provision(["t1", "t2", "t3", "t4"], port: port, on: console)
            try await console.waits { $0.causes.selected?.count == 4 && $0.selectedSample != nil }
            try await console.waits { $0.fleet?.deadLetterCount == 4 }
            #expect(console.screen.contains("DLQ 4"))
            #expect(console.screen.contains("  500 "))
            console.press(.enter)
            try await console.waits { $0.callbacks.scroller.ids.count == 4 }
            console.press(.enter, .character("l"))
            try await console.waits { model in
                guard case .callback(let detail) = model.place else { return false }
                return detail.facts?.attempts.count == 1
            }
            #expect(console.screen.contains("> out of order"))
            console.press(.escape)

            endpoint.answer { _ in .status(204) }
            let first = try #require(console.model.callbacks.selected?.id)
            console.press(.character("R"), .character("y"))
            try await console.waits { $0.toast?.text.string == "\(first) is redriven" }
            try await console.waits { $0.fleet?.deadLetterCount == 3 }
            console.press(.character("*"), .character("R"))
            try await console.waits { $0.modal != nil }
            #expect(console.screen.contains("Redrive 3 dead letters"))
            console.press(.character("3"), .enter)
            try await console.waits { $0.operations.first?.operation.status == .done }
            try await console.waits { $0.fleet?.deadLetterCount == 0 }
            try await console.waits { $0.callbacks.scroller.ids.isEmpty }
            #expect(endpoint.requests.count == 8)
            #expect(Set(endpoint.requests.map(\.id)).count == 4)

            endpoint.answer { _ in .status(410) }
            console.press(.escape)
            try await Self.provision(["t5"], port: port, on: console)
            try await console.waits { $0.causes.selected?.count == 1 && $0.causes.selected?.failure.statusCode == 410 }
            console.press(.enter)
            try await console.waits { $0.callbacks.selected?.tenantName == "t5" }
            let last = try #require(console.model.callbacks.selected?.id)
            console.press(.character("D"))
            console.type("customer left")
            console.press(.enter, .character("y"))
            try await console.waits { $0.toast?.text.string == "\(last) is discarded" }
            try await console.waits { $0.fleet?.deadLetterCount == 0 }
            let audit = try await console.engine.callbacks.audit(of: last)
            #expect(audit.map(\.verb) == [.discard])
            #expect(audit.map(\.actor) == ["ana"])
            #expect(audit.map(\.reason) == ["customer left"])

            let refused = await console.runner.outcome(of: .settle(.redrive, [last], reason: nil))
            #expect(refused == .refused("callback \(last) is discarded; only a dead letter is redriven"))
            let again = await console.runner.outcome(of: .settle(.discard, [last], reason: nil))
            #expect(again == .done("\(last) is discarded already", tenantID: nil))
        }
        await endpoint.close()
    }

    @Test func `a bulk redrive is paused, resumed and aborted by keys`() async throws {
        let endpoint = WebhookEndpoint { _ in .status(500) }
        let port = try await endpoint.open()
        try await withConsole(settings: Self.settings) { console in
            console.press(.character("4"))
            try await Self.provision((1...6).map { "t\($0)" }, port: port, on: console)
            try await console.waits { $0.causes.selected?.count == 6 }
            endpoint.answer { _ in .status(204) }
            console.type(":redrive --rate 1")
            console.press(.enter)
            try await console.waits { $0.modal != nil }
            console.press(.character("6"), .enter)
            try await console.waits { $0.openOperations.count == 1 }
            let id = try #require(console.model.operations.first?.id)
            console.press(.character("O"), .character("p"), .character("y"))
            try await console.waits { $0.operations.first?.operation.status == .paused }
            #expect(console.screen.contains("paused"))
            console.press(.character("O"), .character("r"), .character("y"))
            try await console.waits { $0.operations.first?.operation.status == .running }
            console.press(.character("O"), .character("a"), .character("y"))
            try await console.waits { $0.operations.first?.operation.status == .abandoned }
            let end = try #require(try await console.engine.callbacks.operation(id))
            #expect(end.processed < 6)
            let late = await console.runner.outcome(of: .control(id, .resume))
            #expect(late == .refused("bulk operation \(id) is abandoned and cannot become running"))
        }
        await endpoint.close()
    }

    @Test func `nothing is discarded by filter that nobody has confirmed`() async throws {
        let endpoint = WebhookEndpoint { _ in .status(410) }
        let port = try await endpoint.open()
        try await withConsole(settings: Self.settings) { console in
            console.press(.character("4"))
            try await Self.provision(["t1", "t2"], port: port, on: console)
            try await console.waits { $0.causes.selected?.count == 2 }
            let request = BulkRequest(
                verb: .discard, filter: "", query: CallbackQuery(), scope: "every dead letter")
            let outcome = await console.runner.outcome(of: .begin(request, confirmed: 1, reason: "old"))
            #expect(outcome == .refused("2 dead letters match now, not 1; nothing was changed"))
            #expect(try await console.engine.callbacks.deadLetterCount() == 2)
        }
        await endpoint.close()
    }

    @Test func `the window behind the middle of a page begins where the database says`() async throws {
        let endpoint = WebhookEndpoint { _ in .status(410) }
        let port = try await endpoint.open()
        try await withConsole(settings: Self.settings) { console in
            console.press(.character("4"))
            try await Self.provision(["t1", "t2", "t3"], port: port, on: console)
            try await console.waits { $0.causes.selected?.count == 3 && $0.fleet?.tenants[.ready] == 3 }
            for order in CallbackQuery.Order.allCases {
                // The three that went to the runs are delivered, so two ranks meet here.
                var query = CallbackQuery(order: order)
                let all = try await console.engine.callbacks.page(query).items
                #expect(all.count == 6)
                for (index, callback) in all.enumerated() {
                    query.after = order.cursor(of: callback)
                    #expect(try await console.engine.callbacks.page(query).items == Array(all[(index + 1)...]))
                }
            }
        }
        await endpoint.close()
    }
}
