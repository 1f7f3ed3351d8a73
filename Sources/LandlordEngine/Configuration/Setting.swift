/// One value of the configuration, and who said so.
public struct Setting: Sendable, Hashable {
    /// Who said so.
    public enum Origin: Sendable, Hashable, CustomStringConvertible {
        /// Nobody: it is the key's own value.
        case fallback
        /// The file, at a line.
        case file(String, line: Int)
        /// A variable of the environment.
        case environment(String)
        /// An option of the command line.
        case flag(String)

        /// The origin as `landlord doctor` prints it.
        public var description: String {
            switch self {
            case .fallback: "default"
            case .file(let path, let line): "\(path):\(line)"
            case .environment(let name): "$\(name)"
            case .flag(let name): name
            }
        }
    }

    /// What the key holds.
    public enum Value: Sendable, Hashable {
        /// A path, word or name.
        case text(String)
        /// True or false.
        case flag(Bool)
        /// A whole number.
        case count(Int)
        /// A duration.
        case duration(Duration)
        /// Words.
        case list([String])
    }

    /// The key.
    public let key: ConfigurationKey
    /// What it holds.
    public let value: Value
    /// Who said so.
    public let origin: Origin

    /// The value as a person would write it, without passwords.
    public var shown: String {
        switch value {
        case .text(let text): Redaction.withoutPassword(text)
        case .flag(let flag): flag ? "true" : "false"
        case .count(let count): "\(count)"
        case .duration(let duration): DurationText.format(duration)
        case .list(let words): words.joined(separator: ", ")
        }
    }
}

/// Takes secrets out of texts that are shown.
public enum Redaction {
    /// What stands in the place of a secret.
    public static let mark = "********"

    /// An address without the password in it: `postgres://user:secret@host/db` becomes
    /// `postgres://user:********@host/db`.
    ///
    /// Parameters of the address that are named like a secret lose their value too.
    public static func withoutPassword(_ text: String) -> String {
        guard let scheme = text.firstRange(of: "://") else { return text }
        let rest = text[scheme.upperBound...]
        let authorityEnd = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        var authority = String(rest[..<authorityEnd])
        if let at = authority.lastIndex(of: "@"), let colon = authority[..<at].firstIndex(of: ":") {
            authority.replaceSubrange(authority.index(after: colon)..<at, with: mark)
        }
        return text[..<scheme.upperBound] + authority + parameters(String(rest[authorityEnd...]))
    }

    private static func parameters(_ text: String) -> String {
        guard let question = text.firstIndex(of: "?") else { return text }
        let pairs = text[text.index(after: question)...].split(separator: "&", omittingEmptySubsequences: false)
        let shown = pairs.map { pair -> String in
            guard let equals = pair.firstIndex(of: "=") else { return String(pair) }
            let name = pair[..<equals].lowercased()
            let isSecret = ["password", "secret", "token", "key"].contains(where: name.contains)
            return isSecret ? "\(pair[..<equals])=\(mark)" : String(pair)
        }
        return text[...question] + shown.joined(separator: "&")
    }
}
