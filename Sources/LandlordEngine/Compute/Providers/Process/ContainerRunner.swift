import CProcess
import Glibc
import LandlordDomain
import StatesLanguage

/// Starts and stops the supervisor of one container.
struct ContainerRunner: Sendable {
    /// The provider's options.
    let options: ProcessComputeProvider.Options
    /// What is waited on.
    let clock: any Clock<Duration>
    /// Whose container, for messages.
    let name: String
    /// Where it lives.
    let directory: ContainerDirectory

    // MARK: - Start

    /// The environment of the process: what the spec says, the ports, the secrets, `PATH` and `HOME`; nothing else.
    func environment(of plan: LaunchPlan, variables: [String: String]) throws(ComputeError) -> [String: String] {
        var given = ["PATH": options.searchPath, "HOME": directory.work]
        given.merge(variables) { _, port in port }
        given.merge(try SecretResolver(variable: options.variable).resolve(plan.secrets)) { _, secret in secret }
        let (environment, failures) = CommandExpansion.environment(given: given, spec: plan.container.env)
        if let (variable, failure) = failures.first {
            throw ComputeError(.invalidConfiguration, "\(name): the variable \(variable) \(failure.message).")
        }
        return environment
    }

    /// The words that a plan's texts become.
    func expand(_ texts: [String], _ environment: [String: String]) throws(ComputeError) -> [String] {
        var words: [String] = []
        for text in texts {
            do throws(CommandExpansion.Failure) {
                words.append(try CommandExpansion.expand(text, from: environment))
            } catch { throw ComputeError(.invalidConfiguration, "\(name): the command \(error.message).") }
        }
        return words
    }

    /// Starts a supervisor, has its identity recorded, and only then lets it start the process.
    ///
    /// - Parameters:
    ///   - plan: What to start.
    ///   - ports: The ports that it was given.
    ///   - record: Commits the identity. Where it throws, nothing is started.
    /// - Throws: why nothing was started.
    func start(
        _ plan: LaunchPlan, ports: PortPlan,
        record: (ProcessIdentity) async throws(ComputeError) -> Void
    ) async throws(ComputeError) {
        let handover = try handover(for: plan, ports: ports)
        try directory.prepare()
        let link = try await link()
        options.checkpoint(.spawned)
        do throws(ComputeError) { try await record(link.identity) } catch {
            await link.abandon()
            throw error
        }
        options.checkpoint(.recorded)
        guard await link.handOver(handover) else {
            await link.abandon()
            throw ComputeError(.providerUnavailable, "\(name): the supervisor ended before it was told what to run.")
        }
        options.checkpoint(.handedOver)
        link.release()
    }

    private func handover(for plan: LaunchPlan, ports: PortPlan) throws(ComputeError) -> SupervisorSocket.Handover {
        let environment = try environment(of: plan, variables: ports.variables)
        var handover = SupervisorSocket.Handover()
        for word in try expand(plan.container.command + plan.container.args, environment) {
            handover.add("arg", word)
        }
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) { handover.add("env", "\(name)=\(value)") }
        handover.add("directory", directory.work)
        handover.add("restart", plan.settings.restart.rawValue)
        handover.add("restart_limit", String(plan.settings.restartLimit))
        handover.add("grace_ms", String((plan.settings.stopGraceSeconds ?? options.stopGraceSeconds) * 1_000))
        handover.add("log_bytes", String(plan.settings.logByteCount))
        handover.add("log_files", String(plan.settings.logFileCount))
        if let memory = plan.resources?.memory { handover.add("memory_bytes", String(memory * 1_048_576)) }
        if let cpu = plan.resources?.cpu { handover.add("cpu_millicores", String(cpu)) }
        return handover
    }

    /// A supervisor that waits.
    ///
    /// One that an engine before this one left waiting is sent away first.
    private func link() async throws(ComputeError) -> SupervisorLink {
        for attempt in 1... {
            do throws(SupervisorSocket.Failure) {
                return try await SupervisorLink.start(options.supervisor, in: directory.path, on: clock)
            } catch {
                switch error {
                case .alreadySupervised where attempt < 3:
                    await stop(recorded: nil, graceSeconds: 0)
                case .alreadySupervised:
                    throw ComputeError(.providerUnavailable, "\(name): another supervisor has the container.")
                case .cancelled:
                    throw ComputeError(.cancelled, "\(name): starting was cancelled.")
                case .unusable(let reason):
                    throw ComputeError(.providerUnavailable, "\(name): no supervisor.", providerError: reason)
                }
            }
        }
        throw ComputeError(.providerUnavailable, "\(name): another supervisor has the container.")
    }

    // MARK: - Stop

    /// Stops the container and everything that it ever started.
    ///
    /// Does nothing where nothing runs.
    ///
    /// - Parameters:
    ///   - recorded: The supervisor that the record names; the one that the directory names is stopped as well.
    ///   - graceSeconds: What the process has from SIGTERM to SIGKILL.
    func stop(recorded: ProcessIdentity?, graceSeconds: Int) async {
        // In a task of its own, so that cancelling the caller does not cut the process's grace short.
        await Task { await self.stopToTheEnd(recorded: recorded, graceSeconds: graceSeconds) }.value
    }

    private func stopToTheEnd(recorded: ProcessIdentity?, graceSeconds: Int) async {
        let named = directory.state?.supervisor
        for supervisor in Set([recorded, named].compactMap { $0 }) where supervisor.isAlive {
            await end(supervisor, graceSeconds: graceSeconds)
        }
        guard let state = directory.state, !state.phase.isFinal, !state.supervisor.isAlive else { return }
        await removeRemains(of: state)
    }

    private func end(_ supervisor: ProcessIdentity, graceSeconds: Int) async {
        let process = cp_open_process(supervisor.pid, supervisor.startTime)
        guard process >= 0 else { return }
        defer { close(process) }
        supervisor.send(SIGTERM)
        if await hasEnded(process, within: .seconds(graceSeconds + 10)) { return }
        // It does not do its duty any more. Its death takes the process along; the rest is found by its session.
        supervisor.send(SIGKILL)
        _ = await hasEnded(process, within: .seconds(10))
    }

    private func hasEnded(_ process: Int32, within duration: Duration) async -> Bool {
        // Stopping has a task of its own, which nobody cancels.
        let isReady = try? await DescriptorEvent.wait(for: .readable, of: process, within: duration, on: clock)
        return isReady == true && cp_wait_exit(process, 0) == 0
    }

    /// Kills what a supervisor could not clean away, because it was killed itself.
    private func removeRemains(of state: SupervisorState) async {
        // After a restart of the machine nothing can be left, and the numbers mean other processes.
        guard state.supervisor.bootID == ProcessIdentity.currentBootID else { return }
        let session = state.session
        let home = directory.work
        await DescriptorEvent.blocking {
            _ = cp_kill_strays(session?.pid ?? 0, session?.startTime ?? 0, home, 5_000)
            for cgroup in state.cgroups { _ = cp_destroy_cgroup(cgroup) }
        }
    }
}
