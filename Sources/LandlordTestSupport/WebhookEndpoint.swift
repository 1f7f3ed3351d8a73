import NIOCore
import NIOHTTP1
import NIOPosix
public import NIOSSL
import Synchronization

/// A receiver of webhooks on loopback that answers as a test says, and remembers what it was sent.
public final class WebhookEndpoint: Sendable {
    /// What a receiver can do with a request.
    public enum Answer: Sendable, Hashable {
        /// Answer with a status.
        case status(Int, headers: [String: String] = [:], body: String = "")
        /// Never answer.
        case hang
        /// Break the connection.
        case reset
        /// Answer with this status and begin a body that never ends.
        case slowBody(Int)
        /// Answer with this status and a body without end.
        case endlessBody(Int)
    }

    /// What was sent.
    public struct Request: Sendable, Hashable {
        /// The path and what follows it.
        public let target: String
        /// The headers, their names in lowercase.
        public let headers: [String: String]
        /// The body.
        public let body: [UInt8]

        /// The idempotency key.
        public var id: String { headers["webhook-id"] ?? "" }
    }

    fileprivate struct State {
        var requests: [Request] = []
        var connections = 0
        var answer: @Sendable (Request) -> Answer
        var keepsRequests = true
    }

    private let state: Mutex<State>
    private let server: Mutex<(any Channel)?> = Mutex(nil)
    private let children = Mutex<[ObjectIdentifier: any Channel]>([:])
    private let tls: NIOSSLContext?

    /// A receiver that does not listen yet; `open` makes it.
    ///
    /// - Parameters:
    ///   - tls: What it encrypts with; nil for not at all.
    ///   - keepsRequests: Whether it remembers what it was sent.
    ///   - answer: What it does with each request.
    public init(
        tls: NIOSSLContext? = nil, keepsRequests: Bool = true,
        answer: @escaping @Sendable (Request) -> Answer = { _ in .status(200) }
    ) {
        self.tls = tls
        state = Mutex(State(answer: answer, keepsRequests: keepsRequests))
    }

    /// Listens on a port; without one on any that is free.
    ///
    /// - Returns: The port.
    @discardableResult
    public func open(port: Int = 0) async throws -> Int {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 1_024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture { try prepare(channel) }
            }
            .bind(host: "127.0.0.1", port: port).get()
        server.withLock { $0 = channel }
        return channel.localAddress?.port ?? 0
    }

    /// Stops listening and breaks every connection.
    public func close() async {
        let channel = server.withLock { server in
            defer { server = nil }
            return server
        }
        // What is closed already need not be closed again.
        try? await channel?.close().get()
        for child in children.withLock({ Array($0.values) }) { try? await child.close().get() }  // As above.
    }

    /// What was sent so far, in the order in which it came.
    public var requests: [Request] { state.withLock { $0.requests } }

    /// How many connections were made.
    public var connections: Int { state.withLock { $0.connections } }

    /// Answers differently from now on.
    public func answer(with answer: @escaping @Sendable (Request) -> Answer) { state.withLock { $0.answer = answer } }

    private func prepare(_ channel: any Channel) throws {
        let name = ObjectIdentifier(channel)
        children.withLock { $0[name] = channel }
        channel.closeFuture.whenComplete { [self] _ in children.withLock { $0[name] = nil } }
        state.withLock { $0.connections += 1 }
        let pipeline = channel.pipeline.syncOperations
        if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
        try pipeline.configureHTTPServerPipeline(withErrorHandling: false)
        try pipeline.addHandler(EndpointHandler(self))
    }

    fileprivate func take(_ request: Request) -> Answer {
        let answer = state.withLock { state in
            if state.keepsRequests { state.requests.append(request) }
            return state.answer
        }
        return answer(request)
    }
}

/// Reads whole requests and answers them.
private final class EndpointHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let endpoint: WebhookEndpoint
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []

    init(_ endpoint: WebhookEndpoint) { self.endpoint = endpoint }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): (self.head, body) = (head, [])
        case .body(let part): body += part.readableBytesView
        case .end:
            guard let head else { return }
            let headers = Dictionary(
                head.headers.map { ($0.name.lowercased(), $0.value) }, uniquingKeysWith: { "\($0), \($1)" })
            answer(endpoint.take(.init(target: head.uri, headers: headers, body: body)), head, context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func answer(
        _ answer: WebhookEndpoint.Answer, _ request: HTTPRequestHead, _ context: ChannelHandlerContext
    ) {
        switch answer {
        case .status(let code, let headers, let body):
            var fields = HTTPHeaders(headers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
            fields.add(name: "content-length", value: "\(body.utf8.count)")
            write(code, fields, context)
            if !body.isEmpty { write(body, context) }
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        case .hang: break
        case .reset:
            // Without lingering a close is a reset.
            let channel = context.channel
            (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
                .whenComplete { _ in channel.close(promise: nil) }
        case .slowBody(let code):
            write(code, ["content-length": "1000"], context)
            write("slow", context)
            context.flush()
        case .endlessBody(let code):
            write(code, ["transfer-encoding": "chunked"], context)
            for _ in 0..<64 { write(String(repeating: "x", count: 16_384), context) }
            context.flush()
        }
    }

    private func write(_ code: Int, _ headers: HTTPHeaders, _ context: ChannelHandlerContext) {
        let head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: code), headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
    }

    private func write(_ text: String, _ context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
    }
}
