// Regular expressions as JavaScript has them (ECMA-262, without the flag `u`), on a matcher of our own for two
// reasons: it
// counts its steps, so that an expression that backtracks for ever ends with an error and not with the process; and
// it uses a
// stack on the heap, so that no text is too long for it. One difference is wanted: a character is a Unicode scalar
// and not half
// of a surrogate pair.

/// A compiled regular expression.
struct RegularExpression: Sendable, Hashable {
    /// How many steps may be taken back at most: each costs memory.
    static let backtrackLimit = 1_000_000

    let pattern: String
    let ignoresCase: Bool
    let isMultiline: Bool
    let program: RegularExpressionProgram

    /// Compiles a pattern.
    init(_ pattern: String, ignoresCase: Bool = false, isMultiline: Bool = false) throws(RegularExpressionError) {
        self.pattern = pattern
        self.ignoresCase = ignoresCase
        self.isMultiline = isMultiline
        var parser = RegularExpressionParser(pattern)
        let tree = try parser.parse()
        var compiler = RegularExpressionCompiler(
            groupCount: parser.groupCount, ignoresCase: ignoresCase, isMultiline: isMultiline)
        program = try compiler.compile(tree, names: parser.groupNames)
    }

    /// How many groups the pattern captures.
    var groupCount: Int { program.groupCount }

    static func == (left: RegularExpression, right: RegularExpression) -> Bool {
        left.pattern == right.pattern && left.ignoresCase == right.ignoresCase
            && left.isMultiline == right.isMultiline
    }

    func hash(into hasher: inout Hasher) { hasher.combine(pattern) }

    /// The first match at or behind a position; takes its steps from a budget.
    func firstMatch(
        in text: Text, from start: Int, budget: inout Int
    ) throws(RegularExpressionError) -> Match? {
        guard start <= text.scalars.count else { return nil }
        var matcher = RegularExpressionMatcher(program: program, text: text.scalars, budget: budget)
        defer { budget = matcher.budget }
        for position in start...text.scalars.count where try matcher.matches(at: position) {
            return Match(captures: matcher.captures)
        }
        return nil
    }

    /// A text that is searched, as its scalars.
    final class Text: Sendable {
        let scalars: [Unicode.Scalar]
        /// Whether some scalars are two UTF-16 units.
        let hasLargeScalars: Bool

        init(_ text: String) {
            scalars = Array(text.unicodeScalars)
            hasLargeScalars = scalars.contains { $0.value > 0xFFFF }
        }

        func string(_ range: Range<Int>) -> String {
            var text = String.UnicodeScalarView()
            text.append(contentsOf: scalars[range])
            return String(text)
        }

        /// The place of a scalar counted in UTF-16 units, as JavaScript tells it.
        func utf16Offset(of position: Int) -> Int {
            var offset = position
            guard hasLargeScalars else { return offset }
            for scalar in scalars[..<position] where scalar.value > 0xFFFF { offset += 1 }
            return offset
        }
    }

    /// What has been found.
    struct Match: Sendable {
        /// Start and end of the match and of each group in turn; negative for a group that took no part.
        fileprivate let captures: [Int]

        fileprivate init(captures: [Int]) { self.captures = captures }

        var range: Range<Int> { captures[0]..<captures[1] }

        /// The range of a group, counted from 1.
        func group(_ index: Int) -> Range<Int>? {
            let (start, end) = (captures[index * 2], captures[index * 2 + 1])
            return start >= 0 && end >= start ? start..<end : nil
        }
    }
}

/// Why a pattern does not compile, or a search does not end.
struct RegularExpressionError: Error, Sendable, Hashable {
    let message: String

    static let budget = RegularExpressionError(message: "the search takes too many steps")
}
