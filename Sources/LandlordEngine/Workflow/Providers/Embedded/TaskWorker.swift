public import LandlordDomain
public import StatesLanguage

/// Sees to tasks of one kind that runs ask for.
///
/// A task is in the database before it is asked for, and until it is answered: a process that dies between the two
/// leaves it there, and the next one asks again. So the same task may be asked for many times and must be one effect.
public protocol TaskWorker: Sendable {
    /// Whether tasks of this resource are seen to here.
    func serves(_ resource: String) -> Bool

    /// Asks for a task.
    ///
    /// - Returns: The answer where it is there at once; nil where it comes later.
    func begin(_ task: ScheduledTask, of runID: String) async throws(TaskTrouble) -> TaskResult?

    /// Tells whoever works on a task that nobody waits for it any more.
    func cancel(_ task: ScheduledTask, of runID: String) async throws(TaskTrouble)
}

/// How a task has ended.
public enum TaskResult: Sendable, Hashable {
    /// With a result.
    case succeeded(JSONValue)
    /// With an error, which `Retry` and `Catch` of the state may take up.
    case failed(WorkflowFailure)

    /// What the run takes in.
    func input(for task: Int) -> RunInput {
        switch self {
        case .succeeded(let output): .taskSucceeded(task: task, output: output)
        case .failed(let failure): .taskFailed(task: task, error: failure.code, cause: failure.message)
        }
    }

    /// What the run takes in when this is how the call of a task has ended.
    ///
    /// With `.waitForTaskToken` a good end says only that the call was made; the task goes on waiting for its token.
    func input(afterCallOf task: ScheduledTask) -> RunInput {
        guard case .succeeded(let output) = self, task.waitsBeyondCall else { return input(for: task.id) }
        return .taskSubmitted(task: task.id, output: output)
    }
}

/// Why a task could not be asked for.
public enum TaskTrouble: Error, Sendable, Hashable {
    /// It never can: the run hears this.
    case failed(WorkflowFailure)
    /// Not now: it is asked for again at the next scan.
    case later(String)
}
