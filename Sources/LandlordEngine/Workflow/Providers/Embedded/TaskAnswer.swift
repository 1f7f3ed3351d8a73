import LandlordDomain
import StatesLanguage

/// What the result of a compute execution means to the task that waits for it.
struct TaskAnswer {
    /// What the run takes in.
    let input: RunInput

    /// Reads a callback's payload.
    init(_ payload: JSONValue, to task: Int) {
        let status = payload["status"]?.stringValue.flatMap(ComputeExecutionStatus.init)
        guard status != .succeeded else {
            input = .taskSucceeded(task: task, output: payload)
            return
        }
        let error = payload["error"] ?? .null
        let provider = error["provider_error"]?.stringValue.map { " (\($0))" } ?? ""
        input = .taskFailed(
            task: task, error: error["code"]?.stringValue ?? ComputeError.Code.unknown.rawValue,
            cause: (error["message"]?.stringValue ?? "the operation did not succeed") + provider)
    }
}
