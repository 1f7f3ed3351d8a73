import Glibc
import LandlordDomain
import LandlordEngine
import StatesLanguage

/// A redrive or discard of many dead letters as the command line carries it out: count, confirm, begin, follow.
struct CallbackBulk: Sendable {
    private let session: Session
    private let request: CallbackOperation.Request
    private let query: CallbackQuery

    /// Carries a request out over what a query finds.
    init(_ session: Session, _ request: CallbackOperation.Request, _ query: CallbackQuery) {
        self.session = session
        self.request = request
        self.query = query
    }

    private var callbacks: CallbackService { session.engine.callbacks }

    /// Says what would be done.
    func preview(_ output: OutputOptions) async throws {
        let preview = try await callbacks.preview(query)
        try output.write(preview.document(request.verb)) {
            var text = "\(Self.letters(preview.count)) would be \(request.verb.participle)\n"
            if preview.ended > 0, request.verb == .redrive {
                text += "\(preview.ended) of them would be skipped: workflow has ended\n"
            }
            guard !preview.causes.isEmpty else { return text }
            let table = TextTable(["COUNT", "DESTINATION", "OPERATION", "WHY"], preview.causes) { cause in
                ["\(cause.count)", cause.host, cause.operation.rawValue, cause.failure.description]
            }
            return text + table.rendered(columns: StandardStream.columns)
        }
    }

    /// Begins the operation, or goes on with the one that was interrupted, and follows it to its end.
    func carryOut(_ output: OutputOptions) async throws {
        // From now on Ctrl-C pauses the operation and does not end the process.
        let interrupts = Interrupts.stream()
        var operation = try await resumed()
        if operation == nil { operation = try await begun() }
        guard let operation else {
            return try output.write(["total": 0, "applied": 0, "skipped": 0, "status": "done"]) {
                "no dead letter matches\n"
            }
        }
        let end = try await session.whileDriving { try await follow(operation.id, interrupts) }
        try output.write(end.document) {
            "\(Self.letters(end.applied)) of \(end.total) \(request.verb.participle)"
                + (end.skipped > 0 ? ", \(end.skipped) skipped" : "") + "\n"
        }
        try judge(end)
    }

    // MARK: The beginning

    /// The same operation that was interrupted before, made to go on.
    private func resumed() async throws -> CallbackOperation? {
        let open = try await callbacks.operations(isOpen: true)
        let same = open.first { $0.request.verb == request.verb && $0.request.filter == request.filter }
        guard let same else { return nil }
        StandardStream.note(
            "landlord: going on with \(same.id), which is \(same.status.rawValue): \(same.processed) of \(same.total)")
        return try await callbacks.move(same.id, to: .running)
    }

    private func begun() async throws -> CallbackOperation? {
        let preview = try await callbacks.preview(query)
        guard preview.count > 0 else { return nil }
        try confirm(preview)
        return try await callbacks.begin(request, query)
    }

    /// Asks where a person sits at the terminal; a script has decided already.
    private func confirm(_ preview: CallbackPreview) throws(Failure) {
        guard isatty(STDIN_FILENO) == 1, StandardStream.hasReader else { return }
        let ended = preview.ended > 0 && request.verb == .redrive ? " (\(preview.ended) will be skipped)" : ""
        StandardStream.note("\(request.verb.rawValue) \(Self.letters(preview.count))\(ended)? [y/N]")
        guard let answer = readLine(), ["y", "yes"].contains(answer.lowercased()) else {
            throw Failure(.failed, "nothing was changed")
        }
    }

    // MARK: The end

    private func follow(_ id: CallbackOperation.ID, _ interrupts: AsyncStream<Int32>) async throws -> CallbackOperation
    {
        let wakeups = Wakeups(session, beat: .seconds(1))
        return try await withThrowingTaskGroup(of: CallbackOperation.self) { group in
            group.addTask {
                try await wakeups.firstAnswer { changes in
                    guard changes.contains(where: { Self.concerns($0, id) }) else { return nil }
                    guard let now = try await callbacks.operation(id) else {
                        throw CallbackServiceError.unknownOperation(id)
                    }
                    StandardStream.progress("\(now.processed) of \(now.total)")
                    return now.status == .running ? nil : now
                }
            }
            group.addTask {
                for await number in interrupts {
                    let paused = try await callbacks.move(id, to: .paused, note: "interrupted by \(session.actor)")
                    throw Failure(
                        .signal(number),
                        "\(id) is paused: \(paused.processed) of \(paused.total) done; the same command goes on with it"
                    )
                }
                throw CancellationError()
            }
            defer { group.cancelAll() }
            guard let end = try await group.next() else { throw CancellationError() }
            return end
        }
    }

    private func judge(_ end: CallbackOperation) throws(Failure) {
        switch end.status {
        case .done, .running: return
        case .halted: throw Failure(.failed, "\(end.id) was halted: \(end.note); the same command goes on with it")
        case .paused: throw Failure(.failed, "\(end.id) was paused; the same command goes on with it")
        case .abandoned: throw Failure(.failed, "\(end.id) was abandoned")
        }
    }

    private static func concerns(_ change: Change, _ id: CallbackOperation.ID) -> Bool {
        switch change {
        case .callback(let changed): changed == id.rawValue
        case .missed: true
        case .tenant, .execution, .run, .approval, .schedule, .lease, .storage, .workflowTask, .workflowTimer: false
        }
    }

    private static func letters(_ count: Int) -> String { count == 1 ? "1 dead letter" : "\(count) dead letters" }
}
