import AsyncHTTPClient
import LandlordDomain
import Logging
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import StatesLanguage
import Synchronization

/// Makes the requests that tasks of `landlord:http` ask for, under the rules of webhooks.
///
/// A request is made again when the process dies before its answer is stored, under the same `Idempotency-Key`: the
/// run's name and the number of the task, of which each attempt has its own. So many are made at once; the others wait,
/// so that slow receivers keep no other tasks from being done.
final class HTTPTaskWorker: TaskWorker {
    /// How many requests are made at once.
    static let requestLimit = 64

    private let requests: CheckedRequests
    private let secrets: SecretResolver
    private let queue = WorkQueue<TaskReference>()
    /// The requests that are under way, with the bells that stop them.
    private let bells = Mutex<[TaskReference: AsyncStream<Void>.Continuation]>([:])

    /// A worker that finds secrets in these variables and in files.
    init(requests: CheckedRequests, variable: @escaping @Sendable (String) -> String?) {
        self.requests = requests
        secrets = SecretResolver(variable: variable)
    }

    /// Whether the resource asks for a request.
    func serves(_ resource: String) -> Bool { HTTPTask.serves(resource) }

    /// Has the request made when there is room; what is wrong in it is said at once.
    func begin(_ task: ScheduledTask, of runID: String) async throws(TaskTrouble) -> TaskResult? {
        do throws(WorkflowFailure) {
            _ = try HTTPTask(task, key: Self.key(task.id, of: runID))
        } catch {
            throw .failed(error)
        }
        guard queue.add(TaskReference(runID: runID, taskID: task.id)) else {
            throw .later("more requests wait than can be remembered")
        }
        return nil
    }

    /// Stops the request.
    func cancel(_ task: ScheduledTask, of runID: String) async throws(TaskTrouble) {
        bells.withLock { $0[TaskReference(runID: runID, taskID: task.id)] }?.yield()
    }

    /// Makes requests until the graceful shutdown begins; what is under way then is made again by the next driver.
    func work(for provider: EmbeddedWorkflowProvider) async {
        queue.open()
        await takeUp(from: provider)
        await withDiscardingTaskGroup { group in
            group.addTask {
                await drain(self.queue, workers: Self.requestLimit) { await self.see(to: $0, for: provider) }
            }
            // Ends with the shutdown only; a cancelled wait is that shutdown.
            try? await gracefulShutdown()
            queue.close()
            group.cancelAll()
        }
        await requests.close()
    }

    /// Remembers the requests that are to be made: what was asked for while the queue was closed is not in it.
    private func takeUp(from provider: EmbeddedWorkflowProvider) async {
        do throws(RepositoryError) {
            var cursor: PageCursor?
            repeat {
                let page = try await provider.store.openTasks(after: cursor, limit: PageLimit.largest)
                for stored in page.items where isToBeMade(stored) && !queue.add(stored.reference) {
                    provider.work.forget(stored.reference)
                    provider.askForScan()
                }
                cursor = page.next
            } while cursor != nil
        } catch {
            provider.work.forgetAll()
            provider.askForScan(because: error.description, runID: "")
        }
    }

    private func isToBeMade(_ stored: StoredTask) -> Bool {
        serves(stored.task.resource) && stored.isToBeCalled && !stored.isSuspended
            && (stored.task.semaphore == nil || stored.isAdmitted)
    }

    private func see(to reference: TaskReference, for provider: EmbeddedWorkflowProvider) async {
        do {
            let stored = try await provider.store.task(of: reference.runID, id: reference.taskID)
            guard let stored, stored.isToBeCalled else { return }
            let (stream, bell) = AsyncStream.makeStream(of: Void.self)
            bells.withLock { $0[reference] = bell }
            defer { bells.withLock { $0[reference] = nil } }
            let result = await withTaskGroup(of: TaskResult?.self) { group in
                group.addTask { await self.result(of: stored.task, in: reference.runID) }
                group.addTask {
                    for await _ in stream { return nil }
                    return nil
                }
                defer { group.cancelAll() }
                return await group.next() ?? nil
            }
            // Nobody waits for a request that was stopped; one that the shutdown stopped is made again.
            guard let result, !Task.isCancelled else { return }
            try await provider.advance(reference.runID, with: result.input(afterCallOf: stored.task))
        } catch {
            provider.work.forget(reference)
            provider.askForScan(because: "\(error)", runID: reference.runID)
        }
    }

    private static func key(_ task: Int, of runID: String) -> String { "\(runID)-\(task)" }

    // MARK: One request

    private func result(of task: ScheduledTask, in runID: String) async -> TaskResult {
        do {
            let wish = try HTTPTask(task, key: Self.key(task.id, of: runID))
            let headers = try headers(of: wish)
            return try await requests.perform(wish.url, attempt: task.attempt, within: wish.limit) {
                address throws(DeliveryFailure) in
                Self.request(wish, headers, to: address)
            } reading: { response in
                try await Self.result(of: response, hiding: headers.secrets)
            }
        } catch let failure as WorkflowFailure {
            return .failed(failure)
        } catch let failure as DeliveryFailure {
            return .failed(WorkflowFailure(code: Self.errorName(of: failure), message: failure.message))
        } catch {
            return .failed(WorkflowFailure(code: "States.Http.Socket", message: "\(error)"))
        }
    }

    /// Headers as they are sent, and the secrets among them.
    private struct Headers {
        var fields: [(name: String, value: String)] = []
        var secrets: [String] = []
    }

    private func headers(of wish: HTTPTask) throws(DeliveryFailure) -> Headers {
        var headers = Headers()
        for (name, value) in wish.headers {
            switch value {
            case .text(let text): headers.fields.append((name, text))
            case .secret(let source, let prefix):
                let secret = try secret(at: source)
                headers.secrets.append(secret)
                headers.fields.append((name, prefix + secret))
            }
        }
        return headers
    }

    private func secret(at source: String) throws(DeliveryFailure) -> String {
        do throws(SecretResolver.Missing) {
            let secret = try secrets.value(at: source)
            guard secret.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
                throw SecretResolver.Missing("it holds characters that a header cannot have")
            }
            return secret
        } catch {
            throw DeliveryFailure(.secretUnavailable, "the secret at \(source): \(error.reason)")
        }
    }

    private static func request(
        _ wish: HTTPTask, _ headers: Headers, to address: WebhookAddress
    ) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: address.text)
        request.method = HTTPMethod(rawValue: wish.method)
        request.headers.add(name: "user-agent", value: "landlord")
        for (name, value) in headers.fields { request.headers.add(name: name, value: value) }
        if let body = wish.body { request.body = .bytes(ByteBuffer(bytes: body)) }
        return request
    }

    /// A text of an answer without the secrets that were sent, which a history must not keep.
    ///
    /// The longest goes first: of one that is the beginning of another the rest would stay.
    private static func text(_ text: String, hiding secrets: [String]) -> String {
        secrets.filter { !$0.isEmpty }.sorted { $0.utf8.count > $1.utf8.count }
            .reduce(text) { $0.replacing($1, with: Redaction.mark) }
    }

    /// The same for a value, in which a secret may have been written with escapes.
    private static func value(_ value: JSONValue, hiding secrets: [String]) -> JSONValue {
        switch value {
        case .null, .bool, .number: value
        case .string(let string): .string(text(string, hiding: secrets))
        case .array(let items): .array(items.map { self.value($0, hiding: secrets) })
        case .object(let members):
            .object(
                JSONObject(members.map { (text($0.key, hiding: secrets), self.value($0.value, hiding: secrets)) }))
        }
    }

    /// The errors of Step Functions where it has them.
    private static func errorName(of failure: DeliveryFailure) -> String {
        switch failure.code {
        case .destinationRefused, .addressRefused, .secretUnavailable: "Http.Refused"
        case .timeout: "States.Timeout"
        default: "States.Http.Socket"
        }
    }

    private static func result(
        of response: HTTPClientResponse, hiding secrets: [String]
    ) async throws -> TaskResult {
        let code = Int(response.status.code)
        var bytes: [UInt8] = []
        for try await part in response.body {
            bytes += part.readableBytesView
            guard bytes.count <= HTTPTask.bodyByteLimit else {
                return .failed(
                    WorkflowFailure(
                        code: "States.DataLimitExceeded",
                        message: "the answer has more than \(HTTPTask.bodyByteLimit) bytes"))
            }
        }
        let output: JSONValue = [
            "StatusCode": .number(JSONNumber(code)),
            "StatusText": .string(text(response.status.reasonPhrase, hiding: secrets)),
            "Headers": headers(of: response, hiding: secrets),
            "ResponseBody": body(String(decoding: bytes, as: UTF8.self), of: response, hiding: secrets),
        ]
        guard (200..<300).contains(code) else {
            return .failed(WorkflowFailure(code: "States.Http.StatusCode.\(code)", message: output.serialized()))
        }
        return .succeeded(output)
    }

    private static func headers(of response: HTTPClientResponse, hiding secrets: [String]) -> JSONValue {
        var headers = JSONObject()
        for (name, value) in response.headers {
            let key = name.lowercased()
            // What lets somebody in is kept in no history.
            guard key != "set-cookie" else { continue }
            headers[key] = .array((headers[key]?.arrayValue ?? []) + [.string(text(value, hiding: secrets))])
        }
        return .object(headers)
    }

    /// JSON where the answer says that it is; text otherwise, whatever the bytes.
    private static func body(
        _ text: String, of response: HTTPClientResponse, hiding secrets: [String]
    ) -> JSONValue {
        let type = response.headers.first(name: "content-type")?.lowercased() ?? ""
        // What says that it is JSON and is not is a text all the same.
        let parsed = type.contains("json") ? try? JSONValue(parsing: text) : nil
        return value(parsed ?? .string(text), hiding: secrets)
    }
}

/// Runs the requests of tasks in the process that drives.
struct HTTPTaskService: Service {
    let worker: HTTPTaskWorker
    let provider: EmbeddedWorkflowProvider

    /// Works until the graceful shutdown begins.
    func run() async throws { await worker.work(for: provider) }
}
