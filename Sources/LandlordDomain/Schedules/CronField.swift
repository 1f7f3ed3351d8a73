/// One of the five fields of a cron expression: its range, and the words that stand for numbers.
struct CronField {
    /// Numbers from 0 to 59, a bit for each.
    struct Set: Hashable, Sendable {
        private(set) var bits: UInt64 = 0

        mutating func insert(_ number: Int) { bits |= 1 << UInt64(number) }

        func contains(_ number: Int) -> Bool { bits & (1 << UInt64(number)) != 0 }

        /// The lowest number that is not below `number`; nil for none.
        func first(atOrAfter number: Int) -> Int? {
            guard number < 64 else { return nil }
            let rest = bits & (UInt64.max << UInt64(number))
            return rest == 0 ? nil : rest.trailingZeroBitCount
        }
    }

    /// A field as it was written, and where.
    struct Word {
        let text: String
        let column: Int
    }

    let name: String
    let range: ClosedRange<Int>
    /// Words that stand for numbers, the first for the lowest.
    var names: [String] = []
    /// Whether `?` may stand for `*`.
    var hasQuestionMark = false

    static let minute = CronField(name: "minute", range: 0...59)
    static let hour = CronField(name: "hour", range: 0...23)
    static let all = [
        minute, hour,
        CronField(name: "day of the month", range: 1...31, hasQuestionMark: true),
        CronField(
            name: "month", range: 1...12,
            names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]),
        CronField(
            name: "day of the week", range: 0...7, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
            hasQuestionMark: true),
    ]

    /// The last number of the whole: of 0 to 7 the seven is only another word for zero.
    private var last: Int { range.upperBound == 7 ? 6 : range.upperBound }

    /// The whole range.
    var all: Set {
        var set = Set()
        for number in range { set.insert(number) }
        return set
    }

    /// Reads a list of ranges.
    ///
    /// - Throws: What is wrong with it and where.
    func read(_ word: Word) throws(CronProblem) -> Set {
        var set = Set()
        var column = word.column
        for part in word.text.split(separator: ",", omittingEmptySubsequences: false) {
            for number in try numbers(of: part, at: column) {
                // Seven is Sunday too.
                set.insert(range.upperBound == 7 ? number % 7 : number)
            }
            column += part.count + 1
        }
        return set
    }

    private func numbers(of part: Substring, at column: Int) throws(CronProblem) -> StrideThrough<Int> {
        let pieces = part.split(separator: "/", omittingEmptySubsequences: false)
        guard pieces.count <= 2, let base = pieces.first else {
            throw CronProblem(column, "has more than one step in '\(part)'")
        }
        var bounds = try bounds(of: base, at: column)
        guard pieces.count == 2 else { return stride(from: bounds.lowerBound, through: bounds.upperBound, by: 1) }
        guard let step = Self.number(pieces[1]), step >= 1 else {
            throw CronProblem(column + base.count + 1, "needs a whole number from 1 behind the '/' of the \(name)")
        }
        // A single number with a step begins there and goes on to the end, as in 5/15.
        if !base.contains("-"), bounds.count == 1 { bounds = bounds.lowerBound...max(bounds.lowerBound, last) }
        return stride(from: bounds.lowerBound, through: bounds.upperBound, by: step)
    }

    private func bounds(of base: Substring, at column: Int) throws(CronProblem) -> ClosedRange<Int> {
        if base == "*" || (base == "?" && hasQuestionMark) { return range.lowerBound...last }
        let ends = base.split(separator: "-", omittingEmptySubsequences: false)
        let first = try number(ends.first ?? "", at: column)
        guard ends.count > 1 else { return first...first }
        guard ends.count == 2 else { throw CronProblem(column, "has a range with more than two ends: '\(base)'") }
        let second = try number(ends[1], at: column + ends[0].count + 1)
        guard first <= second else {
            throw CronProblem(
                column, "has a range that runs backwards: '\(base)'; write two, with a comma between them")
        }
        return first...second
    }

    private func number(_ text: Substring, at column: Int) throws(CronProblem) -> Int {
        if let index = names.firstIndex(of: text.lowercased()) { return range.lowerBound + index }
        guard let number = Self.number(text), range.contains(number) else {
            let words = names.isEmpty ? "" : " or a name such as '\(names[0])'"
            throw CronProblem(
                column, "has '\(text)' as the \(name), which must be \(range.lowerBound) to \(range.upperBound)\(words)"
            )
        }
        return number
    }

    private static func number(_ text: Substring) -> Int? {
        guard !text.isEmpty, text.utf8.count <= 4, text.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
        return Int(text)
    }
}
