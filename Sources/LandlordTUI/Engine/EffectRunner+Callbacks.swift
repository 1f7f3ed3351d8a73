import LandlordDomain
import LandlordEngine

extension EffectRunner {
    /// How many bulk operations are listed; those that are not over come on top of it.
    private static let operationLimit = 20

    /// A callback with its attempts, its audit and the run that waits for it.
    func callback(_ id: Callback.ID) async throws(RepositoryError) -> CallbackFacts? {
        guard let callback = try await engine.callbacks.callback(id) else { return nil }
        var facts = CallbackFacts(
            callback: callback, attempts: try await engine.callbacks.attempts(of: id),
            audit: try await engine.callbacks.audit(of: id), run: nil)
        if case .workflow(_, let runID, _) = callback.destination { facts.run = try await engine.runs.run(runID) }
        return facts
    }

    /// The dead letter of a cause that was born last.
    func sample(of cause: String) async throws(RepositoryError) -> CallbackFacts? {
        var query = CallbackQuery(statuses: [.dead], limit: 1)
        query.fingerprint = cause
        guard let found = try await engine.callbacks.page(query).items.first else { return nil }
        return try await callback(found.id)
    }

    /// What a bulk change would meet.
    func preview(of request: BulkRequest) async throws(RepositoryError) -> BulkPreview {
        let preview = try await engine.callbacks.preview(request.query)
        return BulkPreview(count: preview.count, ended: preview.ended, causes: preview.causes)
    }

    /// The bulk operations that are not over, with what came of what they redrove, and the newest of the others.
    func operations() async throws(RepositoryError) -> [OperationProgress] {
        var known: [CallbackOperation.ID: CallbackOperation] = [:]
        for operation in try await engine.callbacks.operations(limit: Self.operationLimit) {
            known[operation.id] = operation
        }
        for operation in try await engine.callbacks.operations(isOpen: true) { known[operation.id] = operation }
        var all: [OperationProgress] = []
        for operation in known.values {
            var progress = OperationProgress(operation: operation)
            if operation.request.verb == .redrive {
                progress.outcomes = try await engine.callbacks.outcomes(of: operation.id)
            }
            all.append(progress)
        }
        return all
    }

    /// Redrives or discards callbacks by name: all of them, or where one refuses none.
    func settle(
        _ verb: CallbackVerb, _ ids: [Callback.ID], reason: String?
    ) async throws(CallbackServiceError) -> VerbOutcome {
        let results =
            switch verb {
            case .redrive: try await engine.callbacks.redrive(ids, by: actor, reason: reason ?? "")
            case .discard: try await engine.callbacks.discard(ids, by: actor, reason: reason ?? "")
            }
        let done = results.filter { $0.note == nil }
        guard let first = done.first else {
            let words = results.first.map { "\($0.callback.id) \($0.note ?? "")" } ?? "there is nothing to do"
            return .done(words, tenantID: nil)
        }
        let subject = done.count == 1 ? "\(first.callback.id) is" : "\(done.count) callbacks are"
        let rest = results.count > done.count ? "; \(results.count - done.count) were already" : ""
        return .done("\(subject) \(verb.participle)\(rest)", tenantID: nil)
    }

    /// Begins a bulk operation over what a filter finds now.
    func begin(_ request: BulkRequest, confirmed: Int, reason: String?) async throws -> VerbOutcome {
        // A letter that is sent once too often is dropped by its receiver, but one that is given up is gone: nothing
        // is discarded that nobody has confirmed.
        if request.verb == .discard {
            let count = try await engine.callbacks.preview(request.query).count
            guard count <= confirmed else {
                return .refused("\(count) dead letters match now, not \(confirmed); nothing was changed")
            }
        }
        let operation = try await engine.callbacks.begin(
            CallbackOperation.Request(
                request.verb, filter: request.filter, by: actor, reason: reason ?? "", rate: request.options.rate,
                isCanary: request.options.isCanary),
            request.query)
        let more = operation.total > confirmed ? ", \(operation.total - confirmed) more than when it was asked" : ""
        return .done(
            "\(operation.id) \(request.verb.rawValue)s \(NumberText.grouped(operation.total))\(more); O controls it",
            tenantID: nil)
    }

    /// Stops a bulk operation for now or for good, or lets it go on.
    func control(
        _ id: CallbackOperation.ID, _ control: OperationControl
    ) async throws(CallbackServiceError) -> VerbOutcome {
        let operation = try await engine.callbacks.move(
            id, to: control.status, note: control == .resume ? "" : "by \(actor)")
        return .done(
            "\(id) is \(operation.status.rawValue): \(OperationText.counts(operation))", tenantID: nil)
    }
}
