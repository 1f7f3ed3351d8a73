import Testing

/// One wall of the house: what it forbids, why, and how it is found.
struct Rule: Sendable, CustomTestStringConvertible {
    /// What a report shows of one breach.
    struct Breach: Sendable, Hashable, CustomStringConvertible {
        let path: String
        let line: Int
        let reason: String

        var description: String { "\(path):\(line): \(reason)" }
    }

    /// A sentence that starts where "the sources keep the rule:" ends.
    let name: String
    /// What breaks otherwise, for the person who reads the report.
    let reason: String
    /// Which files the rule looks at.
    let applies: @Sendable (SourceFile) -> Bool
    /// The lines that break it.
    let find: @Sendable (SourceFile) -> [Int]

    var testDescription: String { name }

    init(
        _ name: String, because reason: String, in applies: @escaping @Sendable (SourceFile) -> Bool,
        find: @escaping @Sendable (SourceFile) -> [Int]
    ) {
        self.name = name
        self.reason = reason
        self.applies = applies
        self.find = find
    }

    /// Every breach of the rule in a file.
    func breaches(in file: SourceFile) -> [Breach] {
        guard applies(file) else { return [] }
        return find(file).map { Breach(path: file.path, line: $0, reason: "\(name): \(reason)") }
    }

    /// A rule that forbids words in the code of a file.
    static func words(
        _ words: String..., name: String, because reason: String,
        in applies: @escaping @Sendable (SourceFile) -> Bool
    ) -> Rule {
        Rule(name, because: reason, in: applies) { $0.lines(of: words, in: \.code) }
    }
}
