public import LandlordDomain
public import StatesLanguage

/// What the provider must remember of a tenant to find its processes again after a crash of the engine.
///
/// It is written before a supervisor is told to start anything, so that there is never a process without a record. It
/// holds references to secrets, never the secrets.
public struct ProcessRecord: Sendable, Hashable {
    /// One container of the tenant.
    package struct Container: Sendable, Hashable {
        /// The container's name in the spec.
        package let name: String
        /// What runs, as a compute document with this one container in it.
        package let document: JSONValue
        /// The ports that it was given.
        package var ports: [PortAssignment]
        /// Who keeps it running; nil when nothing was started, or when it was stopped.
        package var supervisor: ProcessIdentity?

        /// The hash of what runs; equal hashes need no new process.
        package var hash: String { ConfigHash.of(document) }
    }

    /// Whose processes.
    public let tenantID: Tenant.ID
    /// The hash of the tenant's config that runs; nil while it is being changed, and after that has failed.
    package var configHash: String?
    /// The containers, in the order in which they are started.
    package var containers: [Container]

    /// The container of this name.
    package func container(_ name: String) -> Container? { containers.first { $0.name == name } }

    /// The record as one document: what a store keeps.
    public var json: JSONValue {
        [
            "version": 1, "tenant_id": .string(tenantID.rawValue),
            "config_hash": configHash.map { .string($0) } ?? .null,
            "containers": .array(
                containers.map { container in
                    [
                        "name": .string(container.name), "document": container.document,
                        "ports": .array(container.ports.map(\.json)),
                        "supervisor": container.supervisor?.json ?? .null,
                    ]
                }),
        ]
    }

    /// Reads a record as it was stored; nil for anything else.
    public init?(json: JSONValue) {
        guard json["version"]?.intValue == 1, let tenantID = json["tenant_id"]?.stringValue,
            let containers = json["containers"]?.arrayValue
        else { return nil }
        self.tenantID = Tenant.ID(tenantID)
        configHash = json["config_hash"]?.stringValue
        self.containers = []
        for container in containers {
            guard let name = container["name"]?.stringValue, let document = container["document"],
                let ports = container["ports"]?.arrayValue
            else { return nil }
            self.containers.append(
                Container(
                    name: name, document: document, ports: ports.compactMap(PortAssignment.init),
                    supervisor: container["supervisor"].flatMap(ProcessIdentity.init)))
        }
    }

    init(tenantID: Tenant.ID, configHash: String? = nil, containers: [Container] = []) {
        self.tenantID = tenantID
        self.configHash = configHash
        self.containers = containers
    }
}
