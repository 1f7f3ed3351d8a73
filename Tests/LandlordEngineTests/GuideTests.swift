import Foundation
import LandlordDomain
import LandlordTestSupport
import StatesLanguage
import Testing

@testable import LandlordEngine

/// What the documents say of the engine is what the engine does.
@Suite struct GuideTests {
    @Test func `the guide to compute providers holds the example that the tests run`() throws {
        let example = try Guide.source("Tests/LandlordEngineTests/Compute/ExampleProvider.swift")
        #expect(try Guide("compute-providers.md").blocks(of: "swift").contains(example))
    }

    @Test func `the guide to compute providers has every error and its class`() throws {
        let rows = try Guide("compute-providers.md").rows(under: "Errors").map { $0.prefix(2).flatMap(Guide.codes) }
        #expect(rows == ComputeError.Code.allCases.map { [$0.rawValue, ComputeError($0, "").errorClass.rawValue] })
    }

    @Test(arguments: [
        ("compute-providers.md", "Sources/LandlordEngine/Compute/ComputeProvider.swift", "ComputeProvider"),
        ("workflow-providers.md", "Sources/LandlordEngine/Workflow/WorkflowProvider.swift", "WorkflowProvider"),
    ])
    func `a guide explains every requirement of its protocol`(guide: String, file: String, name: String) throws {
        let source = try Guide.source(file)
        let body = try #require(source.components(separatedBy: "public protocol \(name)").last)
        let lines = body.prefix(upTo: body.range(of: "\n}\n")?.lowerBound ?? body.endIndex).split(separator: "\n")
        let names = lines.compactMap { line -> String? in
            guard let match = line.firstMatch(of: /^    (?:func|var) (\w+)/) else { return nil }
            return String(match.output.1)
        }
        let rows = try Guide(guide).rows(under: "The protocol").flatMap { Guide.codes(in: $0[0]) }
        #expect(rows == names)
    }

    @Test func `the picture lists every durable step in the order of an operation`() throws {
        let rows = try Guide("architecture.md").rows(under: "Durable steps").flatMap { Guide.codes(in: $0[0]) }
        #expect(rows == DurableStep.allCases.map(\.rawValue))
    }

    @Test(arguments: [
        "architecture.md", "compute-providers.md", "workflow-providers.md", "callbacks.md", "tenant-spec.md",
        "state-machines.md", "schedules.md",
    ])
    func `a guide names only files that exist`(name: String) throws {
        let prose = try Guide(name).text.components(separatedBy: "```").enumerated()
            .filter { $0.offset % 2 == 0 }.map(\.element).joined()
        let paths = Guide.codes(in: prose).filter { code in
            ["Sources/", "Tests/", "docs/", "examples/"].contains(where: code.hasPrefix)
        }
        for path in paths { #expect(Guide.exists(path), "\(path)") }
    }

    @Test func `the specs of the guide are legal`() throws {
        let specs = try Guide("tenant-spec.md").blocks(of: "yaml")
        #expect(!specs.isEmpty)
        for spec in specs {
            #expect(throws: Never.self) { try TenantSpecDocument.read(spec, file: "tenant-spec.md") }
        }
    }

    @Test func `the guide to callbacks names every field of the payload`() throws {
        let spec = try TenantSpec.sample()
        let subject = ComputeExecution.Subject(
            tenantID: Tenant.ID("t"), operation: .provision, generation: 1, attemptEpoch: 0, attempt: 1)
        let execution = ComputeExecution(
            subject: subject, tenantName: "acme", workflowExecutionID: nil, taskToken: nil, provider: "mock",
            config: spec.config, at: .sample)
        let fields = CallbackPayload(execution).json.objectValue.map { $0.map(\.key) }
        #expect(try Guide("callbacks.md").rows(under: "The payload").flatMap { Guide.codes(in: $0[0]) } == fields)
    }
}
