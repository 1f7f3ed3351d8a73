import ArgumentParser
import LandlordDomain
import LandlordEngine
import LandlordTUI
import StatesLanguage

/// `landlord approval`.
struct ApprovalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approval", abstract: "Look at what runs ask people for, and decide.",
        subcommands: [
            ApprovalListCommand.self, ApprovalGetCommand.self, ApprovalApproveCommand.self, ApprovalRejectCommand.self,
            ApprovalDelegateCommand.self,
        ])
}

/// `landlord approval list`.
struct ApprovalListCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List requests for approval, newest first; those that are pending, or all.")

    @Flag(help: "Those that are over as well.")
    var all = false
    @Option(
        help: ArgumentHelp("Only these statuses, separated by commas.", valueName: "status"),
        transform: OptionText.words)
    var status: Set<ApprovalStatus> = []
    @OptionGroup var list: ListOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run(with session: Session) async throws {
        let statuses: Set<ApprovalStatus> = status.isEmpty && !all ? [.pending] : status
        let page = try await session.engine.approvals.page(
            ApprovalQuery(statuses: statuses, after: list.after, limit: list.limit))
        let now = session.surroundings.now()
        let table = TextTable(["ID", "STATUS", "TITLE", "MISSING", "WHO", "EXPIRES IN", "AGE"], page.items) {
            approval in
            [
                approval.id, approval.status.rawValue, approval.request.title,
                approval.status == .pending ? "\(approval.missingCount)" : "",
                approval.request.approvers.isEmpty ? "anybody" : approval.deciders.joined(separator: ", "),
                approval.expiresAt.map { AgeText.text($0.duration(since: now)) } ?? "",
                AgeText.text(now.duration(since: approval.createdAt)),
            ]
        }
        try output.write(page, document: \.document, table: table)
    }
}

/// The request that a command is given.
struct ApprovalArgument: ParsableArguments {
    @Argument(help: "The request's identifier.")
    var id: String
}

/// `landlord approval get`.
struct ApprovalGetCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Show one request with everything that was done with it.")

    @OptionGroup var argument: ApprovalArgument
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func run(with session: Session) async throws {
        guard let approval = try await session.engine.approvals.approval(argument.id) else {
            throw ApprovalServiceError.unknown(argument.id)
        }
        let history = try await session.engine.approvals.history(of: approval.id)
        var document = approval.document
        document["history"] = .array(history.map(\.document))
        try output.write(document) {
            var fields = TextFields()
            fields.add("id", approval.id)
            fields.add("title", approval.request.title)
            fields.add("description", approval.request.description.isEmpty ? nil : approval.request.description)
            fields.add("status", approval.status.rawValue)
            fields.add("run", approval.runID)
            fields.add(
                "who may decide", approval.deciders.isEmpty ? "anybody" : approval.deciders.joined(separator: ", "))
            fields.add("needs", "\(approval.request.quorum), \(approval.missingCount) more")
            fields.add("expires", approval.expiresAt?.rfc3339)
            let table = TextTable(["TIME", "ACTION", "BY", "REASON"], history) { event in
                [event.at.rfc3339, event.action.rawValue, event.actor, event.reason]
            }
            return fields.rendered + "\n" + table.rendered(columns: StandardStream.columns)
        }
    }
}

/// A decision on one request.
protocol ApprovalDecisionCommand: EngineCommand {
    /// Whether it approves.
    static var isApproval: Bool { get }
    var argument: ApprovalArgument { get }
    var decision: DecisionOptions { get }
    var output: OutputOptions { get }
}

/// Who decides, and why.
struct DecisionOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Why, for the history.", valueName: "text"))
    var reason = ""
    @Option(name: .customLong("as"), help: ArgumentHelp("Who decides (default: the login name).", valueName: "name"))
    var person: String?
}

extension ApprovalDecisionCommand {
    func run(with session: Session) async throws {
        let approval = try await session.engine.approvals.decide(
            argument.id, isApproval: Self.isApproval, by: decision.person ?? session.actor, reason: decision.reason)
        try output.write(approval.document) {
            approval.status == .pending
                ? "\(approval.id) needs \(approval.missingCount) more\n"
                : "\(approval.id) is \(approval.status.rawValue)\n"
        }
    }
}

/// `landlord approval approve`.
struct ApprovalApproveCommand: ApprovalDecisionCommand {
    static let isApproval = true
    static let configuration = CommandConfiguration(
        commandName: "approve", abstract: "Approve; the run goes on when as many have as it needs.")
    @OptionGroup var argument: ApprovalArgument
    @OptionGroup var decision: DecisionOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions
}

/// `landlord approval reject`.
struct ApprovalRejectCommand: ApprovalDecisionCommand {
    static let isApproval = false
    static let configuration = CommandConfiguration(
        commandName: "reject", abstract: "Reject; the state fails with Approval.Rejected, which Catch may take up.")
    @OptionGroup var argument: ApprovalArgument
    @OptionGroup var decision: DecisionOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions
}

/// `landlord approval delegate`.
struct ApprovalDelegateCommand: EngineCommand {
    static let configuration = CommandConfiguration(
        commandName: "delegate", abstract: "Let somebody else decide in your place.")

    @OptionGroup var argument: ApprovalArgument
    @Argument(help: "Who shall decide.")
    var to: String
    @Option(name: .customLong("as"), help: ArgumentHelp("In whose place (default: the login name).", valueName: "name"))
    var person: String?
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws { try OptionText.refuseControls(in: to, of: "a name") }

    func run(with session: Session) async throws {
        let approval = try await session.engine.approvals.delegate(argument.id, by: person ?? session.actor, to: to)
        try output.write(approval.document) { "\(to) may decide \(approval.id)\n" }
    }
}
