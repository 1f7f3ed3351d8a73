import AsyncHTTPClient
import Glibc
import LandlordDomain
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// The one place where the errors of the HTTP client and of the network become ours.
enum WebhookTrouble {
    /// What an error of the client means.
    ///
    /// - Parameters:
    ///   - error: Anything that a request may throw.
    ///   - origin: Whom the request was for.
    ///   - limit: How long the attempt could take.
    /// - Returns: The failure in our words.
    static func failure(_ error: any Error, at origin: String, limit: Duration) -> DeliveryFailure {
        switch error {
        case let failure as DeliveryFailure: failure
        case let error as HTTPClientError: clientFailure(error, origin, limit)
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError:
            DeliveryFailure(.tlsFailed, "the encryption with \(origin) failed: \(words(error))")
        case let error as NIOConnectionError:
            error.connectionErrors.first.map { failure($0.error, at: origin, limit: limit) }
                ?? DeliveryFailure(.connectFailed, "\(origin) cannot be connected to")
        case let error as IOError: networkFailure(error, origin)
        case let error as ChannelError: channelFailure(error, origin)
        case is HTTPParserError: DeliveryFailure(.connectionLost, "\(origin) did not answer in HTTP")
        default: DeliveryFailure(.connectionLost, "the connection to \(origin) failed: \(words(error))")
        }
    }

    private static func clientFailure(
        _ error: HTTPClientError, _ origin: String, _ limit: Duration
    ) -> DeliveryFailure {
        switch error {
        case .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout:
            DeliveryFailure(.timeout, "\(origin) did not let itself be connected to in time")
        case .deadlineExceeded, .readTimeout, .writeTimeout:
            DeliveryFailure(.timeout, "\(origin) did not answer within \(limit.inWords)")
        case .remoteConnectionClosed, .uncleanShutdown:
            DeliveryFailure(.connectionLost, "\(origin) ended the connection before its answer")
        case .cancelled: DeliveryFailure(.interrupted, "the process ended before the answer was known")
        default: DeliveryFailure(.connectionLost, "the request to \(origin) failed: \(error.shortDescription)")
        }
    }

    private static func networkFailure(_ error: IOError, _ origin: String) -> DeliveryFailure {
        let reason = String(cString: strerror(error.errnoCode))
        switch error.errnoCode {
        case ECONNRESET, EPIPE, ENOTCONN:
            return DeliveryFailure(.connectionLost, "\(origin) ended the connection before its answer")
        case ETIMEDOUT: return DeliveryFailure(.timeout, "\(origin) did not let itself be connected to in time")
        default: return DeliveryFailure(.connectFailed, "\(origin) cannot be connected to: \(reason)")
        }
    }

    private static func channelFailure(_ error: ChannelError, _ origin: String) -> DeliveryFailure {
        switch error {
        case .connectTimeout: DeliveryFailure(.timeout, "\(origin) did not let itself be connected to in time")
        default: DeliveryFailure(.connectionLost, "\(origin) ended the connection before its answer")
        }
    }

    /// The library's words on one line, without the memory addresses that some of them carry.
    private static func words(_ error: any Error) -> String {
        "\(error)".split(whereSeparator: \.isNewline).joined(separator: " ").clipped(toBytes: 200)
    }
}

/// What has been read of an answer so far, which may be wanted before all of it is there.
final class AnswerBeginning: Sendable {
    private let bytes = Mutex<[UInt8]>([])

    /// Reads an answer to its end or its limit; what goes wrong on the way only ends it.
    func read(_ body: HTTPClientResponse.Body, limit: Int) async {
        var count = 0
        do {
            for try await part in body {
                count += part.readableBytes
                bytes.withLock { bytes in
                    let room = DeliveryReport.excerptByteLimit - bytes.count
                    bytes += part.readableBytesView.prefix(max(0, room))
                }
                if count > limit { return }
            }
        } catch {
            // The status has been read, and that is what counts.
            return
        }
    }

    /// The beginning of the answer, nil where there is none.
    var text: String? {
        let bytes = bytes.withLock { $0 }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }
}
