import CProcess
import LandlordDomain
import Synchronization

/// The ports that tenants have, whether something listens on them at this moment or not.
///
/// Without it two tenants that are provisioned at once could be given the same port, and a tenant that is being
/// restarted could lose its own.
final class PortReservations: Sendable {
    private struct Owner: Hashable {
        let tenantID: Tenant.ID
        let container: String
    }

    private let owners = Mutex<[Int: Owner]>([:])
    private let place: String

    /// Keeps the ports of the tenants whose state lives in one place.
    ///
    /// The place is part of where a tenant's search begins: two databases on one machine, which know nothing of each
    /// other, then hardly ever look at the same port in the same instant.
    init(place: String) { self.place = place }

    /// Finds ports for a container and reserves them.
    func reserve(
        for container: ContainerSpec, of tenantID: Tenant.ID, previous: [PortAssignment]
    ) throws(PortPlan.Failure) -> PortPlan {
        let owner = Owner(tenantID: tenantID, container: container.name)
        let result: Result<PortPlan, PortPlan.Failure> = owners.withLock { owners in
            let plan = Result { () throws(PortPlan.Failure) in
                try PortPlan(
                    ports: container.ports, owner: "\(place)\n\(tenantID)\n\(container.name)", previous: previous
                ) {
                    port in
                    (owners[port] == nil || owners[port] == owner)
                        && UInt16(exactly: port).map(cp_is_loopback_port_free) ?? false
                }
            }
            if case .success(let plan) = plan {
                owners = owners.filter { $0.value != owner }
                for assignment in plan.assignments { owners[assignment.port] = owner }
            }
            return plan
        }
        return try result.get()
    }

    /// Reserves what a record says.
    func keep(_ record: ProcessRecord) {
        owners.withLock { owners in
            for container in record.containers {
                let owner = Owner(tenantID: record.tenantID, container: container.name)
                for assignment in container.ports { owners[assignment.port] = owner }
            }
        }
    }

    /// Gives back the ports of a tenant, except those of the containers that stay.
    func release(_ tenantID: Tenant.ID, keeping containers: [String] = []) {
        owners.withLock { owners in
            owners = owners.filter { $0.value.tenantID != tenantID || containers.contains($0.value.container) }
        }
    }
}
