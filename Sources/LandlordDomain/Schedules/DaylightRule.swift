/// How the clocks of a place go on year after year: the footer of a zone's file, in the words of POSIX's `TZ`
/// (RFC 8536, section 3.3.1), as in `CET-1CEST,M3.5.0,M10.5.0/3`.
struct DaylightRule: Sendable, Hashable {
    /// A day and a time of every year.
    struct Change: Sendable, Hashable {
        enum Day: Sendable, Hashable {
            /// The nth of a weekday in a month; 5 is the last.
            case weekday(month: Int, week: Int, weekday: Int)
            /// Counted from 1; 29 February is never counted.
            case counted(Int)
            /// Counted from 0; 29 February is counted.
            case ordinal(Int)
        }

        let day: Day
        /// Seconds behind midnight; may be negative, and more than a day.
        let time: Int64

        /// The second of a year on the clocks that are to be changed.
        func second(in year: Int) -> Int64 {
            switch day {
            case .weekday(let month, let week, let weekday):
                var day = CivilDay(year: year, month: month, day: 1)
                let shift = (weekday - day.weekday + 7) % 7 + (week - 1) * 7
                let number = day.number + Int64(shift)
                day = CivilDay(number: number)
                return (day.month == month ? day.start : day.start - 7 * CivilDay.secondCount) + time
            case .counted(let count):
                let first = CivilDay(year: year, month: 1, day: 1).number
                let isBehindLeapDay = count >= 60 && CivilDay(year: year, month: 3, day: 1).number - first == 60
                return (first + Int64(count - 1 + (isBehindLeapDay ? 1 : 0))) * CivilDay.secondCount + time
            case .ordinal(let count):
                return (CivilDay(year: year, month: 1, day: 1).number + Int64(count)) * CivilDay.secondCount + time
            }
        }
    }

    /// Seconds east of UTC in standard time.
    let standard: Int64
    /// Seconds east of UTC in summer.
    let summer: Int64
    let summerStarts: Change
    let summerEnds: Change

    /// What the clocks are like at a second behind the last transition of a zone's table.
    func period(
        at second: Int64, behind last: TimeZoneRules.Transition?, offset: Int64, before: Int64
    ) -> TimeZoneRules.Period {
        let year = CivilDay(number: (second + standard).flooredQuotient(dividingBy: CivilDay.secondCount)).year
        var (start, current, previous) = (last?.at, offset, before)
        for change in changes(around: year) where change.at > (last?.at ?? .min) && change.offset != current {
            if change.at > second {
                return TimeZoneRules.Period(start: start, end: change.at, offset: current, offsetBefore: previous)
            }
            (start, previous, current) = (change.at, current, change.offset)
        }
        return TimeZoneRules.Period(start: start, end: .max, offset: current, offsetBefore: previous)
    }

    private func changes(around year: Int) -> [TimeZoneRules.Transition] {
        (year - 1...year + 1).flatMap { year in
            [
                TimeZoneRules.Transition(at: summerStarts.second(in: year) - standard, offset: summer),
                TimeZoneRules.Transition(at: summerEnds.second(in: year) - summer, offset: standard),
            ]
        }.sorted { $0.at < $1.at }
    }
}

extension DaylightRule {
    /// Reads a footer.
    ///
    /// - Returns: The offset of standard time, and the rule where there is a summer time; nil for what is no footer.
    static func read(_ footer: [UInt8]) -> (standard: Int64, rule: DaylightRule?)? {
        var reader = FooterReader(bytes: footer)
        guard reader.skipName(), let west = reader.time() else { return nil }
        let standard = -west
        guard !reader.isAtEnd else { return (standard, nil) }
        guard reader.skipName() else { return nil }
        var summer = standard + 3_600
        if !reader.isAt(",") {
            guard let west = reader.time() else { return nil }
            summer = -west
        }
        guard let starts = reader.change(), let ends = reader.change(), reader.isAtEnd else { return nil }
        return (
            standard, DaylightRule(standard: standard, summer: summer, summerStarts: starts, summerEnds: ends)
        )
    }
}

/// Reads the fields of a footer one after another.
private struct FooterReader {
    let bytes: [UInt8]
    var position = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    func isAt(_ scalar: Unicode.Scalar) -> Bool { position < bytes.count && bytes[position] == UInt8(ascii: scalar) }

    mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
        guard isAt(scalar) else { return false }
        position += 1
        return true
    }

    /// Skips the name of a time: letters, or anything between `<` and `>`.
    mutating func skipName() -> Bool {
        let start = position
        if skip("<") {
            while !isAtEnd, !isAt(">") { position += 1 }
            return skip(">")
        }
        while position < bytes.count, Self.isLetter(bytes[position]) { position += 1 }
        return position - start >= 3
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    mutating func number(upTo limit: Int) -> Int? {
        var value: Int?
        while position < bytes.count, case let digit = bytes[position] &- UInt8(ascii: "0"), digit < 10 {
            value = (value ?? 0) * 10 + Int(digit)
            guard let value, value <= limit else { return nil }
            position += 1
        }
        return value
    }

    /// Hours, minutes and seconds with a sign, in seconds.
    mutating func time() -> Int64? {
        let isNegative = skip("-")
        if !isNegative { _ = skip("+") }
        guard let hours = number(upTo: 167) else { return nil }
        var seconds = hours * 3_600
        for unit in [60, 1] where skip(":") {
            guard let number = number(upTo: 59) else { return nil }
            seconds += number * unit
        }
        return Int64(isNegative ? -seconds : seconds)
    }

    mutating func change() -> DaylightRule.Change? {
        guard skip(","), let day = day() else { return nil }
        guard skip("/") else { return DaylightRule.Change(day: day, time: 7_200) }
        return time().map { DaylightRule.Change(day: day, time: $0) }
    }

    private mutating func day() -> DaylightRule.Change.Day? {
        if skip("J") { return number(upTo: 365).flatMap { $0 >= 1 ? .counted($0) : nil } }
        guard skip("M") else { return number(upTo: 365).map { .ordinal($0) } }
        guard let month = number(upTo: 12), month >= 1, skip("."), let week = number(upTo: 5), week >= 1, skip("."),
            let weekday = number(upTo: 6)
        else { return nil }
        return .weekday(month: month, week: week, weekday: weekday)
    }
}
