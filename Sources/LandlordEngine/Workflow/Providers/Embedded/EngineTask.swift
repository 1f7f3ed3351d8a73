import LandlordDomain
import StatesLanguage

/// What a task asks of the engine itself, by its resource; other resources are for `TaskWorker`s.
enum EngineTask: Sendable, Hashable {
    /// `landlord:activity:NAME`: workers poll for it and answer it.
    case activity(String)
    /// `landlord:signal:NAME`: a signal to the run answers it.
    case signal(String)
    /// `landlord:workflow`: another run is started; with `.sync` its end answers the task.
    case childRun(waits: Bool)

    private static let prefix = "landlord:"
    private static let activityPrefix = "landlord:activity:"
    private static let signalPrefix = "landlord:signal:"
    private static let childRunResource = "landlord:workflow"

    /// Reads a resource, with `.waitForTaskToken` behind it or not; nil for what is no task of the engine's own.
    init?(_ resource: String) {
        guard resource.utf8.starts(with: Self.prefix.utf8) else { return nil }
        let resource = TaskResource.withoutTokenPattern(resource)
        if let name = Self.name(in: resource, behind: Self.activityPrefix) {
            self = .activity(name)
        } else if let name = Self.name(in: resource, behind: Self.signalPrefix) {
            self = .signal(name)
        } else {
            switch resource {
            case Self.childRunResource: self = .childRun(waits: false)
            case "\(Self.childRunResource).sync": self = .childRun(waits: true)
            default: return nil
            }
        }
    }

    /// The activity that a resource names; nil for a resource of another kind.
    static func activity(of resource: String) -> String? {
        guard resource.utf8.starts(with: activityPrefix.utf8) else { return nil }
        return name(in: TaskResource.withoutTokenPattern(resource), behind: activityPrefix)
    }

    private static func name(in resource: String, behind prefix: String) -> String? {
        guard resource.utf8.starts(with: prefix.utf8) else { return nil }
        let name = String(resource.dropFirst(prefix.count))
        return isLegalName(name) ? name : nil
    }

    /// Whether activities and signals may have the name: letters, digits, hyphens and underscores, 80 at most.
    static func isLegalName(_ name: String) -> Bool {
        (1...80).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}

extension ScheduledTask {
    /// Whether somebody outside of the engine answers with the task's token.
    var isAnsweredOutside: Bool { token != nil && ComputeTask.operation(of: resource) == nil }

    /// Whether the answer to its call says only that the call was made, and whoever has the token answers the task.
    var waitsBeyondCall: Bool { isAnsweredOutside && TaskResource.hasTokenPattern(resource) }
}

/// What a task says of the run that it starts.
struct ChildRunTask: Sendable, Hashable {
    /// How deep runs may start runs.
    static let depthLimit = 32

    let workflowID: String
    let name: String
    let input: JSONValue
    /// Whether the run is cancelled when the task is given up.
    let isCancelledWithTask: Bool

    /// Reads a task of a run.
    ///
    /// - Throws: `States.Runtime` with all that is wrong.
    init(_ task: ScheduledTask, of runID: String) throws(WorkflowFailure) {
        var problems: [String] = []
        let fields = task.parameters.objectValue ?? [:]
        if task.parameters.objectValue == nil { problems.append("the parameters are no object") }
        for key in fields.keys where !["Workflow", "Name", "Input", "OnCancel"].contains(key) {
            problems.append("'\(key)' is not known")
        }
        workflowID = fields["Workflow"]?.stringValue ?? ""
        if !WorkflowSpec.isLegalWorkflowID(workflowID) { problems.append("'Workflow' names no workflow") }
        name = fields["Name"]?.stringValue ?? TaskReference(runID: runID, taskID: task.id).childRunID
        if fields["Name"].map({ $0.stringValue == nil }) == true || !ExecutionInput.isLegalExecutionName(name) {
            problems.append("'Name' must be 1 to 128 letters, digits, hyphens or underscores")
        }
        let policy = fields["OnCancel"] ?? "cancel"
        if policy != "cancel", policy != "leave" { problems.append("'OnCancel' must be 'cancel' or 'leave'") }
        isCancelledWithTask = policy == "cancel"
        input = fields["Input"] ?? [:]
        guard problems.isEmpty else {
            throw WorkflowFailure(
                code: "States.Runtime", message: "\(task.resource): \(problems.joined(separator: "; "))")
        }
    }
}
