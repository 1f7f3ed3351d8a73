import LandlordDomain
import Logging

/// Writes the steps of one operation in the order in which its provider reports them.
///
/// An actor, because a second step must wait until the first one is written.
actor ExecutionRecorder {
    /// The execution as it was last written.
    private(set) var current: ComputeExecution

    private let executions: any ComputeExecutionRepository
    private let surroundings: Surroundings
    private let logger: Logger

    init(
        _ execution: ComputeExecution, executions: any ComputeExecutionRepository, surroundings: Surroundings,
        logger: Logger
    ) {
        current = execution
        self.executions = executions
        self.surroundings = surroundings
        self.logger = logger
    }

    /// Writes a step.
    ///
    /// One that cannot be written is logged and lost: it never fails the operation.
    func progress(_ message: String) async {
        let (next, entry) = current.progressed(message.clipped(toBytes: 1_024), at: surroundings.now())
        current = next
        do {
            try await executions.save(next, from: .running, entry, callbacks: [])
        } catch {
            logger.info(
                "A step was not recorded",
                metadata: [LogKeys.executionID: "\(next.id)", LogKeys.error: "\(error.code)"])
        }
    }
}
