import LandlordDomain
import LandlordTestSupport
import StatesLanguage
import Testing

/// `docs/tenant-spec.md` says what the code accepts.
@Suite struct TenantSpecGuideTests {
    @Test func `the guide names every limit`() throws {
        let expected: [[String]] = [
            row("bytes of a name", TenantSpec.nameLengthLimit), row("bytes of a config", SpecLimits.configByteCount),
            row("labels, and annotations", SpecLimits.labelCount),
            row("bytes of a label's key and of its value", SpecLimits.labelByteCount),
            row("bytes of an annotation's value", SpecLimits.annotationByteCount),
            row("containers", SpecLimits.containerCount), row("ports of a container", SpecLimits.portCount),
            row("words of a command, and of its arguments", SpecLimits.argumentCount),
            row("bytes of such a word", SpecLimits.argumentByteCount),
            row("variables of a container", SpecLimits.variableCount),
            row("bytes of a variable's value", SpecLimits.variableByteCount),
            row("secrets", SpecLimits.secretCount), row("callbacks", SpecLimits.callbackCount),
            row("subnets, and security groups", SpecLimits.networkNameCount),
            row("bytes of a callback's address", CallbackSpec.urlByteLimit),
            row("a port", SpecLimits.portRange), row("cpu, in millicores", SpecLimits.cpuRange),
            row("memory, in MiB", SpecLimits.memoryRange), row("storage, in MiB", SpecLimits.storageRange),
            row("seconds of a health check", SpecLimits.healthSecondsRange),
            row("seconds between two health checks", SpecLimits.healthIntervalLeast...3_600),
            row("answers in a row", SpecLimits.thresholdRange),
        ]
        #expect(try Guide("tenant-spec.md").rows(under: "Limits") == expected)
    }

    @Test func `the guide's defaults are those of the code`() throws {
        let spec = try ComputeSpec(json: [
            "containers": [["name": "web", "ports": [["container_port": 80]], "health_check": ["type": "http"]]],
            "networking": [:],
        ])
        let container = spec.containers[0]
        let check = try #require(container.healthCheck)
        #expect(
            try defaults(under: "compute.containers[].health_check") == [
                "path": check.path, "interval_seconds": "\(check.intervalSeconds)",
                "timeout_seconds": "\(check.timeoutSeconds)", "healthy_threshold": "\(check.healthyThreshold)",
                "unhealthy_threshold": "\(check.unhealthyThreshold)",
            ])
        #expect(
            try defaults(under: "compute.containers[].ports[]") == [
                "protocol": container.ports[0].transport.rawValue
            ])
        #expect(try defaults(under: "compute.networking") == ["public_ip": "\(spec.networking?.publicIP ?? true)"])
    }

    @Test func `every field of the guide is a field of a spec`() throws {
        let headings = [
            "The spec", "compute", "compute.containers[]", "compute.containers[].ports[]",
            "compute.containers[].health_check", "compute.resources", "compute.secrets[]", "compute.networking",
            "compute.networking.dns", "callbacks[]",
        ]
        for heading in headings {
            let fields = try Guide("tenant-spec.md").rows(under: heading).flatMap { Guide.codes(in: $0[0]) }
            #expect(!fields.isEmpty, "\(heading)")
            for field in fields {
                let unknown = violations(of: document(heading == "The spec" ? field : "\(heading).\(field)"))
                    .filter { $0.message.hasPrefix("is not a known field") }
                #expect(unknown == [])
            }
        }
    }

    private func row(_ name: String, _ limit: Int) -> [String] { [name, "\(limit)"] }

    private func row(_ name: String, _ range: ClosedRange<Int>) -> [String] {
        [name, "\(range.lowerBound) to \(range.upperBound)"]
    }

    /// The fields under a heading whose default is one word of code.
    private func defaults(under heading: String) throws -> [String: String] {
        var defaults: [String: String] = [:]
        for row in try Guide("tenant-spec.md").rows(under: heading) {
            guard let field = Guide.codes(in: row[0]).first, let word = Guide.codes(in: row[1]).first else { continue }
            defaults[field] = word
        }
        return defaults
    }

    /// A document in which a field stands at a path such as `compute.containers[].name`, holding nothing.
    private func document(_ path: String) -> JSONValue {
        var value = JSONValue.null
        for part in path.split(separator: ".").reversed() {
            value = part.hasSuffix("[]") ? [String(part.dropLast(2)): [value]] : [String(part): value]
        }
        return value
    }

    private func violations(of document: JSONValue) -> [Violation] {
        do throws(InvalidSpec) {
            _ = try TenantSpec(json: document)
            return []
        } catch {
            return error.violations
        }
    }
}
