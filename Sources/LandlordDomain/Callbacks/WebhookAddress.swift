/// The address of a webhook, taken apart strictly.
///
/// Everything that two readers of addresses could read differently is refused (a user, a fragment, letters beyond
/// ASCII, odd characters), so that the host that is checked is the host that is connected to.
public struct WebhookAddress: Sendable, Hashable {
    /// Why a text is no address of a webhook, as the rest of a sentence that begins with it.
    public struct Problem: Error, Sendable, Hashable, CustomStringConvertible {
        /// What is wrong.
        public let description: String

        init(_ description: String) { self.description = description }
    }

    /// The longest address, in bytes.
    public static let byteLimit = 2_048

    /// Whether the connection is encrypted: `https`, otherwise `http`.
    public let isEncrypted: Bool
    /// The host in lowercase, without brackets and without a last dot.
    public let host: String
    /// The port, the scheme's own where the address names none.
    public let port: Int
    /// The path and what follows it, from its slash.
    public let target: String
    /// The host where it is an address by itself; nil for a name.
    public let literal: IPAddress?

    /// Takes an address apart.
    public init(_ text: String) throws(Problem) {
        guard text.utf8.count <= Self.byteLimit, text.utf8.allSatisfy(Self.isPlain) else {
            throw Problem("must be an http or https address of at most \(Self.byteLimit) plain characters")
        }
        guard let colon = text.firstRange(of: "://") else { throw Problem(Self.schemeRule) }
        switch text[..<colon.lowerBound].lowercased() {
        case "https": isEncrypted = true
        case "http": isEncrypted = false
        default: throw Problem(Self.schemeRule)
        }
        let rest = text[colon.upperBound...]
        let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        guard !rest[end...].contains("#") else { throw Problem("must not have a part behind '#', which is never sent") }
        (host, port) = try Self.authority(rest[..<end], fallback: isEncrypted ? 443 : 80)
        literal = IPAddress(host)
        let tail = String(rest[end...])
        target = tail.hasPrefix("/") ? tail : "/" + tail
    }

    private static let schemeRule = "must be an http or https address of at most \(byteLimit) plain characters"

    /// The host as an address writes it: an IPv6 address in brackets.
    public var writtenHost: String { host.contains(":") ? "[\(host)]" : host }

    /// Scheme, host and port: what shares connections.
    public var origin: String { "\(isEncrypted ? "https" : "http")://\(writtenHost):\(port)" }

    /// The address as it is asked for.
    public var text: String { origin + target }

    /// Whether the address itself says that it is this machine: a name that merely leads here is another matter.
    public var namesLoopback: Bool { host == "localhost" || literal?.reach == .loopback }

    private static func authority(
        _ text: Substring, fallback: Int
    ) throws(Problem) -> (host: String, port: Int) {
        guard !text.contains("@") else {
            throw Problem("must not carry a user or a password; requests are signed with the secret instead")
        }
        if text.first == "[" {
            guard let close = text.firstIndex(of: "]"),
                case let inner = text[text.index(after: text.startIndex)..<close],
                let address = IPAddress(String(inner)), address.isVersion6
            else { throw Problem("must have an IPv6 address between its brackets") }
            return (inner.lowercased(), try port(text[text.index(after: close)...], fallback))
        }
        let end = text.firstIndex(of: ":") ?? text.endIndex
        var host = text[..<end].lowercased()
        if host.hasSuffix(".") { host.removeLast() }
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        guard host.utf8.count <= 253, labels.allSatisfy(isLabel) else {
            throw Problem("must name its host in letters, digits, hyphens and dots (other alphabets as xn--...)")
        }
        return (host, try port(text[end...], fallback))
    }

    private static func port(_ text: Substring, _ fallback: Int) throws(Problem) -> Int {
        guard !text.isEmpty else { return fallback }
        let digits = text.dropFirst()
        guard text.first == ":", (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39) ~= $0 }),
            let port = Int(digits), (1...65_535).contains(port)
        else { throw Problem("must have a port from 1 to 65535 behind its host, or none") }
        return port
    }

    private static func isLabel(_ label: Substring) -> Bool {
        (1...63).contains(label.utf8.count)
            && label.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
                    UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }

    /// Printable, and none of the characters that must be written in percent form.
    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x21...0x7E).contains(byte) && !"\"<>\\^`{|}".utf8.contains(byte)
    }
}

/// Which webhooks the configuration allows, and which addresses they may lead to.
public struct WebhookPolicy: Sendable, Hashable {
    /// Permits webhooks to this machine, without encryption too.
    public var allowsLoopback: Bool
    /// Patterns of hosts; empty for any public host.
    ///
    /// A pattern is a name, or `*.` and a name for everything below it.
    public var allowedHosts: [String]

    /// Describes what is allowed.
    public init(allowsLoopback: Bool = false, allowedHosts: [String] = []) {
        self.allowsLoopback = allowsLoopback
        self.allowedHosts = allowedHosts
    }

    /// Why an address must not be asked, before its name is resolved; nil where it may.
    public func refusal(of address: WebhookAddress) -> DeliveryFailure? {
        if address.namesLoopback {
            guard !allowsLoopback else { return nil }
            return DeliveryFailure(
                .destinationRefused, "\(address.host) is this machine; callbacks.allow_loopback_http would permit it")
        }
        guard address.isEncrypted else {
            return DeliveryFailure(.destinationRefused, "\(address.origin) is not encrypted; webhooks need https")
        }
        guard allowedHosts.isEmpty || allowedHosts.contains(where: { Self.matches(address.host, $0.lowercased()) })
        else { return DeliveryFailure(.destinationRefused, "\(address.host) is not in callbacks.allowed_hosts") }
        return address.literal.flatMap { refusal(of: address, at: $0) }
    }

    /// Why an address must not be connected to, now that its name is resolved; nil where it may.
    public func refusal(of address: WebhookAddress, at found: IPAddress) -> DeliveryFailure? {
        switch found.reach {
        case .everywhere: return nil
        case .loopback where address.namesLoopback && allowsLoopback: return nil
        case .loopback: return refused(address, found, "this machine")
        case .nowhere(let kind): return refused(address, found, kind)
        }
    }

    private func refused(_ address: WebhookAddress, _ found: IPAddress, _ kind: String) -> DeliveryFailure {
        DeliveryFailure(.addressRefused, "\(address.host) leads to \(found), which is \(kind)")
    }

    private static func matches(_ host: String, _ pattern: String) -> Bool {
        if pattern == "*" { return true }
        guard pattern.hasPrefix("*.") else { return host == pattern }
        return host.hasSuffix(pattern.dropFirst()) && host.utf8.count >= pattern.utf8.count
    }
}
