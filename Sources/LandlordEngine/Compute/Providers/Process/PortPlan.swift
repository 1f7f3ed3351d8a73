package import LandlordDomain
import StatesLanguage

/// The loopback port that stands for a port of the spec.
package struct PortAssignment: Sendable, Hashable {
    /// The name of the port in the spec.
    package let name: String?
    /// The port number in the spec.
    package let containerPort: Int
    /// What it speaks.
    package let transport: PortMapping.TransportProtocol
    /// The port on 127.0.0.1.
    package let port: Int

    /// Assigns a loopback port to a port of the spec.
    package init(name: String?, containerPort: Int, transport: PortMapping.TransportProtocol, port: Int) {
        self.name = name
        self.containerPort = containerPort
        self.transport = transport
        self.port = port
    }
}

/// Which loopback port each port of a container gets, and the variables that tell the program.
///
/// Every port starts its search at a place of its own, made from the tenant and the port, and goes on from there. So a
/// tenant keeps its address as long as nobody else took it, also after it was deleted and made again. The range lies
/// below the one from which Linux takes ports for outgoing connections: those would otherwise take a tenant's port
/// while it is being restarted.
struct PortPlan: Sendable, Hashable {
    /// Where ports are looked for.
    static let range = 20_000..<32_000

    /// One for each port of the spec, in its order.
    let assignments: [PortAssignment]

    /// Why a container got no ports.
    enum Failure: Error, Sendable, Hashable {
        /// The spec asks for a port that somebody else has.
        case taken(Int)
        /// Every port of the range is taken.
        case exhausted
    }

    /// Assigns ports.
    ///
    /// - Parameters:
    ///   - ports: What the container declares.
    ///   - owner: Makes the search's place: the tenant and the container.
    ///   - previous: What the container had; kept where the spec still declares it.
    ///   - isFree: Whether a port can be had.
    /// - Throws: why there is no port to be had.
    init(
        ports: [PortMapping], owner: String, previous: [PortAssignment], isFree: (Int) -> Bool
    ) throws(Failure) {
        var assignments: [PortAssignment] = []
        var taken: Set<Int> = []
        for mapping in ports {
            let port = try Self.port(for: mapping, owner: owner, previous: previous) {
                !taken.contains($0) && isFree($0)
            }
            taken.insert(port)
            assignments.append(
                PortAssignment(
                    name: mapping.name, containerPort: mapping.containerPort, transport: mapping.transport, port: port))
        }
        self.assignments = assignments
    }

    /// The variables that tell a program its ports.
    var variables: [String: String] { Self.variables(for: assignments) }

    /// `PORT` for the first port, and `PORT_<NAME>` for each that has a name.
    static func variables(for assignments: [PortAssignment]) -> [String: String] {
        var variables: [String: String] = [:]
        for (index, assignment) in assignments.enumerated() {
            if index == 0 { variables["PORT"] = String(assignment.port) }
            if let name = assignment.name { variables[variable(forPort: name)] = String(assignment.port) }
        }
        return variables
    }

    /// The names of the variables that a container with these ports is given.
    static func variableNames(for ports: [PortMapping]) -> [String] {
        (ports.isEmpty ? [] : ["PORT"]) + ports.compactMap { $0.name.map(variable) }
    }

    private static func variable(forPort name: String) -> String {
        "PORT_" + name.uppercased().replacing("-", with: "_")
    }

    private static func port(
        for mapping: PortMapping, owner: String, previous: [PortAssignment], isFree: (Int) -> Bool
    ) throws(Failure) -> Int {
        if let wanted = mapping.hostPort {
            guard isFree(wanted) else { throw .taken(wanted) }
            return wanted
        }
        let old = previous.first {
            $0.name == mapping.name && $0.containerPort == mapping.containerPort && $0.transport == mapping.transport
        }
        if let old, isFree(old.port) { return old.port }
        let words = "\(owner)\n\(mapping.name ?? "")\n\(mapping.containerPort)\n\(mapping.transport.rawValue)"
        let place = Int(SHA256Digest.hex(of: words).prefix(8), radix: 16) ?? 0
        for step in 0..<range.count {
            let candidate = range.lowerBound + (place + step) % range.count
            if isFree(candidate) { return candidate }
        }
        throw .exhausted
    }
}

extension PortAssignment {
    /// The assignment as it is stored.
    var json: JSONValue {
        [
            "name": name.map { .string($0) } ?? .null, "container_port": .number(JSONNumber(containerPort)),
            "protocol": .string(transport.rawValue), "port": .number(JSONNumber(port)),
        ]
    }

    /// Reads an assignment as it was stored; nil for anything else.
    init?(json: JSONValue) {
        guard let containerPort = json["container_port"]?.intValue, let port = json["port"]?.intValue,
            let transport = json["protocol"]?.stringValue.flatMap(PortMapping.TransportProtocol.init)
        else { return nil }
        self.init(
            name: json["name"]?.stringValue, containerPort: containerPort, transport: transport, port: port)
    }
}
