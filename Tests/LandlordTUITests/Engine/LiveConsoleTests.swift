import Foundation
import LandlordDomain
import LandlordEngine
import LandlordTestSupport
import Logging
import StatesLanguage
import Testing

@testable import LandlordTUI

/// The console on a real engine and a real database: only the terminal and the editor are played.
@Suite("The console on an engine", .timeLimit(.minutes(1)))
struct LiveConsoleTests {
    private static let spec = """
        name: acme
        compute:
          provider: mock
          containers: [{ name: web, image: "app:1", ports: [{ name: http, container_port: 8080 }] }]

        """

    @Test func `a tenant is provisioned, updated and deleted by keys alone`() async throws {
        try await withConsole { console in
            try await console.waits { $0.fleet?.driver == .thisProcess }
            console.edits = [Self.spec.replacing("provider: mock", with: "providr: mock"), Self.spec]
            console.press(.character("P"))
            try await console.waits { $0.modal != nil }
            #expect(console.opened.count == 2)
            #expect(console.opened[1].contains("#! spec:3: compute.providr: is not a known field"))
            #expect(console.screen.contains("Provision acme"))
            console.press(.character("y"))
            try await console.waits { $0.tenants.selected?.status == .ready }
            #expect(console.screen.contains("acme"))

            console.edits = [Self.spec.replacing("app:1", with: "app:2")]
            console.press(.character("U"))
            try await console.waits { $0.modal != nil }
            #expect(console.opened[2].contains("image: \"app:1\""))
            #expect(console.screen.contains("Update acme"))
            #expect(console.screen.contains("app:1 > app:2"))
            console.press(.character("y"))
            try await console.waits { $0.tenants.selected?.observedGeneration == 2 }

            console.press(.enter)
            try await console.waits { model in
                guard case .tenant(let detail) = model.place else { return false }
                return detail.facts?.executions.count == 2 && detail.facts?.tenant.status == .ready
            }
            console.press(.character("]"), .character("]"))
            #expect(console.screen.contains("provisioning > ready"))
            console.press(.character("]"), .enter)
            try await console.waits { model in
                guard case .execution(let detail) = model.place else { return false }
                return detail.facts?.run != nil
            }
            #expect(console.screen.contains("succeeded"))
            console.press(.escape, .escape, .character("D"))
            for character in "acme" { console.press(.character(character)) }
            console.press(.enter)
            try await console.waits { $0.tenants.hasLoaded && $0.tenants.scroller.ids.isEmpty }
            #expect(console.screen.contains("no tenants yet"))
            try await console.waits { $0.fleet?.tenantCount == 0 }
            #expect(console.screen.contains("0 tenants"))
        }
    }

    @Test func `a name that is taken is refused in the file, an untouched file changes nothing`() async throws {
        try await withConsole { console in
            _ = try await console.engine.tenants.apply(try TenantSpec.sample("acme"), by: "somebody")
            console.edits = [Self.spec, nil]
            console.press(.character("P"))
            try await console.waits { $0.toast?.text.string == "nothing was changed in the file" }
            #expect(console.opened[1].contains("#! name: a tenant named 'acme' exists; U updates it"))
        }
    }

    @Test func `the file of a draft is private and gone afterwards`() async throws {
        try await withConsole { console in
            console.press(.character("P"))
            try await console.waits { $0.toast != nil }
            let path = try #require(console.paths.first)
            #expect(console.modes == [0o600])
            #expect(!FileManager.default.fileExists(atPath: path))
        }
    }

    @Test func `the end of a long list is found, and the way back from it`() async throws {
        try await withConsole(isDriven: false) { console in
            let tenants = console.engine.tenants
            try await withThrowingTaskGroup { group in
                for index in 1_000..<1_700 {
                    group.addTask { _ = try await tenants.apply(try TenantSpec.sample("t\(index)"), by: "somebody") }
                }
                try await group.waitForAll()
            }
            console.press(.character("r"), .character("s"))
            try await console.waits { $0.tenantOrder == .name && $0.tenants.scroller.ids.count == 240 }
            #expect(console.model.tenants.selected?.name != nil)
            console.press(.character("g"))
            try await console.waits { $0.tenants.selected?.name == "t1000" }
            console.press(.character("G"))
            try await console.waits { $0.tenants.selected?.name == "t1699" }
            for _ in 0..<80 {
                console.press(.pageUp)
                try await console.waits { !$0.tenants.isShifting }
            }
            #expect(console.model.tenants.selected?.name == "t1000")
            for _ in 0..<80 {
                console.press(.pageDown)
                try await console.waits { !$0.tenants.isShifting }
            }
            #expect(console.model.tenants.selected?.name == "t1699")
        }
    }
}
