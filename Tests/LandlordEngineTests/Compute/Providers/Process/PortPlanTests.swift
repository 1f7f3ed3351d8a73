import LandlordDomain
import StatesLanguage
import Testing

@testable import LandlordEngine

struct PortPlanTests {
    private func ports(_ ports: JSONValue) throws -> [PortMapping] {
        let spec = try ComputeSpec(json: ["containers": [["name": "web", "command": ["x"], "ports": ports]]])
        return spec.containers[0].ports
    }

    @Test func `the first port is PORT and each named one has a variable`() throws {
        let ports = try ports([
            ["name": "http", "container_port": 80], ["name": "admin-ui", "container_port": 81],
            ["container_port": 82],
        ])
        let plan = try PortPlan(ports: ports, owner: "t", previous: []) { _ in true }
        let numbers = plan.assignments.map(\.port)
        #expect(
            plan.variables == [
                "PORT": "\(numbers[0])", "PORT_HTTP": "\(numbers[0])", "PORT_ADMIN_UI": "\(numbers[1])",
            ])
        #expect(Set(numbers).count == 3)
        #expect(numbers.allSatisfy(PortPlan.range.contains))
        #expect(PortPlan.variableNames(for: ports).sorted() == plan.variables.keys.sorted())
    }

    @Test func `the same tenant gets the same port again, and a neighbour when that is taken`() throws {
        let ports = try ports([["container_port": 80]])
        let first = try PortPlan(ports: ports, owner: "t", previous: []) { _ in true }
        let again = try PortPlan(ports: ports, owner: "t", previous: []) { _ in true }
        #expect(first == again)
        let taken = first.assignments[0].port
        let other = try PortPlan(ports: ports, owner: "t", previous: []) { $0 != taken }
        #expect(other.assignments[0].port != taken)
    }

    @Test func `a port that the container had is kept`() throws {
        let ports = try ports([["name": "http", "container_port": 80]])
        let old = PortAssignment(name: "http", containerPort: 80, transport: .tcp, port: 31_999)
        #expect(try PortPlan(ports: ports, owner: "t", previous: [old]) { _ in true }.assignments == [old])
    }

    @Test func `a wanted port that is taken, and a full range, are refused`() throws {
        let wanted = try ports([["container_port": 80, "host_port": 8080]])
        #expect(throws: PortPlan.Failure.taken(8080)) {
            try PortPlan(ports: wanted, owner: "t", previous: []) { $0 != 8080 }
        }
        #expect(try PortPlan(ports: wanted, owner: "t", previous: []) { _ in true }.assignments[0].port == 8080)
        let any = try ports([["container_port": 80]])
        #expect(throws: PortPlan.Failure.exhausted) {
            try PortPlan(ports: any, owner: "t", previous: []) { _ in false }
        }
    }
}
