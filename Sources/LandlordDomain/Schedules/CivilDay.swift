import StatesLanguage

/// A day of the calendar, counted from 1970-01-01 as the clocks of some place show it.
struct CivilDay {
    static let secondCount: Int64 = 86_400

    /// Days since 1970-01-01.
    private(set) var number: Int64
    private(set) var year: Int
    private(set) var month: Int
    private(set) var day: Int

    init(number: Int64) {
        let (year, month, day) = Timestamp.civil(days: number)
        self.number = number
        (self.year, self.month, self.day) = (Int(year), Int(month), Int(day))
    }

    init(year: Int, month: Int, day: Int) {
        number = Int64(Timestamp.days(year: year, month: month, day: day))
        (self.year, self.month, self.day) = (year, month, day)
    }

    /// 0 is Sunday, as cron and POSIX count.
    var weekday: Int { Int((number % 7 + 11) % 7) }

    /// The first second of the day.
    var start: Int64 { number * Self.secondCount }

    private var isLastOfMonth: Bool { day == Timestamp.dayCount(year: year, month: month) }

    /// The day after this one.
    func next() -> CivilDay {
        guard !isLastOfMonth else { return firstOfNextMonth() }
        var next = self
        next.number += 1
        next.day += 1
        return next
    }

    /// The first day of the month after this one.
    func firstOfNextMonth() -> CivilDay {
        month == 12 ? CivilDay(year: year + 1, month: 1, day: 1) : CivilDay(year: year, month: month + 1, day: 1)
    }
}

extension Int64 {
    /// The quotient rounded down, so that what is before the epoch falls into the right day.
    func flooredQuotient(dividingBy divisor: Int64) -> Int64 {
        let (quotient, rest) = quotientAndRemainder(dividingBy: divisor)
        return rest < 0 ? quotient - 1 : quotient
    }
}
