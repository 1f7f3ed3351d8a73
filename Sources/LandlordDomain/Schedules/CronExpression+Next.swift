public import StatesLanguage

extension CronExpression {
    /// How far a date may be away: a leap day that is a certain day of the week comes at least every forty years.
    private static let horizonYears: Int64 = 50

    /// The first moment after another one at which the clocks of a place show what the expression asks for.
    ///
    /// Where clocks are put forward, what falls into the hour that is left out is due once, at the moment of the
    /// change. Where they are put back, what falls into the hour that comes twice is due the first time only. An
    /// expression for every hour goes by the time that passes: nothing for the hour that does not exist, twice for the
    /// one that comes twice. (Vixie cron keeps both rules.)
    ///
    /// - Returns: Nil where none comes within 50 years.
    public func next(after moment: Timestamp, in zone: TimeZoneRules) -> Timestamp? {
        var second = moment.millisecondsSinceEpoch.flooredQuotient(dividingBy: 1_000) + 1
        let horizon = second + Self.horizonYears * 366 * CivilDay.secondCount
        while second < horizon {
            let period = zone.period(at: second)
            if let found = next(at: second, in: period, horizon: horizon) {
                return Timestamp(millisecondsSinceEpoch: found * 1_000)
            }
            second = period.end
        }
        return nil
    }

    /// The first fitting second from `second` on, while the clocks are as they are.
    private func next(at second: Int64, in period: TimeZoneRules.Period, horizon: Int64) -> Int64? {
        var lowest = second + period.offset
        if !isOfEveryHour, let start = period.start {
            let (before, after) = (start + period.offsetBefore, start + period.offset)
            if second == start, after > before, firstLocal(from: before, before: after) != nil { return start }
            lowest = max(lowest, before)
        }
        let end = min(period.end, horizon) + period.offset
        return firstLocal(from: lowest, before: end).map { $0 - period.offset }
    }

    /// The first second that fits on the clocks themselves, from `lowest` on and before `end`.
    private func firstLocal(from lowest: Int64, before end: Int64) -> Int64? {
        let minute = (lowest + 59).flooredQuotient(dividingBy: 60)
        var day = CivilDay(number: minute.flooredQuotient(dividingBy: 1_440))
        var minuteOfDay = Int(minute - day.number * 1_440)
        while day.start < end {
            guard months.contains(day.month) else {
                (day, minuteOfDay) = (day.firstOfNextMonth(), 0)
                continue
            }
            if isDue(on: day), let found = firstMinute(from: minuteOfDay) {
                let second = day.start + Int64(found) * 60
                return second < end ? second : nil
            }
            (day, minuteOfDay) = (day.next(), 0)
        }
        return nil
    }

    private func isDue(on day: CivilDay) -> Bool {
        let (fitsDate, fitsWeekday) = (days.contains(day.day), weekdays.contains(day.weekday))
        return eitherDayIsEnough ? fitsDate || fitsWeekday : fitsDate && fitsWeekday
    }

    /// The first fitting minute of a day from `lowest` on.
    private func firstMinute(from lowest: Int) -> Int? {
        let hour = lowest / 60
        if hours.contains(hour), let minute = minutes.first(atOrAfter: lowest % 60) { return hour * 60 + minute }
        guard let later = hours.first(atOrAfter: hour + 1), let minute = minutes.first(atOrAfter: 0) else { return nil }
        return later * 60 + minute
    }
}
