/// When a schedule is due, as cron says it: minute, hour, day of the month, month and day of the week.
///
/// The rules are crontab(5)'s: numbers, names, ranges, steps and lists; seven is Sunday too; where both days are
/// restricted, either of them is enough, and a day that begins with `*` is no restriction. `?` may stand for `*` in
/// the fields of days.
public struct CronExpression: Sendable, Hashable {
    /// What was written.
    public let text: String
    let minutes: CronField.Set
    let hours: CronField.Set
    let days: CronField.Set
    let months: CronField.Set
    let weekdays: CronField.Set
    /// Whether either day is enough; otherwise both must fit.
    let eitherDayIsEnough: Bool

    /// Every hour, so that the schedule goes by the time that passes and not by what a clock shows.
    var isOfEveryHour: Bool { hours == CronField.hour.all }

    /// The longest expression, in bytes.
    public static let byteLimit = 256

    private static let macros: [String: String] = [
        "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0",
        "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
    ]

    /// Reads an expression.
    ///
    /// - Throws: What is wrong with it and where, counted in characters from one; a date that never comes is wrong too.
    public init(parsing text: String) throws(CronProblem) {
        guard text.utf8.count <= Self.byteLimit else { throw CronProblem(1, "is longer than \(Self.byteLimit) bytes") }
        let words = Self.words(of: text)
        if let first = words.first, first.text.hasPrefix("@") {
            guard words.count == 1, let meaning = Self.macros[first.text.lowercased()] else {
                let known = Self.macros.keys.sorted().joined(separator: ", ")
                throw CronProblem(first.column, "'\(text)' is not one of \(known)")
            }
            try self.init(text, words: Self.words(of: meaning))
        } else {
            try self.init(text, words: words)
        }
    }

    private init(_ text: String, words: [CronField.Word]) throws(CronProblem) {
        let fields = CronField.all
        guard words.count == fields.count else {
            let names = fields.map(\.name).joined(separator: ", ")
            let column = words.count > fields.count ? words[fields.count].column : text.count + 1
            throw CronProblem(column, "needs five fields (\(names)) and has \(words.count)")
        }
        self.text = text
        minutes = try fields[0].read(words[0])
        hours = try fields[1].read(words[1])
        days = try fields[2].read(words[2])
        months = try fields[3].read(words[3])
        weekdays = try fields[4].read(words[4])
        let isFree = [words[2], words[4]].map { $0.text.hasPrefix("*") || $0.text == "?" }
        eitherDayIsEnough = !isFree[0] && !isFree[1]
        guard eitherDayIsEnough || hasADate else {
            throw CronProblem(words[2].column, "names a date that never comes")
        }
    }

    /// Whether one of the months has one of the days; a day of the week comes to every date sooner or later.
    private var hasADate: Bool {
        let lengths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return lengths.indices.contains { months.contains($0 + 1) && (days.first(atOrAfter: 1) ?? 32) <= lengths[$0] }
    }

    private static func words(of text: String) -> [CronField.Word] {
        var words: [CronField.Word] = []
        var word = ""
        for (index, character) in (text + " ").enumerated() {
            if character == " " || character == "\t" {
                if !word.isEmpty { words.append(CronField.Word(text: word, column: index + 1 - word.count)) }
                word = ""
            } else {
                word.append(character)
            }
        }
        return words
    }
}

/// What is wrong with a cron expression.
public struct CronProblem: Error, Sendable, Hashable, CustomStringConvertible {
    /// Where, counted in characters from one.
    public let column: Int
    /// What is wrong, as a sentence without a subject.
    public let message: String

    init(_ column: Int, _ message: String) {
        self.column = column
        self.message = message
    }

    /// The message with its place.
    public var description: String { "\(message) (character \(column))" }
}
