import Foundation
import Glibc
import StatesLanguage
import Testing

/// An operator and dead letters, from the command line only.
@Suite(.timeLimit(.minutes(3)))
struct CallbackStoryTests {
    private let home: Home

    init() throws {
        home = try Home()
    }

    /// The spec of a tenant whose webhook no configuration of these tests allows, so that it is dead at once.
    private func spec(_ name: String) throws -> String {
        try home.write(
            """
            name: \(name)
            compute: { provider: mock, containers: [{ name: web, image: "app:1" }] }
            callbacks: [{ url: "https://10.0.0.7/hooks/\(name)" }]
            """, to: "\(name).yaml")
    }

    /// Lets tenants come up, and their webhooks die.
    private func dead(_ names: String...) async throws {
        let specs = try names.map(spec)
        let code = try await home.during(["serve"], says: "drives ") {
            for spec in specs { try await home.run(["tenant", "apply", "-f", spec, "--wait"]) }
            while try await letters(["--status", "dead"]).count < names.count {}
        } endingWith: {
            SIGTERM
        }
        #expect(code == 0)
    }

    private func letters(_ options: [String]) async throws -> [JSONValue] {
        try await home.json(["callback", "list"] + options)["items"]?.arrayValue ?? []
    }

    @Test func `a dead letter says why, is discarded with a reason, and cannot be redriven then`() async throws {
        try await dead("acme")
        let letter = try #require(try await letters(["--filter", "status:dead tenant:acme"]).first)
        let id = try #require(letter["id"]?.stringValue)
        #expect(letter["last_error_code"] == "ADDRESS_REFUSED")
        #expect(letter["destination"] == "https://10.0.0.7/hooks/acme")
        #expect((letter["attempts"], letter["tenant"]) == (1, "acme"))
        let attempts = try await home.json(["callback", "attempts", id])["items"]?.arrayValue ?? []
        #expect(attempts.map { $0["outcome"] } == ["refused"])

        let unknown = try await home.run(["callback", "discard", "cb-nothing", id])
        #expect((unknown.code, unknown.problems) == (66, "landlord: there is no callback 'cb-nothing'\n"))
        #expect(try await home.json(["callback", "get", id])["status"] == "dead")

        let discarded = try await home.run(["callback", "discard", id, "--reason", "the hook is gone"])
        #expect((discarded.code, discarded.output) == (0, "callback \(id) is discarded\n"))
        let again = try await home.run(["callback", "discard", id])
        #expect((again.code, again.output) == (0, "callback \(id) is discarded already\n"))
        let refused = try await home.run(["callback", "retry", id])
        #expect(refused.code == 65)
        #expect(refused.problems == "landlord: callback \(id) is discarded; only a dead letter is redriven\n")
        let whole = try await home.json(["callback", "get", id])
        let deeds = whole["audit"]?.arrayValue ?? []
        #expect(deeds.map { $0["reason"] } == ["the hook is gone"])
        #expect(deeds.map { $0["actor"] } == ["tester"])
        #expect((whole["status"], whole["payload"]?["tenant"]) == ("discarded", "acme"))
        #expect(try await home.run(["verify"]).code == 0)
    }

    @Test func `a redrive gives a new budget, and dies again as its receiver wants`() async throws {
        try await dead("acme")
        let id = try #require(try await letters(["--status", "dead"]).first?["id"]?.stringValue)
        let redriven = try await home.run(["callback", "retry", id, "--max-retries", "0"])
        #expect((redriven.code, redriven.output) == (0, "callback \(id) is redriven: 1 more tries\n"))
        let twice = try await home.run(["callback", "retry", id])
        #expect((twice.code, twice.output) == (0, "callback \(id) is on its way already (pending)\n"))
        let code = try await home.during(["serve"], says: "drives ") {
            while try await home.json(["callback", "get", id])["attempts"] != 2 {}
        } endingWith: {
            SIGTERM
        }
        #expect(code == 0)
        #expect(try await home.json(["callback", "get", id])["status"] == "dead")
    }

    @Test func `all that match are counted, redriven and discarded with one command`() async throws {
        try await dead("acme", "beta", "gamma")
        let preview = try await home.json(["callback", "retry", "--all", "--dry-run"])
        #expect((preview["count"], preview["causes"]?.arrayValue?.count) == (3, 1))
        #expect(try await letters(["--status", "dead"]).count == 3, "a dry run changes nothing")
        let one = try await home.json(["callback", "discard", "--all", "--filter", "tenant:beta"])
        #expect((one["status"], one["applied"], one["total"]) == ("done", 1, 1))
        let halted = try await home.run(["callback", "retry", "--all", "--canary"])
        #expect(halted.code == 1)
        #expect(halted.problems.contains("was halted: the first one failed again; the same command goes on with it"))
        let done = try await home.run(["callback", "retry", "--all"])
        #expect(done.code == 0, "\(done.problems)")
        #expect(done.output == "2 dead letters of 2 redriven\n")
        let none = try await home.run(["callback", "discard", "--all", "--filter", "tenant:nobody"])
        #expect((none.code, none.output) == (0, "no dead letter matches\n"))
        #expect(try await home.run(["verify"]).code == 0)
    }
}
