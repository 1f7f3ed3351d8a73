import Foundation
import StatesLanguage
import Testing

@Suite(.timeLimit(.minutes(3)))
struct TenantStoryTests {
    @Test func `a tenant is made, changed and deleted, and its documents keep their fields`() async throws {
        let home = try Home()
        let made = try await home.run(["tenant", "apply", "-f", try home.spec("acme"), "--wait"])
        #expect(made.code == 0, "\(made.problems)")
        #expect(made.output == "tenant acme created\ntenant acme is ready: http://mock.invalid:8080\n")

        let tenant = try await home.json(["tenant", "get", "acme"])
        for field in Self.tenantFields { #expect(tenant[field] != nil, "\(field)") }
        #expect(tenant["endpoints"]?[0]?["url"] == "http://mock.invalid:8080")
        #expect(tenant["endpoints"]?[0]?["port"] == 8080)
        #expect(tenant["observed_config"] == tenant["desired_config"])

        let again = try await home.run(["tenant", "apply", "-f", try home.spec("acme")])
        #expect(again.output == "tenant acme unchanged\n")
        let spec = try home.spec("acme", image: "app:2")
        let plan = try await home.json(["tenant", "plan", "-f", spec])
        #expect(plan["changes"]?[0]?["path"] == "compute.containers[0].image")
        let changed = try await home.run(["tenant", "apply", "-f", spec, "--wait"])
        #expect(changed.output.hasPrefix("tenant acme updated\n"))

        let history = try await home.json(["tenant", "history", "acme"])["items"]?.arrayValue ?? []
        #expect(history.first?["from_status"] == .null)
        #expect(history.first?["triggered_by"] == "tester")
        #expect(history.compactMap { $0["to_status"]?.stringValue }.first == "requested")
        #expect(history.last?["to_status"] == "ready")

        let executions = try await home.json(["execution", "list", "--tenant", "acme"])["items"]?.arrayValue ?? []
        #expect(executions.compactMap { $0["operation_type"]?.stringValue } == ["update", "provision"])
        for field in Self.executionFields { #expect(executions[0][field] != nil, "\(field)") }
        let id = try #require(executions[0]["execution_id"]?.stringValue)
        let steps = try await home.json(["execution", "history", id])["items"]?.arrayValue ?? []
        #expect(steps.compactMap { $0["status"]?.stringValue } == ["pending", "running", "succeeded"])
        #expect(steps.allSatisfy { $0["details"] != nil && $0["timestamp"] != nil })

        let callbacks = try await home.json(["callback", "list"])["items"]?.arrayValue ?? []
        #expect(callbacks.count == 2)
        for field in Self.callbackFields { #expect(callbacks.first?[field] != nil, "\(field)") }

        let gone = try await home.run(["tenant", "delete", "acme", "--wait"])
        #expect(gone.output == "tenant acme is deleted\n")
        #expect(try await home.run(["tenant", "delete", "acme", "--wait"]).code == 0)
        #expect(try await home.json(["tenant", "list"])["items"] == [])
        #expect(try await home.json(["verify"])["sound"] == true)
    }

    private static let tenantFields = [
        "id", "name", "status", "status_message", "generation", "observed_generation", "version", "labels", "endpoints",
        "resource_ids", "desired_config", "observed_config", "created_at", "updated_at",
    ]
    private static let executionFields = [
        "execution_id", "tenant", "tenant_id", "workflow_execution_id", "operation_type", "status", "resource_ids",
        "error_code", "error_message", "error_class", "created_at", "updated_at",
    ]
    private static let callbackFields = [
        "id", "execution_id", "tenant", "destination", "status", "attempts", "last_error", "created_at",
        "last_attempt_at",
    ]

    @Test func `no document shows the token of a task`() async throws {
        let home = try Home()
        try await home.run(["tenant", "apply", "-f", try home.spec("acme"), "--wait"])
        let runs = try await home.json(["workflow", "list"])["items"]?.arrayValue ?? []
        let id = try #require(runs.first?["id"]?.stringValue)
        let history = try await home.run(["workflow", "history", id, "-o", "json"])
        #expect(history.code == 0)
        #expect(history.output.contains("ExecutionSucceeded"))
        #expect(history.output.contains("\\\"token\\\":\\\"********\\\""))
    }

    @Test func `a failure ends with 1, is retried by its execution, and the retry may succeed`() async throws {
        let home = try Home()
        let script = "{ fail: { code: INVALID_CONFIGURATION, times: 1, message: no such image } }"
        let spec = try home.spec("acme", script: script)
        let failed = try await home.run(["tenant", "apply", "-f", spec, "--wait"])
        #expect(failed.code == 1)
        #expect(failed.problems.contains("no such image"))
        #expect(try await home.run(["tenant", "wait", "acme", "--for", "ready"]).code == 1)
        #expect(try await home.run(["tenant", "wait", "acme", "--for", "failed"]).code == 0)

        let execution = try await home.json(["execution", "list"])["items"]?[0]
        #expect(execution?["error_class"] == "permanent")
        let id = try #require(execution?["execution_id"]?.stringValue)
        #expect(try await home.run(["execution", "retry", id]).code == 0)
        #expect(try await home.run(["tenant", "wait", "acme", "--for", "ready"]).code == 0)
        let refused = try await home.run(["execution", "retry", id])
        #expect(refused.code == 65)
        #expect(refused.problems.contains("not the last one"))
    }

    @Test func `what takes too long ends with 124 and goes on`() async throws {
        let home = try Home()
        let spec = try home.spec("slow", script: "{ delay_milliseconds: 600000 }")
        let late = try await home.run(["tenant", "apply", "-f", spec, "--wait", "--timeout", "200ms"])
        #expect(late.code == 124)
        #expect(late.problemLines.count == 1)
        #expect(try await home.json(["tenant", "get", "slow"])["status"] != "failed")
    }
}
