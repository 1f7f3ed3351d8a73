/// What a theme file says, as read from YAML and not yet understood.
///
/// The console does not read YAML itself; whoever does hands over this tree, with every scalar as the text that stood
/// in the file.
public indirect enum ThemeNode: Hashable, Sendable {
    case scalar(String)
    case mapping([String: ThemeNode])
    case sequence([ThemeNode])
}

/// A theme file: where it came from and the mapping at its top.
public struct ThemeDocument: Hashable, Sendable {
    /// The file, for messages.
    public let source: String
    /// The mapping at the file's top.
    public let root: [String: ThemeNode]

    /// Takes a tree that somebody else has read.
    public init(source: String, root: [String: ThemeNode]) {
        self.source = source
        self.root = root
    }

    /// Returns a section with its keys flattened, so that `toast: {error: red}` reads as `toast.error: red`.
    func section(_ name: String, problems: inout [ThemeProblem]) -> [(key: String, text: String)] {
        guard let node = root[name] else { return [] }
        guard case .mapping(let entries) = node else {
            problems.append(ThemeProblem(path: name, message: "must be a mapping of names to values"))
            return []
        }
        return flattened(entries, path: name, prefix: "", problems: &problems).sorted { $0.key < $1.key }
    }

    private func flattened(
        _ entries: [String: ThemeNode], path: String, prefix: String, problems: inout [ThemeProblem]
    ) -> [(key: String, text: String)] {
        var found: [(key: String, text: String)] = []
        for (key, node) in entries {
            switch node {
            case .scalar(let text): found.append((prefix + key, text))
            case .mapping(let inner):
                found += flattened(inner, path: path, prefix: prefix + key + ".", problems: &problems)
            case .sequence:
                problems.append(ThemeProblem(path: "\(path).\(prefix)\(key)", message: "must be one value, not a list"))
            }
        }
        return found
    }
}

/// One thing that is wrong in a theme file.
public struct ThemeProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// The key, from the top: `status.failed`.
    public let path: String
    /// What is wrong with it; the sentence's subject is the key.
    public let message: String

    /// Names the key and what is wrong with it.
    public init(path: String, message: String) {
        self.path = path
        self.message = message
    }

    /// The key and what is wrong with it, as one line.
    public var description: String { "\(path): \(message)" }
}
