public import StatesLanguage

/// Where a tenant can be reached.
public struct Endpoint: Sendable, Hashable {
    /// What answers there.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// HTTP without encryption.
        case http
        /// HTTP over TLS.
        case https
        /// A plain TCP port.
        case tcp
        /// A UDP port.
        case udp
        /// gRPC.
        case grpc
    }

    /// The name of the port that the spec declares.
    public let name: String
    /// What answers there.
    public let kind: Kind
    /// The host name or address.
    public let address: String
    /// The port.
    public let port: Int

    /// Names a place.
    public init(name: String, kind: Kind, address: String, port: Int) {
        self.name = name
        self.kind = kind
        self.address = address
        self.port = port
    }

    /// The place as one word.
    public var url: String { "\(kind.rawValue)://\(address):\(port)" }

    /// The endpoint as it is stored and listed.
    public var json: JSONValue {
        [
            "name": .string(name), "type": .string(kind.rawValue), "url": .string(url),
            "address": .string(address), "port": .number(JSONNumber(port)),
        ]
    }

    /// Reads an endpoint as it was stored; nil for anything else.
    public init?(json: JSONValue) {
        guard let name = json["name"]?.stringValue, let kind = json["type"]?.stringValue.flatMap(Kind.init),
            let address = json["address"]?.stringValue, let port = json["port"]?.intValue
        else { return nil }
        self.init(name: name, kind: kind, address: address, port: port)
    }
}

/// What a provider sees of a tenant at this moment.
public struct ComputeStatus: Sendable, Hashable {
    /// What the tenant's compute does.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// Everything runs.
        case running
        /// Nothing runs, and that is as it should be.
        case stopped
        /// Some of it is still coming up.
        case starting
        /// Some of it is still going down.
        case stopping
        /// Something ended and stays down.
        case failed
        /// The provider cannot tell.
        case unknown
    }

    /// What the health checks say.
    public enum Health: String, Sendable, Hashable, CaseIterable {
        /// Every check passes.
        case healthy
        /// A check fails.
        case unhealthy
        /// There is no check, or no answer yet.
        case unknown
    }

    /// Whose compute.
    public let tenantID: Tenant.ID
    /// What it does.
    public let state: State
    /// What the checks say.
    public let health: Health
    /// Container by container.
    public let containers: [ContainerStatus]
    /// The hash of the config that runs, where the provider knows it.
    public let configHash: String?
    /// Where the tenant can be reached.
    public let endpoints: [Endpoint]
    /// The provider's names for what exists.
    public let resourceIDs: [String: String]
    /// What else the provider has to say.
    public let metadata: [String: String]

    /// Describes what a provider sees.
    public init(
        tenantID: Tenant.ID, state: State, health: Health, containers: [ContainerStatus], configHash: String? = nil,
        endpoints: [Endpoint] = [], resourceIDs: [String: String] = [:], metadata: [String: String] = [:]
    ) {
        self.tenantID = tenantID
        self.state = state
        self.health = health
        self.containers = containers
        self.configHash = configHash
        self.endpoints = endpoints
        self.resourceIDs = resourceIDs
        self.metadata = metadata
    }
}

/// What a provider sees of one container.
public struct ContainerStatus: Sendable, Hashable {
    /// The container's name in the spec.
    public let name: String
    /// What it does.
    public let state: ComputeStatus.State
    /// It answers its check.
    public let isReady: Bool
    /// How often it was started again.
    public let restartCount: Int
    /// What a person should know about it.
    public let message: String

    /// Describes one container.
    public init(name: String, state: ComputeStatus.State, isReady: Bool, restartCount: Int, message: String) {
        self.name = name
        self.state = state
        self.isReady = isReady
        self.restartCount = restartCount
        self.message = message
    }
}
