public import StatesLanguage

/// How an execution ends, with what it leaves behind.
public enum ComputeOutcome: Sendable, Hashable {
    /// Done.
    case succeeded(ComputeResult)
    /// Ended with an error; what was half-made is named, so that a delete can find it.
    case failed(ComputeError, ComputeResult)
    /// Stopped on request.
    case cancelled(reason: String)
    /// Not done in the time it had.
    case timedOut(ComputeError)
}

/// What an operation left behind at the provider.
public struct ComputeResult: Sendable, Hashable {
    /// The provider's names for what exists now.
    public var resourceIDs: [String: String]
    /// Where the tenant can be reached now.
    public var endpoints: [Endpoint]
    /// What an update changed; empty when there was nothing to change.
    public var changes: [String]

    /// Names what exists.
    public init(resourceIDs: [String: String] = [:], endpoints: [Endpoint] = [], changes: [String] = []) {
        self.resourceIDs = resourceIDs
        self.endpoints = endpoints
        self.changes = changes
    }
}

/// One line of an execution's history.
public struct ComputeExecutionEntry: Sendable, Hashable {
    /// Whose history.
    public let executionID: ComputeExecution.ID
    /// The status that the execution has from here on.
    public let status: ComputeExecutionStatus
    /// What happened, with fields that depend on the status.
    public let details: JSONValue
    /// When.
    public let timestamp: Timestamp

    /// A line of history.
    public init(
        executionID: ComputeExecution.ID, status: ComputeExecutionStatus, details: JSONValue, timestamp: Timestamp
    ) {
        self.executionID = executionID
        self.status = status
        self.details = details
        self.timestamp = timestamp
    }
}

/// A step that the execution's state machine does not have.
public struct IllegalExecutionStep: Error, Sendable, Hashable {
    /// Where the execution stands.
    public let from: ComputeExecutionStatus
    /// Where it cannot go from there.
    public let to: ComputeExecutionStatus
}

extension ComputeExecution {
    /// The line with which an execution's history begins.
    public func birth() -> ComputeExecutionEntry {
        entry(["operation": .string(operation.rawValue), "provider": .string(provider)])
    }

    /// Says that the provider is about to be asked.
    public func started(at now: Timestamp) throws(IllegalExecutionStep) -> (ComputeExecution, ComputeExecutionEntry) {
        var started = try moved(to: .running, at: now)
        started.startedAt = now
        return (started, started.entry(["provider": .string(provider)]))
    }

    /// Records a step of the provider's work without a change of status.
    public func progressed(_ message: String, at now: Timestamp) -> (ComputeExecution, ComputeExecutionEntry) {
        var progressed = self
        progressed.progress = message
        progressed.updatedAt = now
        return (progressed, progressed.entry(["progress": .string(message)]))
    }

    /// Ends the execution.
    public func ended(
        _ outcome: ComputeOutcome, at now: Timestamp
    ) throws(IllegalExecutionStep) -> (ComputeExecution, ComputeExecutionEntry) {
        var ended: ComputeExecution
        switch outcome {
        case .succeeded(let result):
            ended = try moved(to: .succeeded, at: now).leaving(result)
        case .failed(let error, let result):
            ended = try moved(to: .failed, at: now).leaving(result)
            ended.error = error
        case .cancelled(let reason):
            ended = try moved(to: .cancelled, at: now)
            ended.error = ComputeError(.cancelled, reason)
        case .timedOut(let error):
            ended = try moved(to: .timedOut, at: now)
            ended.error = error
        }
        ended.endedAt = now
        ended.progress = nil
        return (ended, ended.entry(ended.endDetails))
    }

    private func leaving(_ result: ComputeResult) -> ComputeExecution {
        var changed = self
        changed.resourceIDs = result.resourceIDs
        changed.endpoints = result.endpoints
        changed.changes = result.changes
        return changed
    }

    private func moved(
        to status: ComputeExecutionStatus, at now: Timestamp
    ) throws(IllegalExecutionStep) -> ComputeExecution {
        guard ComputeExecutionStatus.legal[self.status, default: []].contains(status) else {
            throw IllegalExecutionStep(from: self.status, to: status)
        }
        var moved = self
        moved.status = status
        moved.updatedAt = now
        return moved
    }

    private func entry(_ details: JSONObject) -> ComputeExecutionEntry {
        ComputeExecutionEntry(executionID: id, status: status, details: .object(details), timestamp: updatedAt)
    }

    private var endDetails: JSONObject {
        var details: JSONObject = [:]
        if !resourceIDs.isEmpty { details["resource_ids"] = .strings(resourceIDs) }
        if !changes.isEmpty { details["changes"] = .array(changes.map { .string($0) }) }
        if let error {
            details["error_code"] = .string(error.code.rawValue)
            details["error_class"] = .string(error.errorClass.rawValue)
            details["error_message"] = .string(error.message)
            if let text = error.providerError { details["provider_error"] = .string(text) }
        }
        return details
    }
}

extension JSONValue {
    /// An object of texts, its keys in order, so that equal maps print alike.
    public static func strings(_ map: [String: String]) -> JSONValue {
        var object = JSONObject()
        for (key, value) in map.sorted(by: { $0.key < $1.key }) { object[key] = .string(value) }
        return .object(object)
    }

    /// The texts of an object; fields that hold anything else are left out.
    public var stringMap: [String: String] {
        guard case .object(let object) = self else { return [:] }
        var map: [String: String] = [:]
        for (key, value) in object { map[key] = value.stringValue }
        return map
    }
}
