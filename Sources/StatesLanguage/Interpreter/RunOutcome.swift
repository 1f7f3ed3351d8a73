/// How a run has ended.
public enum RunOutcome: Sendable, Hashable {
    /// A final state was left with this output.
    case succeeded(output: JSONValue)
    /// A state failed and nothing caught it, or a Fail state was reached.
    case failed(error: String, cause: String)
    /// The machine's own time limit has passed.
    case timedOut(error: String, cause: String)
    /// An operator has stopped the run.
    case aborted(error: String, cause: String)

    /// The form that is stored; reading it back gives an equal outcome.
    public var json: JSONValue {
        switch self {
        case .succeeded(let output): ["status": "succeeded", "output": output]
        case .failed(let error, let cause): ["status": "failed", "error": .string(error), "cause": .string(cause)]
        case .timedOut(let error, let cause): ["status": "timedOut", "error": .string(error), "cause": .string(cause)]
        case .aborted(let error, let cause): ["status": "aborted", "error": .string(error), "cause": .string(cause)]
        }
    }

    /// Reads a stored outcome.
    public init(json: JSONValue) throws(StoredFormError) {
        let stored = try StoredObject(json, kind: "a run's outcome")
        let status = try stored.string("status")
        guard status != "succeeded" else {
            self = .succeeded(output: try stored.value("output"))
            return
        }
        let error = try stored.string("error")
        let cause = try stored.string("cause")
        switch status {
        case "failed": self = .failed(error: error, cause: cause)
        case "timedOut": self = .timedOut(error: error, cause: cause)
        case "aborted": self = .aborted(error: error, cause: cause)
        default: throw StoredFormError("there is no outcome '\(status)'")
        }
    }
}
