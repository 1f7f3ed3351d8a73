/// The error names that the States Language itself defines.
enum ErrorName {
    static let all = "States.ALL"
    static let branchFailed = "States.BranchFailed"
    static let dataLimitExceeded = "States.DataLimitExceeded"
    static let exceedToleratedFailureThreshold = "States.ExceedToleratedFailureThreshold"
    static let heartbeatTimeout = "States.HeartbeatTimeout"
    static let intrinsicFailure = "States.IntrinsicFailure"
    static let itemReaderFailed = "States.ItemReaderFailed"
    static let noChoiceMatched = "States.NoChoiceMatched"
    static let parameterPathFailure = "States.ParameterPathFailure"
    static let permissions = "States.Permissions"
    static let queryEvaluationError = "States.QueryEvaluationError"
    static let resultPathMatchFailure = "States.ResultPathMatchFailure"
    static let resultWriterFailed = "States.ResultWriterFailed"
    static let runtime = "States.Runtime"
    static let taskFailed = "States.TaskFailed"
    static let timeout = "States.Timeout"

    /// Tells whether a name with the reserved prefix is one of the language's own.
    static func isReserved(_ name: String) -> Bool { reserved.contains(name) || name.hasPrefix("States.Http.") }

    /// Every name that may stand in `ErrorEquals` with the reserved prefix `States.`.
    static let reserved: Set<String> = [
        all, branchFailed, dataLimitExceeded, exceedToleratedFailureThreshold, heartbeatTimeout, intrinsicFailure,
        itemReaderFailed, noChoiceMatched, parameterPathFailure, permissions, queryEvaluationError,
        resultPathMatchFailure, resultWriterFailed, runtime, taskFailed, timeout,
    ]
}

/// The error that a state ends with: a name that Retry and Catch look at, and a cause for people.
struct StateError: Error, Sendable, Hashable {
    /// The most bytes a cause may have; the rest is cut off.
    static let causeLimit = 32_768

    let name: String
    let cause: String
    /// The field whose expression failed, such as `Output/total`; nil for other errors.
    let location: String?

    init(_ name: String, _ cause: String, location: String? = nil) {
        self.name = name
        self.cause = Self.cut(cause)
        self.location = location
    }

    /// The name in histories and outputs: Step Functions reports a lost heartbeat as a time-out.
    var reportedName: String { name == ErrorName.heartbeatTimeout ? ErrorName.timeout : name }

    private static func cut(_ cause: String) -> String {
        guard cause.utf8.count > causeLimit else { return cause }
        var bytes = Array(cause.utf8.prefix(causeLimit))
        // A character must not be cut in two: its first byte goes too when not all its bytes are there.
        while let last = bytes.last, last >= 0x80 {
            bytes.removeLast()
            if last >= 0xC0 { break }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Tells whether a list of `ErrorEquals` names this error.
    ///
    /// `States.ALL` stands for everything but `States.Runtime` and `States.DataLimitExceeded`, `States.TaskFailed` for
    /// everything but those and time-outs. `States.Runtime` always ends a run, so no list names it.
    func isNamed(by names: [String]) -> Bool {
        guard name != ErrorName.runtime else { return false }
        let isTimeout = name == ErrorName.timeout || name == ErrorName.heartbeatTimeout
        for candidate in names {
            switch candidate {
            case name: return true
            case ErrorName.timeout where isTimeout: return true
            case ErrorName.all where name != ErrorName.dataLimitExceeded: return true
            case ErrorName.taskFailed where name != ErrorName.dataLimitExceeded && !isTimeout: return true
            default: continue
            }
        }
        return false
    }
}
