import LandlordDomain
import StatesLanguage

/// Everything about one container that decides what is started: its part of the spec, and the provider's settings.
///
/// Two plans with equal documents start equal processes; that is what makes provisioning twice harmless, and an update
/// touch only what changed. Secrets are in it as references.
struct LaunchPlan: Sendable, Hashable {
    /// The container.
    let container: ContainerSpec
    /// The secrets that it is given.
    let secrets: [SecretReference]
    /// How it is restarted, stopped and logged.
    let settings: ProcessSettings
    /// The limits in force: its own, or else the tenant's.
    let resources: ResourceRequirements?
    /// The plan as a compute document with one container, which is how it is recorded.
    let document: JSONValue

    /// The container's name.
    var name: String { container.name }
    /// Equal for plans that start equal processes.
    var hash: String { ConfigHash.of(document) }

    /// One plan for each container of a spec.
    static func plans(for spec: ComputeSpec) -> [LaunchPlan] {
        spec.containers.map { LaunchPlan(container: $0, spec: spec) }
    }

    /// The plan that a record holds; nil when it is not one that this version of the program writes.
    init?(document: JSONValue) {
        // A record is written from a valid spec; one that cannot be read has nothing that can be started again.
        guard let spec = try? ComputeSpec(json: document), let container = spec.containers.first else { return nil }
        self.init(container: container, spec: spec)
    }

    private init(container: ContainerSpec, spec: ComputeSpec) {
        self.container = container
        secrets = spec.secrets
        settings = ProcessSettings(json: spec.providerConfig)
        resources = container.resources ?? spec.resources
        document = .object(
            JSONObject([
                ("containers", .array([container.document])),
                ("resources", spec.resources?.document ?? .null),
                ("secrets", .array(spec.secrets.map(\.document))),
                ("provider_config", spec.providerConfig),
            ]))
    }

    /// What of a spec the process provider cannot run.
    static func violations(of spec: ComputeSpec) -> [Violation] {
        var found = ProcessSettings.violations(of: spec.providerConfig)
        for (index, container) in spec.containers.enumerated() {
            let place = "containers[\(index)]"
            if container.command.isEmpty {
                found.append(Violation("\(place).command", "is required by the process provider"))
            }
            found += variableViolations(of: container, secrets: spec.secrets, path: place)
        }
        return found
    }

    /// Expands with values that only show whether a name is defined.
    private static func variableViolations(
        of container: ContainerSpec, secrets: [SecretReference], path: String
    ) -> [Violation] {
        var found: [Violation] = []
        let portNames = PortPlan.variableNames(for: container.ports)
        for name in portNames where container.env[name] != nil {
            found.append(Violation("\(path).env.\(name)", "is set by the process provider to the allocated port"))
        }
        for name in secrets.map(\.variable) where container.env[name] != nil {
            found.append(Violation("\(path).env.\(name)", "is also the name of a secret"))
        }
        let names = ["PATH", "HOME"] + portNames + secrets.map(\.variable)
        let given = Dictionary(names.map { ($0, "") }, uniquingKeysWith: { first, _ in first })
        let (environment, failures) = CommandExpansion.environment(given: given, spec: container.env)
        found += failures.map { Violation("\(path).env.\($0.name)", $0.failure.message) }
        let broken = Dictionary(failures.map { ($0.name, "") }, uniquingKeysWith: { first, _ in first })
        let words = [("command", container.command), ("args", container.args)]
        for (field, texts) in words + [("health_check.command", container.healthCheck?.command ?? [])] {
            for (index, text) in texts.enumerated() {
                do throws(CommandExpansion.Failure) {
                    _ = try CommandExpansion.expand(text, from: environment.merging(broken) { own, _ in own })
                } catch { found.append(Violation("\(path).\(field)[\(index)]", error.message)) }
            }
        }
        return found
    }
}

extension ContainerSpec {
    fileprivate var document: JSONValue {
        .object(
            JSONObject([
                ("name", .string(name)),
                ("image", image.map { .string($0) } ?? .null),
                ("command", .array(command.map { .string($0) })),
                ("args", .array(args.map { .string($0) })),
                ("env", .object(JSONObject(env.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))),
                ("ports", .array(ports.map(\.document))),
                ("health_check", healthCheck?.document ?? .null),
                ("resources", resources?.document ?? .null),
            ]))
    }
}

extension PortMapping {
    fileprivate var document: JSONValue {
        [
            "name": name.map { .string($0) } ?? .null, "container_port": .number(JSONNumber(containerPort)),
            "host_port": hostPort.map { .number(JSONNumber($0)) } ?? .null, "protocol": .string(transport.rawValue),
        ]
    }
}

extension HealthCheckConfig {
    fileprivate var document: JSONValue {
        let port: JSONValue =
            switch self.port {
            case nil: .null
            case .number(let number)?: .number(JSONNumber(number))
            case .name(let name)?: .string(name)
            }
        return [
            "type": .string(kind.rawValue), "path": .string(path), "port": port,
            "command": .array(command.map { .string($0) }),
            "interval_seconds": .number(JSONNumber(intervalSeconds)),
            "timeout_seconds": .number(JSONNumber(timeoutSeconds)),
            "healthy_threshold": .number(JSONNumber(healthyThreshold)),
            "unhealthy_threshold": .number(JSONNumber(unhealthyThreshold)),
        ]
    }
}

extension ResourceRequirements {
    fileprivate var document: JSONValue {
        func number(_ value: Int?) -> JSONValue { value.map { .number(JSONNumber($0)) } ?? .null }
        return ["cpu": number(cpu), "memory": number(memory), "storage": number(storage)]
    }
}

extension SecretReference {
    fileprivate var document: JSONValue {
        [
            "name": .string(name), "source": .string(source), "key": key.map { .string($0) } ?? .null,
            "env_var": envVar.map { .string($0) } ?? .null,
        ]
    }
}
