import LandlordDomain
import LandlordTestSupport
import StatesLanguage

@testable import LandlordTUI

/// Dead letters as screens show them.
extension Journey {
    static let unwell = DeliveryFailure(.httpStatus, "the receiver answered 503 Service Unavailable", statusCode: 503)
    static let unknown = DeliveryFailure(.unknownTask, "no task waits with this token")

    /// A callback of a webhook, dead unless a test says otherwise.
    static func callback(
        _ number: Int = 1, _ status: CallbackStatus = .dead, tenant: String = "acme-billing",
        failure: DeliveryFailure? = unwell, workflow: WorkflowExecutionStatus? = nil,
        attempts: Int = 4, ago seconds: Int = 3_600
    ) throws -> Callback {
        let execution = Self.execution(of: try Tenant.sample(tenant), attempt: number)
        let born = start.advanced(by: .seconds(-seconds))
        let destination: Callback.Destination =
            workflow == nil
            ? .webhook(url: "https://hooks.acme.io/v1/landlord", secrets: [])
            : .workflow(provider: "embedded", executionID: "run-1", token: "secret-token")
        return Callback(
            id: Callback.ID("cb-" + String(repeating: "0", count: 14) + (number < 10 ? "0" : "") + "\(number)"),
            executionID: execution.id, tenantID: execution.tenantID, tenantName: tenant, operation: .provision,
            destination: destination, payload: CallbackPayload(execution).json, status: status, attempts: attempts,
            attemptLimit: 4, nextAttemptAt: start.advanced(by: .seconds(42)),
            failure: status == .delivered ? nil : failure, createdAt: born, waitingSince: born,
            firstAttemptAt: attempts > 0 ? born : nil,
            lastAttemptAt: attempts > 0 ? born.advanced(by: .seconds(31)) : nil,
            settledAt: status == .pending || status == .delivering ? nil : born.advanced(by: .seconds(31)),
            workflowStatus: workflow)
    }

    /// Four callbacks, the dead ones first.
    static func callbacks() throws -> [Callback] {
        [
            try callback(1), try callback(2, tenant: "corvid", failure: unknown, workflow: .cancelled, attempts: 1),
            try callback(3, .delivering, tenant: "delta-co", attempts: 2, ago: 90),
            try callback(4, .pending, tenant: "emu-labs", attempts: 1, ago: 40),
        ]
    }

    static func causes() -> [CallbackCause] {
        [
            CallbackCause(
                id: "00000000000000a1", failure: unwell, host: "hooks.acme.io", operation: .provision, count: 96,
                firstAt: start.advanced(by: .seconds(-5 * 3_600)), lastAt: start.advanced(by: .seconds(-12))),
            CallbackCause(
                id: "00000000000000b2", failure: unknown, host: "embedded", operation: .delete, count: 1_205,
                firstAt: start.advanced(by: .seconds(-86_400)), lastAt: start.advanced(by: .seconds(-7_200))),
        ]
    }

    static func facts(of callback: Callback) -> CallbackFacts {
        var attempts: [CallbackAttempt] = []
        let pauses: [Int64] = [0, 1, 4, 31]
        for number in 1...max(1, callback.attempts) {
            let begin = callback.createdAt.advanced(by: .seconds(pauses[min(number - 1, 3)]))
            attempts.append(
                CallbackAttempt(
                    callbackID: callback.id, number: number, startedAt: begin,
                    endedAt: begin.advanced(by: .milliseconds(800)), outcome: .failed, statusCode: 503,
                    errorCode: .httpStatus, error: unwell.message,
                    responseExcerpt: "upstream connect error\nreset reason: connection failure"))
        }
        let entry = CallbackAuditEntry(
            callbackID: callback.id, verb: .redrive, actor: "ana", reason: "INC-4412 is over",
            operationID: CallbackOperation.ID("op-00000000000007c0"), at: start.advanced(by: .seconds(-600)))
        return CallbackFacts(callback: callback, attempts: attempts, audit: [entry], run: nil)
    }

    static func operation(
        _ status: CallbackOperationStatus = .running, applied: Int = 40, skipped: Int = 3, total: Int = 96,
        filter: String = "cause:00000000000000a1"
    ) -> OperationProgress {
        OperationProgress(
            operation: CallbackOperation(
                id: CallbackOperation.ID("op-00000000000007c0"),
                request: CallbackOperation.Request(
                    .redrive, filter: filter, by: "ana", reason: "INC-4412 is over", rate: 10, isCanary: true),
                status: status, total: total, applied: applied, skipped: skipped, note: "",
                createdAt: start.advanced(by: .seconds(-30)), updatedAt: start, endedAt: nil),
            outcomes: RedriveOutcomes(delivered: 30, dead: 2, onTheirWay: 8))
    }

    /// A journey on the dead letters by cause.
    static func atCauses(rows: Int = 24, columns: Int = 80) throws -> Journey {
        var journey = try Journey.fleet(rows: rows, columns: columns)
        journey.press(.character("4"))
        journey.showCauses()
        journey.effects = []
        return journey
    }

    /// A journey on the flat list.
    static func atCallbacks(rows: Int = 24, columns: Int = 80, _ callbacks: [Callback]? = nil) throws -> Journey {
        var journey = try atCauses(rows: rows, columns: columns)
        journey.press(.character("t"))
        journey.show(try callbacks ?? Self.callbacks())
        journey.effects = []
        return journey
    }

    /// Answers the causes as the database would, with a letter for the one under the cursor.
    mutating func showCauses(_ causes: [CallbackCause] = Journey.causes()) {
        send(.loaded(.causes(model.causeQuery, causes)))
        // A sample that cannot be made would be a mistake of the test; the frame then says that it loads.
        guard let cause = model.causes.selected, let letter = try? Self.callback(1) else { return }
        send(.loaded(.sample(cause: cause.id, Self.facts(of: letter))))
    }

    mutating func show(_ callbacks: [Callback], next: PageCursor? = nil) {
        send(.loaded(.callbacks(model.callbackQuery, anchors: nil, Page(items: callbacks, next: next))))
    }

    /// Answers the question how many letters a bulk change would meet.
    mutating func answerPreview(count: Int, ended: Int = 0) {
        for case .load(.preview(let request)) in takeEffects() {
            send(.loaded(.preview(request, BulkPreview(count: count, ended: ended, causes: Self.causes()))))
        }
    }
}
