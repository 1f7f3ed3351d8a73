import LandlordDomain
import StatesLanguage

/// Waits until a container can be used, or is known not to become so.
///
/// Three things are watched at once: the answers to the health check (or, without one, the first port, or time), what
/// the supervisor writes, and the clock. The first that has something to say decides.
struct ContainerReadiness: Sendable {
    /// The container.
    let plan: LaunchPlan
    /// Its supervisor.
    let supervisor: ProcessIdentity
    /// Where it lives.
    let directory: ContainerDirectory
    /// What to ask; nil where only time tells.
    let probe: HealthProbe?
    /// The provider's options.
    let options: ProcessComputeProvider.Options
    /// Time.
    let surroundings: Surroundings

    /// How long a process must live that has neither a health check nor a port.
    static let proofOfLife = Duration.seconds(1)

    private enum Outcome: Sendable {
        case ready
        case ended
        case late
        case cancelled
    }

    /// Returns when the container is ready.
    ///
    /// - Throws: why it is not, with the last lines that it wrote.
    func wait() async throws(ComputeError) {
        let first = directory.state
        let restarts = first?.supervisor == supervisor ? first?.restartCount ?? 0 : 0
        let outcome = await withTaskGroup(of: Outcome.self) { group in
            group.addTask { await watchState(restarts: restarts) }
            group.addTask { await watchSupervisor() }
            group.addTask { await becomeReady() }
            group.addTask {
                // Only cancellation ends a sleep early.
                do { try await surroundings.clock.sleep(for: options.readyTimeout) } catch { return .cancelled }
                return .late
            }
            let first = await group.next() ?? .cancelled
            group.cancelAll()
            return first
        }
        switch outcome {
        case .ready where !hasEnded(restarts: restarts): return
        case .ready, .ended: throw endedError()
        case .late: throw lateError()
        case .cancelled: throw ComputeError(.cancelled, "\(plan.name): the wait for it was cancelled.")
        }
    }

    // MARK: - What the supervisor says

    private func hasEnded(restarts: Int) -> Bool {
        guard let state = directory.state, state.supervisor == supervisor else { return false }
        switch state.phase {
        case .waiting, .running: return state.restartCount > restarts
        case .backingOff, .stopping, .stopped, .failed: return true
        }
    }

    private func watchState(restarts: Int) async -> Outcome {
        guard let news = DescriptorEvent.news(ofDirectory: directory.path) else {
            return await lookAgain(restarts: restarts)
        }
        // The watch began before this look, so nothing falls between the two.
        if hasEnded(restarts: restarts) { return .ended }
        for await _ in news where hasEnded(restarts: restarts) { return .ended }
        return .cancelled
    }

    /// The user has no watch left (the kernel limits them): look now and then.
    private func lookAgain(restarts: Int) async -> Outcome {
        while !hasEnded(restarts: restarts) {
            do { try await surroundings.clock.sleep(for: .milliseconds(50)) } catch { return .cancelled }
        }
        return .ended
    }

    /// A supervisor that was killed writes nothing.
    private func watchSupervisor() async -> Outcome {
        guard let end = DescriptorEvent.end(of: supervisor) else { return .ended }
        for await _ in end { return .ended }
        return .cancelled
    }

    // MARK: - What the container says

    private func becomeReady() async -> Outcome {
        do {
            let startedAt = try await processStart()
            guard let probe else {
                let lived = surroundings.now().duration(since: startedAt)
                try await surroundings.clock.sleep(for: max(.zero, Self.proofOfLife - lived))
                return .ready
            }
            var pause = Duration.milliseconds(10)
            var healthyCount = 0
            let threshold = plan.container.healthCheck?.healthyThreshold ?? 1
            while true {
                let answer = try await probe.ask(supervisor: options.supervisor, on: surroundings.clock)
                healthyCount = answer.isHealthy ? healthyCount + 1 : 0
                if healthyCount >= threshold { return .ready }
                try await surroundings.clock.sleep(for: pause)
                // A starting server is asked more often than a running one: an operator waits for the answer.
                pause = min(pause * 2, .milliseconds(500))
            }
        } catch { return .cancelled }
    }

    private func processStart() async throws -> Timestamp {
        while true {
            if let state = directory.state, state.supervisor == supervisor, state.phase == .running,
                let startedAt = state.startedAt
            {
                return startedAt
            }
            try await surroundings.clock.sleep(for: .milliseconds(2))
        }
    }

    // MARK: - Why it did not become ready

    private func endedError() -> ComputeError {
        let state = directory.state
        if let failure = state?.spawnFailure, state?.child == nil {
            let program = plan.container.command.first ?? ""
            return ComputeError(
                failure.step == "fork" || failure.step == "pipe" ? .resourceExhausted : .invalidConfiguration,
                "\(plan.name): '\(LogExcerpt.visible(program))' could not be started: \(failure.message).",
                providerError: "\(failure.step): \(failure.message) (errno \(failure.errorNumber))")
        }
        let lines = LogExcerpt.text(of: directory.log)
        guard let exit = state?.lastExit else {
            return ComputeError(
                .providerUnavailable, "\(plan.name): its supervisor ended before it was ready.", providerError: lines)
        }
        return ComputeError(
            exit == .code(126) || exit == .code(127) ? .invalidConfiguration : .unknown,
            "\(plan.name): ended with \(exit) before it was ready.",
            providerError: lines.isEmpty ? "\(exit), and it wrote nothing" : "\(exit); it wrote:\n\(lines)")
    }

    private func lateError() -> ComputeError {
        let seconds = options.readyTimeout.components.seconds
        return ComputeError(
            .providerTimeout, "\(plan.name): was not ready within \(seconds) seconds.",
            providerError: LogExcerpt.text(of: directory.log))
    }
}

/// The end of a container's log, fit to stand in an error.
enum LogExcerpt {
    /// How many lines.
    static let lineLimit = 20
    /// How many bytes.
    static let byteLimit = 2_048

    /// The last lines, with control characters made visible.
    static func text(of log: LogFiles) -> String {
        var lines = log.last(lineLimit).texts.map { visible($0).clipped(toBytes: 512) }
        while lines.count > 1, lines.reduce(0, { $0 + $1.utf8.count + 1 }) > byteLimit { lines.removeFirst() }
        return lines.joined(separator: "\n")
    }

    /// A text without characters that a terminal would obey.
    static func visible(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control where scalar == "\t": result += " "
            case .control, .format, .lineSeparator, .paragraphSeparator:
                result += "\\u{\(String(scalar.value, radix: 16))}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
