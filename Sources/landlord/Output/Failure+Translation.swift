import Glibc
import LandlordDomain
import LandlordEngine
import LandlordTUI

extension Failure {
    /// The one table from the errors of all rooms to exit codes and messages.
    init(translating error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let error as DocumentError: self.init(error)
        case let error as InvalidSpec: self.init(.data, problems: error.violations.map(\.description))
        case let error as TenantServiceError: self.init(error)
        case let error as TenantRefusal: self.init(.data, error.description)
        case let error as RepositoryError: self.init(error)
        case let error as DatabaseError: self.init(Self.status(of: error), error.description)
        case let error as CallbackServiceError: self.init(error)
        case let error as ApprovalServiceError: self.init(error)
        case let error as ScheduleServiceError: self.init(error)
        case let error as RegistryError: self.init(error)
        case let error as WorkflowError: self.init(Self.status(of: error), error.description)
        case let error as TaskTokenError: self.init(Self.status(of: error), error.description)
        case let error as ComputeError: self.init(Self.status(of: error), error.description)
        case let error as FilterProblem: self.init(.usage, "--filter: \(error.description)")
        case let error as TerminalError: self.init(.usage, "\(error)")
        case is CancellationError: self.init(.tryAgain, "the command was stopped")
        default: self.init(.bug, "this is a bug of landlord, please report it: \(error)")
        }
    }

    private init(_ error: DocumentError) {
        let isFlag = error.problems.allSatisfy { $0.file.hasPrefix("--") }
        let status: ExitStatus
        switch error.code {
        case .unreadable: status = Self.statusOfUnreadable(error.problems.first?.file ?? "")
        case .tooLarge, .syntax: status = .data
        case .invalid: status = isFlag ? .usage : .data
        }
        self.init(status, problems: error.problems.map(\.description))
    }

    private static func statusOfUnreadable(_ file: String) -> ExitStatus {
        guard !file.utf8.contains(0), access(file, R_OK) != 0 else { return .missing }
        return errno == EACCES || errno == EPERM ? .permission : .missing
    }

    private init(_ error: TenantServiceError) {
        switch error {
        case .unknown: self.init(.missing, error.description)
        case .invalid(let spec): self.init(.data, problems: spec.violations.map(\.description))
        case .refused(let refusal): self.init(.data, refusal.description)
        case .storage(let error): self.init(error)
        }
    }

    private init(_ error: CallbackServiceError) {
        switch error {
        case .unknown, .unknownOperation: self.init(.missing, error.description)
        case .refused, .illegalStep: self.init(.data, error.description)
        case .storage(let error): self.init(error)
        }
    }

    private init(_ error: ApprovalServiceError) {
        switch error {
        case .unknown: self.init(.missing, error.description)
        case .refused: self.init(.data, error.description)
        case .storage(let error): self.init(error)
        }
    }

    private init(_ error: ScheduleServiceError) {
        switch error {
        case .unknown: self.init(.missing, error.description)
        case .exists, .unknownWorkflow, .zone, .refused: self.init(.data, error.description)
        case .storage(let error): self.init(error)
        }
    }

    private init(_ error: RepositoryError) {
        switch error {
        case .stale, .busy, .fenced: self.init(.tryAgain, error.description)
        case .notFound: self.init(.missing, error.description)
        case .conflict: self.init(.data, error.description)
        case .full, .unusable: self.init(.inputOutput, error.description)
        }
    }

    private init(_ error: RegistryError) {
        switch error {
        case .notFound: self.init(.missing, error.description)
        case .conflict, .emptyName: self.init(.bug, error.description)
        }
    }

    private static func status(of error: DatabaseError) -> ExitStatus {
        switch error {
        case .notADatabase, .foreignDatabase, .newerVersion, .olderVersion, .changedMigration, .corrupt: .data
        case .readOnly, .permissionDenied: .permission
        case .cannotCreate: .cannotCreate
        case .diskFull, .ioFailure: .inputOutput
        case .busy: .tryAgain
        case .unsafeSetting: .unavailable
        }
    }

    private static func status(of error: WorkflowError) -> ExitStatus {
        switch error {
        case .workflowNotFound, .executionNotFound: .missing
        case .invalidSpec, .refused: .data
        case .unavailable: .unavailable
        }
    }

    private static func status(of error: TaskTokenError) -> ExitStatus {
        switch error {
        case .invalidToken, .invalidOutput: .data
        case .taskTimedOut: .missing
        case .unavailable: .tryAgain
        }
    }

    private static func status(of error: ComputeError) -> ExitStatus {
        switch error.code {
        case .providerTimeout, .cancelled: .tryAgain
        case .providerUnavailable, .resourceExhausted, .unknown: .unavailable
        case .invalidConfiguration: .data
        case .resourceNotFound: .missing
        }
    }
}
