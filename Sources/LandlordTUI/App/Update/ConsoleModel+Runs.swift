import LandlordDomain
import StatesLanguage

/// Runs: what is opened, and what operators do to one.
extension ConsoleModel {
    /// The run that keys speak of.
    var selectedRun: WorkflowRun? {
        switch place {
        case .runs: runs.selected
        case .run(let detail): detail.facts?.run
        case .tenants, .executions, .causes, .callbacks, .tenant, .execution, .callback, .approvals, .approval,
            .schedules, .schedule:
            nil
        }
    }

    /// Opens the run under the cursor.
    mutating func openRun() -> [ConsoleEffect] {
        guard case .runs = place, let run = runs.selected else { return [] }
        return enter(.run(RunDetail(id: run.id)))
    }

    /// Asks before something is done to the run; what is asked for is frozen with the question.
    mutating func askToOrder(_ verb: RunOrder.Verb) -> [ConsoleEffect] {
        guard let run = selectedRun else { return [.ring] }
        let isReversible = verb == .suspend || verb == .resume || verb == .retry
        ask(
            ConfirmDialog(
                level: isReversible ? .line : .dialog, title: .sanitize("\(verb.title) \(run.id)"),
                lines: isReversible
                    ? [.init("effect", .sanitize(verb.effect))]
                    : [
                        .init("workflow", .sanitize(run.workflowID)), .init("state", .sanitize(run.currentState ?? "")),
                        .init("effect", .sanitize(verb.effect)),
                    ], expectedText: ""),
            verbs: [.order(verb, run.id, reason: nil)])
        return []
    }

    /// Suspends a run that goes on, and resumes one that is suspended.
    mutating func askToSuspendOrResume() -> [ConsoleEffect] {
        askToOrder(selectedRun?.control == .suspended ? .resume : .suspend)
    }

    /// Asks before what was typed is sent; what cannot be understood stays in its line with what is wrong.
    mutating func ask(
        _ request: Result<TypedRunRequest, TypedRunProblem>, in former: PromptState
    ) -> [ConsoleEffect] {
        switch request {
        case .success(let request):
            modal = nil
            ask(
                ConfirmDialog(
                    level: .line, title: .sanitize(request.title), lines: [.init("data", .sanitize(request.data))],
                    expectedText: ""),
                verbs: [request.verb])
            return []
        case .failure(let problem):
            var state = former
            state.prompt.problem = .sanitize(problem.message)
            modal = .prompt(state)
            return [.ring]
        }
    }

    /// Asks for a signal to the run.
    mutating func typeSignal() -> [ConsoleEffect] {
        guard let run = selectedRun else { return [.ring] }
        let prompt = Prompt(label: .sanitize("signal to \(run.id) (NAME [JSON]) "))
        modal = .prompt(PromptState(purpose: .signal(run: run.id), prompt: prompt))
        return []
    }

    /// Asks for a new run.
    mutating func typeStart() -> [ConsoleEffect] {
        modal = .prompt(PromptState(purpose: .start, prompt: Prompt(label: "start (WORKFLOW [NAME] [JSON]) ")))
        return []
    }

    /// Asks before a request for approval is answered.
    mutating func askToDecide(isApproval: Bool) -> [ConsoleEffect] {
        guard let approval = selectedApproval else { return [.ring] }
        let who = approval.deciders.isEmpty ? "anybody" : approval.deciders.joined(separator: ", ")
        ask(
            ConfirmDialog(
                level: .dialog, title: .sanitize("\(isApproval ? "Approve" : "Reject") \(approval.request.title)"),
                lines: [
                    .init("request", .sanitize(approval.id)), .init("who may", .sanitize(who)),
                    .init("needs", .sanitize("\(approval.missingCount) more of \(approval.request.quorum)")),
                ], expectedText: "", needsReason: !isApproval),
            verbs: [.decide(approval.id, isApproval: isApproval, reason: nil)])
        return []
    }
}

extension RunOrder.Verb {
    fileprivate var title: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }

    fileprivate var effect: String {
        switch self {
        case .suspend: "nothing new begins; what comes in is kept until it is resumed"
        case .resume: "goes on, with what has come in first"
        case .cancel: "takes back what the definition says can be taken back, and ends"
        case .terminate: "ends at once; nothing is taken back"
        case .retry: "goes on with the state that failed"
        }
    }
}

/// When something cannot be done to a run, in words.
enum RunRules {
    static func refusal(of approval: Approval?) -> String? {
        guard let approval else { return "nothing waits for an approval" }
        return approval.status == .pending ? nil : "\(approval.id) is \(approval.status.rawValue)"
    }

    static func refusalOfSignal(_ run: WorkflowRun?) -> String? {
        guard let run else { return "no run is selected" }
        return run.status.isTerminal ? "\(run.id) is over" : nil
    }

    static func refusal(of run: WorkflowRun?, _ verb: RunOrder.Verb) -> String? {
        guard let run else { return "no run is selected" }
        switch verb {
        case .retry:
            if !run.status.isTerminal { return "\(run.id) is under way" }
            return run.status == .succeeded ? "\(run.id) has succeeded" : run.refusalOfRetry
        case .cancel where run.control == .compensating: return "\(run.id) is taking back what it did"
        case .suspend, .resume, .cancel, .terminate:
            return run.status.isTerminal ? "\(run.id) is over" : nil
        }
    }
}
