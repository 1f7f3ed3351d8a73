public import StatesLanguage

/// What a provider should run for one tenant (seed 001, 1.3).
public struct ComputeSpec: Sendable, Hashable {
    /// The provider that runs it; nil where the configuration's default is meant.
    public var provider: String?
    /// The containers, started in this order.
    public var containers: [ContainerSpec]
    /// The limits of the tenant as a whole.
    public var resources: ResourceRequirements?
    /// How the tenant is reached; only cloud providers read it.
    public var networking: NetworkConfig?
    /// References to secrets; the values are resolved when the tenant is provisioned and never stored.
    public var secrets: [SecretReference]
    /// What only one provider understands.
    public var providerConfig: JSONValue

    /// Reads the compute part of a spec.
    ///
    /// - Throws: every broken rule at once, with fields relative to the compute part.
    public init(json: JSONValue) throws(InvalidSpec) {
        var reader = SpecReader()
        let spec = ComputeSpec(json, path: "compute", &reader)
        if let spec { reader.check(spec.violations(path: "compute")) }
        try reader.finish()
        guard let spec else { throw InvalidSpec([Violation("compute", "is required")]) }
        self = spec
    }

    init?(_ json: JSONValue, path: String, _ reader: inout SpecReader) {
        guard let fields = reader.object(json, path: path) else { return nil }
        reader.refuseUnknown(
            fields,
            allowed: [
                "provider", "containers", "resources", "networking", "secrets", "provider_config",
            ], path: path)
        provider = reader.string(fields["provider"], path: "\(path).provider")
        if fields["containers"] == nil { reader.report("\(path).containers", "is required") }
        var containers: [ContainerSpec] = []
        let items = reader.list(
            fields["containers"], path: "\(path).containers", limit: SpecLimits.containerCount)
        for (index, item) in items.enumerated() {
            let place = "\(path).containers[\(index)]"
            if item == .null { reader.report(place, "must be a mapping, not nothing") }
            if let container = ContainerSpec(item, path: place, &reader) { containers.append(container) }
        }
        self.containers = containers
        resources = ResourceRequirements(fields["resources"], path: "\(path).resources", &reader)
        networking = NetworkConfig(fields["networking"], path: "\(path).networking", &reader)
        var secrets: [SecretReference] = []
        let references = reader.list(fields["secrets"], path: "\(path).secrets", limit: SpecLimits.secretCount)
        for (index, item) in references.enumerated() {
            if let secret = SecretReference(item, path: "\(path).secrets[\(index)]", &reader) {
                secrets.append(secret)
            }
        }
        self.secrets = secrets
        providerConfig = .object(reader.object(fields["provider_config"], path: "\(path).provider_config") ?? [:])
    }
}

/// One process or container of a tenant.
public struct ContainerSpec: Sendable, Hashable {
    /// Unique within the tenant.
    public var name: String
    /// What image to run; the process provider needs none.
    public var image: String?
    /// The program and its first arguments.
    public var command: [String]
    /// Further arguments.
    public var args: [String]
    /// The environment, as the spec says; `$NAME` is expanded from it.
    public var env: [String: String]
    /// The ports that it listens on.
    public var ports: [PortMapping]
    /// When it counts as ready.
    public var healthCheck: HealthCheckConfig?
    /// Its own limits, within those of the tenant.
    public var resources: ResourceRequirements?

    init?(_ json: JSONValue, path: String, _ reader: inout SpecReader) {
        guard let fields = reader.object(json, path: path) else { return nil }
        reader.refuseUnknown(
            fields, allowed: ["name", "image", "command", "args", "env", "ports", "health_check", "resources"],
            path: path)
        name = reader.string(fields["name"], path: "\(path).name", isRequired: true) ?? ""
        image = reader.string(fields["image"], path: "\(path).image")
        command = reader.strings(fields["command"], path: "\(path).command", limit: SpecLimits.argumentCount)
        args = reader.strings(fields["args"], path: "\(path).args", limit: SpecLimits.argumentCount)
        env = reader.stringMap(fields["env"], path: "\(path).env")
        var ports: [PortMapping] = []
        let items = reader.list(fields["ports"], path: "\(path).ports", limit: SpecLimits.portCount)
        for (index, item) in items.enumerated() {
            if let port = PortMapping(item, path: "\(path).ports[\(index)]", &reader) { ports.append(port) }
        }
        self.ports = ports
        healthCheck = HealthCheckConfig(fields["health_check"], path: "\(path).health_check", &reader)
        resources = ResourceRequirements(fields["resources"], path: "\(path).resources", &reader)
    }
}

/// A port that a container listens on.
public struct PortMapping: Sendable, Hashable {
    /// What the port speaks.
    public enum TransportProtocol: String, Sendable, Hashable, CaseIterable {
        /// The default.
        case tcp
        /// Not checked for readiness.
        case udp
    }

    /// What an endpoint and `$PORT_<NAME>` are called.
    public var name: String?
    /// The port inside the container; the process provider allocates one on loopback instead.
    public var containerPort: Int
    /// The port on the host; nil for any free one.
    public var hostPort: Int?
    /// What it speaks.
    public var transport: TransportProtocol

    init?(_ json: JSONValue, path: String, _ reader: inout SpecReader) {
        guard let fields = reader.object(json, path: path) else { return nil }
        reader.refuseUnknown(fields, allowed: ["name", "container_port", "host_port", "protocol"], path: path)
        name = reader.string(fields["name"], path: "\(path).name")
        let legal = SpecLimits.portRange
        let port = reader.integer(
            fields["container_port"], path: "\(path).container_port", range: legal, isRequired: true)
        containerPort = port ?? legal.lowerBound
        hostPort = reader.integer(fields["host_port"], path: "\(path).host_port", range: legal)
        transport = reader.choice(fields["protocol"], path: "\(path).protocol") ?? .tcp
    }
}

/// How a container proves that it is ready, and that it still is.
public struct HealthCheckConfig: Sendable, Hashable {
    /// What is asked.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// A GET that answers 200 to 399.
        case http
        /// A connection that is accepted.
        case tcp
        /// A command that exits with 0.
        case exec
    }

    /// A port by number or by the name of a declared one.
    public enum PortReference: Sendable, Hashable {
        /// The container port with this number.
        case number(Int)
        /// The port with this name.
        case name(String)
    }

    /// What is asked.
    public var kind: Kind
    /// The path of an http check.
    public var path: String
    /// Which port is asked; nil for the first declared.
    public var port: PortReference?
    /// What an exec check runs.
    public var command: [String]
    /// The time between two checks.
    public var intervalSeconds: Int
    /// How long one check may take.
    public var timeoutSeconds: Int
    /// How many good answers in a row make it healthy.
    public var healthyThreshold: Int
    /// How many bad answers in a row make it unhealthy.
    public var unhealthyThreshold: Int

    init?(_ json: JSONValue?, path: String, _ reader: inout SpecReader) {
        guard let fields = reader.object(json, path: path) else { return nil }
        reader.refuseUnknown(
            fields,
            allowed: [
                "type", "path", "port", "command", "interval_seconds", "timeout_seconds", "healthy_threshold",
                "unhealthy_threshold",
            ], path: path)
        let kind: Kind? = reader.choice(fields["type"], path: "\(path).type", isRequired: true)
        self.kind = kind ?? .tcp
        self.path = reader.string(fields["path"], path: "\(path).path") ?? "/"
        command = reader.strings(fields["command"], path: "\(path).command", limit: SpecLimits.argumentCount)
        switch fields["port"] {
        case nil, .null?: port = nil
        case .string(let name)?: port = .name(name)
        case .some(let value):
            port = reader.integer(value, path: "\(path).port", range: SpecLimits.portRange).map { .number($0) }
        }
        let seconds = SpecLimits.healthSecondsRange
        intervalSeconds =
            reader.integer(fields["interval_seconds"], path: "\(path).interval_seconds", range: seconds) ?? 5
        timeoutSeconds =
            reader.integer(fields["timeout_seconds"], path: "\(path).timeout_seconds", range: seconds) ?? 2
        let count = SpecLimits.thresholdRange
        healthyThreshold =
            reader.integer(fields["healthy_threshold"], path: "\(path).healthy_threshold", range: count) ?? 1
        unhealthyThreshold =
            reader.integer(fields["unhealthy_threshold"], path: "\(path).unhealthy_threshold", range: count) ?? 3
    }
}

/// What a tenant or a container may use.
public struct ResourceRequirements: Sendable, Hashable {
    /// Millicores: a thousandth of a core.
    public var cpu: Int?
    /// MiB.
    public var memory: Int?
    /// MiB of ephemeral disk.
    public var storage: Int?

    init?(_ json: JSONValue?, path: String, _ reader: inout SpecReader) {
        guard let fields = reader.object(json, path: path) else { return nil }
        reader.refuseUnknown(fields, allowed: ["cpu", "memory", "storage"], path: path)
        cpu = reader.integer(fields["cpu"], path: "\(path).cpu", range: SpecLimits.cpuRange)
        memory = reader.integer(fields["memory"], path: "\(path).memory", range: SpecLimits.memoryRange)
        storage = reader.integer(fields["storage"], path: "\(path).storage", range: SpecLimits.storageRange)
    }
}

/// How a tenant is reached from outside; read by cloud providers.
public struct NetworkConfig: Sendable, Hashable {
    /// Give it a public address.
    public var publicIP: Bool
    /// The cloud's names of security groups.
    public var securityGroups: [String]
    /// The cloud's names of subnets.
    public var subnets: [String]
    /// The DNS name to give it.
    public var dns: DNSConfig?

    init?(_ json: JSONValue?, path: String, _ reader: inout SpecReader) {
        guard let fields = reader.object(json, path: path) else { return nil }
        reader.refuseUnknown(fields, allowed: ["public_ip", "security_groups", "subnets", "dns"], path: path)
        publicIP = fields["public_ip"]?.boolValue ?? false
        if let value = fields["public_ip"], value != .null, value.boolValue == nil {
            reader.report("\(path).public_ip", "must be true or false")
        }
        let limit = SpecLimits.networkNameCount
        securityGroups = reader.strings(fields["security_groups"], path: "\(path).security_groups", limit: limit)
        subnets = reader.strings(fields["subnets"], path: "\(path).subnets", limit: limit)
        dns = DNSConfig(fields["dns"], path: "\(path).dns", &reader)
    }
}

/// A DNS name.
public struct DNSConfig: Sendable, Hashable {
    /// The first label.
    public var hostname: String
    /// The rest.
    public var domain: String

    init?(_ json: JSONValue?, path: String, _ reader: inout SpecReader) {
        guard let fields = reader.object(json, path: path) else { return nil }
        reader.refuseUnknown(fields, allowed: ["hostname", "domain"], path: path)
        hostname = reader.string(fields["hostname"], path: "\(path).hostname", isRequired: true) ?? ""
        domain = reader.string(fields["domain"], path: "\(path).domain", isRequired: true) ?? ""
    }
}

/// Where a secret is found.
///
/// A spec never carries the secret itself.
public struct SecretReference: Sendable, Hashable {
    /// The name of the secret, and of its environment variable unless `envVar` says otherwise.
    public var name: String
    /// `env:NAME` or `file:PATH`.
    public var source: String
    /// A key within the source, where the source holds several.
    public var key: String?
    /// The environment variable that receives the value.
    public var envVar: String?

    init?(_ json: JSONValue, path: String, _ reader: inout SpecReader) {
        guard let fields = reader.object(json, path: path) else { return nil }
        reader.refuseUnknown(fields, allowed: ["name", "source", "key", "env_var"], path: path)
        name = reader.string(fields["name"], path: "\(path).name", isRequired: true) ?? ""
        source = reader.string(fields["source"], path: "\(path).source", isRequired: true) ?? ""
        key = reader.string(fields["key"], path: "\(path).key")
        envVar = reader.string(fields["env_var"], path: "\(path).env_var")
    }

    /// The environment variable that receives the value.
    public var variable: String { envVar ?? name }
}
