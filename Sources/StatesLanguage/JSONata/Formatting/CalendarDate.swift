/// A moment taken apart into the parts that date pictures name.
struct CalendarDate {
    static let dayLength: Int64 = 86_400_000

    let year: Int
    /// From 1.
    let month: Int
    let day: Int
    let hour: Int
    let minute: Int
    let second: Int
    let millisecond: Int
    /// Days since 1970-01-01.
    private let days: Int64

    init(milliseconds: Int64) {
        let day = milliseconds.floored(by: Self.dayLength)
        let rest = Int(milliseconds - day * Self.dayLength)
        days = day
        let civil = Timestamp.civil(days: day)
        (year, month, self.day) = (Int(civil.year), Int(civil.month), Int(civil.day))
        hour = rest / 3_600_000
        minute = rest / 60_000 % 60
        second = rest / 1_000 % 60
        millisecond = rest % 1_000
    }

    var dayOfYear: Int { Int(days - Self.days(year, 1)) + 1 }

    /// Monday is 1, Sunday 7.
    var dayOfWeek: Int { Self.dayOfWeek(days) }

    private static func dayOfWeek(_ days: Int64) -> Int { Int((days + 3) - (days + 3).floored(by: 7) * 7) + 1 }

    /// The days from 1970 to the first of a month; a month beyond 12 runs over into the next years.
    static func days(_ year: Int, _ month: Int) -> Int64 {
        let (extra, index) = (
            Int64(month - 1).floored(by: 12), (month - 1) - Int(Int64(month - 1).floored(by: 12)) * 12
        )
        return Int64(Timestamp.days(year: year + Int(extra), month: index + 1, day: 1))
    }

    /// The Monday of the week that holds the first Thursday of a year or month: there its first week begins.
    private static func firstWeek(_ year: Int, _ month: Int) -> Int64 {
        let start = days(year, month)
        let weekday = dayOfWeek(start)
        return weekday > 4 ? start + Int64(8 - weekday) : start - Int64(weekday - 1)
    }

    private func week(from start: Int64) -> Int { Int((days - start).floored(by: 7)) + 1 }

    /// The ISO week of the year.
    var weekOfYear: Int {
        if days >= Self.firstWeek(year + 1, 1) { return 1 }
        let start = Self.firstWeek(year, 1)
        return days < start ? week(from: Self.firstWeek(year - 1, 1)) : week(from: start)
    }

    /// The week of the month, counted by the same rule.
    var weekOfMonth: Int {
        if days >= Self.firstWeek(year, month + 1) { return 1 }
        let start = Self.firstWeek(year, month)
        return days < start ? week(from: Self.firstWeek(year, month - 1)) : week(from: start)
    }

    /// The year that the ISO week belongs to.
    var yearOfWeek: Int {
        days >= Self.firstWeek(year + 1, 1) ? year + 1 : days < Self.firstWeek(year, 1) ? year - 1 : year
    }

    /// The month that the week belongs to.
    var monthOfWeek: Int {
        if days >= Self.firstWeek(year, month + 1) { return month % 12 + 1 }
        return days < Self.firstWeek(year, month) ? (month + 10) % 12 + 1 : month
    }
}

extension Int64 {
    /// The quotient rounded down, also for negative numbers.
    func floored(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
