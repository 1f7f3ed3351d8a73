import LandlordDomain

extension ContainerRunner {
    /// What to ask the container: its health check, or else its first tcp port; nil where it has neither.
    func probe(of plan: LaunchPlan, ports: [PortAssignment]) throws(ComputeError) -> HealthProbe? {
        let firstPort = ports.first { $0.transport == .tcp }?.port
        guard let check = plan.container.healthCheck else {
            return firstPort.map { .tcp(port: $0, timeout: .seconds(2)) }
        }
        let timeout = Duration.seconds(check.timeoutSeconds)
        switch check.kind {
        case .exec:
            let environment = try environment(of: plan, variables: PortPlan.variables(for: ports))
            return .exec(
                arguments: try expand(check.command, environment), environment: environment,
                directory: directory.work, timeout: timeout)
        case .http, .tcp:
            guard let port = port(check.port, among: ports) ?? firstPort else {
                throw ComputeError(.invalidConfiguration, "\(name): its health check names no declared port.")
            }
            return check.kind == .http
                ? .http(port: port, path: check.path, timeout: timeout) : .tcp(port: port, timeout: timeout)
        }
    }

    private func port(_ reference: HealthCheckConfig.PortReference?, among ports: [PortAssignment]) -> Int? {
        switch reference {
        case nil: nil
        case .number(let number)?: ports.first { $0.containerPort == number && $0.transport == .tcp }?.port
        case .name(let name)?: ports.first { $0.name == name && $0.transport == .tcp }?.port
        }
    }
}
