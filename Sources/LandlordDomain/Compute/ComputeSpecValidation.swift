/// The rules that hold between the fields of a spec; the rules of a single field are checked where it is read.
extension ComputeSpec {
    /// Every rule that the spec breaks, whatever provider runs it (seed 001, 1.7; reference 2.4).
    public func violations(path: String) -> [Violation] {
        var found: [Violation] = []
        if let provider, provider.isEmpty { found.append(Violation("\(path).provider", "must not be empty")) }
        if containers.isEmpty {
            found.append(Violation("\(path).containers", "must have at least one container"))
        }
        found += duplicates(containers.map(\.name), path: "\(path).containers", field: "name")
        for (index, container) in containers.enumerated() {
            found += container.violations(path: "\(path).containers[\(index)]", tenant: resources)
        }
        for (index, secret) in secrets.enumerated() {
            found += secret.violations(path: "\(path).secrets[\(index)]")
        }
        found += duplicates(secrets.map(\.variable), path: "\(path).secrets", field: "name")
        return found
    }

    private func duplicates(_ names: [String], path: String, field: String) -> [Violation] {
        var seen: Set<String> = []
        return names.enumerated().compactMap { index, name in
            guard !name.isEmpty, !seen.insert(name).inserted else { return nil }
            return Violation("\(path)[\(index)].\(field)", "'\(name)' is used twice; names must be unique")
        }
    }
}

extension ContainerSpec {
    func violations(path: String, tenant: ResourceRequirements?) -> [Violation] {
        var found: [Violation] = []
        if !name.isEmpty, !TenantSpec.isLegalName(name) {
            found.append(Violation("\(path).name", TenantSpec.nameRule))
        }
        for (field, words) in [("command", command), ("args", args)] {
            for (index, word) in words.enumerated() {
                found += Self.text(word, limit: SpecLimits.argumentByteCount, path: "\(path).\(field)[\(index)]")
            }
        }
        if let program = command.first, program.isEmpty {
            found.append(Violation("\(path).command[0]", "must not be empty"))
        }
        if env.count > SpecLimits.variableCount {
            found.append(Violation("\(path).env", "must have at most \(SpecLimits.variableCount) variables"))
        }
        for (name, value) in env.sorted(by: { $0.key < $1.key }) {
            if !Self.isVariableName(name) {
                found.append(Violation("\(path).env", "has a variable that is not letters, digits and '_'"))
            }
            found += Self.text(value, limit: SpecLimits.variableByteCount, path: "\(path).env.\(name)")
        }
        found += portViolations(path: path)
        if let healthCheck { found += healthCheck.violations(path: "\(path).health_check", ports: ports) }
        found += exceeds(resources?.cpu, tenant?.cpu, path: "\(path).resources.cpu")
        found += exceeds(resources?.memory, tenant?.memory, path: "\(path).resources.memory")
        return found
    }

    private func portViolations(path: String) -> [Violation] {
        var found: [Violation] = []
        var names: Set<String> = []
        var numbers: Set<String> = []
        for (index, port) in ports.enumerated() {
            let place = "\(path).ports[\(index)]"
            if let name = port.name {
                if !TenantSpec.isLegalName(name) { found.append(Violation("\(place).name", TenantSpec.nameRule)) }
                if !names.insert(name).inserted {
                    found.append(Violation("\(place).name", "'\(name)' is used twice; names must be unique"))
                }
            }
            if !numbers.insert("\(port.transport.rawValue)/\(port.containerPort)").inserted {
                found.append(Violation("\(place).container_port", "\(port.containerPort) is declared twice"))
            }
        }
        return found
    }

    private func exceeds(_ own: Int?, _ whole: Int?, path: String) -> [Violation] {
        guard let own, let whole, own > whole else { return [] }
        return [Violation(path, "must not exceed the tenant's \(whole)")]
    }

    static func text(_ text: String, limit: Int, path: String) -> [Violation] {
        if text.utf8.count > limit { return [Violation(path, "must be at most \(limit) bytes")] }
        if text.utf8.contains(0) { return [Violation(path, "must not contain a NUL character")] }
        return []
    }

    static func isVariableName(_ name: String) -> Bool {
        guard let first = name.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first),
            name.utf8.count <= 255
        else { return false }
        return name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }
}

extension HealthCheckConfig {
    func violations(path: String, ports: [PortMapping]) -> [Violation] {
        var found: [Violation] = []
        if intervalSeconds < SpecLimits.healthIntervalLeast {
            found.append(
                Violation("\(path).interval_seconds", "must be at least \(SpecLimits.healthIntervalLeast)"))
        }
        if timeoutSeconds >= intervalSeconds {
            found.append(Violation("\(path).timeout_seconds", "must be less than interval_seconds"))
        }
        switch kind {
        case .http, .tcp: found += portViolations(path: path, ports: ports)
        case .exec: if command.isEmpty { found.append(Violation("\(path).command", "is required for exec")) }
        }
        if kind == .http, !self.path.hasPrefix("/") || self.path.utf8.contains(where: { $0 <= 32 || $0 == 127 }) {
            found.append(Violation("\(path).path", "must begin with '/' and hold no blanks"))
        }
        return found
    }

    private func portViolations(path: String, ports: [PortMapping]) -> [Violation] {
        switch port {
        case nil:
            ports.contains { $0.transport == .tcp } ? [] : [Violation("\(path).port", "needs a declared tcp port")]
        case .number(let number)?:
            ports.contains { $0.containerPort == number && $0.transport == .tcp }
                ? [] : [Violation("\(path).port", "\(number) is not a declared tcp port")]
        case .name(let name)?:
            ports.contains { $0.name == name && $0.transport == .tcp }
                ? [] : [Violation("\(path).port", "'\(name)' is not the name of a declared tcp port")]
        }
    }
}

extension SecretReference {
    func violations(path: String) -> [Violation] {
        var found: [Violation] = []
        if !variable.isEmpty, !ContainerSpec.isVariableName(variable) {
            found.append(
                Violation("\(path).\(envVar == nil ? "name" : "env_var")", "must be letters, digits and '_'"))
        }
        let isKnown = source.hasPrefix("env:") || source.hasPrefix("file:")
        if !source.isEmpty, !isKnown || source.hasSuffix(":") {
            found.append(Violation("\(path).source", "must be env:NAME or file:PATH; a secret itself is refused"))
        }
        return found
    }
}
