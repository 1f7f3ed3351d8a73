import StatesLanguage
import Testing

@testable import LandlordDomain

@Suite struct CronExpressionTests {
    @Test(arguments: [
        ("", 1, "needs five fields"), ("* * * *", 8, "has 4"), ("* * * * * *", 11, "has 6"),
        ("60 * * * *", 1, "'60' as the minute, which must be 0 to 59"), ("* 24 * * *", 3, "hour"),
        ("* * 0 * *", 5, "day of the month"), ("* * * 13 *", 7, "or a name such as 'jan'"), ("* * * * 8", 9, "0 to 7"),
        ("1,2,x * * * *", 5, "'x'"), ("5-1 * * * *", 1, "runs backwards"), ("1-2-3 * * * *", 1, "two ends"),
        ("*/0 * * * *", 3, "whole number from 1"), ("*/ * * * *", 3, "whole number"), ("1/2/3 * * * *", 1, "one step"),
        (", * * * *", 1, "''"), ("? * * * *", 1, "'?'"), ("+1 * * * *", 1, "'+1'"), ("1-x * * * *", 3, "'x'"),
        ("@often", 1, "'@often' is not one of @annually"), ("@daily x", 1, "not one of"),
        ("0 0 30 2 *", 5, "never comes"), ("0 0 31 4,6,9,11 */2", 5, "never comes"),
        ("0 0 99999999999999999999 * *", 5, "day of the month"),
    ])
    func `what is wrong is said with its place`(text: String, column: Int, words: String) {
        let problem = #expect(throws: CronProblem.self) { try CronExpression(parsing: text) }
        #expect(problem?.column == column)
        #expect(problem?.message.contains(words) == true, "\(problem?.message ?? "")")
    }

    @Test(arguments: [
        ("* * * * *", "2026-11-26T22:00:00Z", "2026-11-26T22:01:00Z"),
        ("* * * * *", "2026-11-26T22:00:59.999Z", "2026-11-26T22:01:00Z"),
        ("*/15 * * * *", "2026-11-26T22:01:00Z", "2026-11-26T22:15:00Z"),
        ("5/20 * * * *", "2026-11-26T22:26:00Z", "2026-11-26T22:45:00Z"),
        ("0 6 * * mon-fri", "2026-11-27T06:00:00Z", "2026-11-30T06:00:00Z"),
        ("0 6 * * 5-7", "2026-11-27T06:00:00Z", "2026-11-28T06:00:00Z"),
        ("0 0 * * 7", "2026-11-26T00:00:00Z", "2026-11-29T00:00:00Z"),
        ("0 0 * * 7/2", "2026-11-26T00:00:00Z", "2026-11-29T00:00:00Z"),
        ("30 4 1,15 * 5", "2026-11-26T22:00:00Z", "2026-11-27T04:30:00Z"),
        ("30 4 1,15 * 5", "2026-11-27T04:30:00Z", "2026-12-01T04:30:00Z"),
        ("0 0 */2 * mon", "2026-11-26T22:00:00Z", "2026-12-07T00:00:00Z"),
        ("0 0 29 feb ?", "2026-11-26T22:00:00Z", "2028-02-29T00:00:00Z"),
        ("0 0 29 2 */6", "2026-11-26T22:00:00Z", "2032-02-29T00:00:00Z"),
        ("@yearly", "2026-11-26T22:00:00Z", "2027-01-01T00:00:00Z"),
        ("@Hourly", "2026-11-26T22:00:00Z", "2026-11-26T23:00:00Z"),
        ("59 23 31 12 *", "1969-12-31T23:58:00Z", "1969-12-31T23:59:00Z"),
    ])
    func `the next moment is the first that fits`(text: String, after: String, expected: String) throws {
        #expect(try CronExpression(parsing: text).next(after: Timestamp(after), in: .utc) == Timestamp(expected))
    }

    @Test(arguments: [
        // Berlin goes from 02:00 to 03:00 on 29 March 2026, at 01:00 UTC.
        ("30 2 * * *", "2026-03-28T02:00:00Z", ["2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"]),
        ("*/15 2 * * *", "2026-03-28T02:00:00Z", ["2026-03-29T01:00:00Z", "2026-03-30T00:00:00Z"]),
        ("0 3 * * *", "2026-03-28T12:00:00Z", ["2026-03-29T01:00:00Z", "2026-03-30T01:00:00Z"]),
        ("30 * * * *", "2026-03-29T00:00:00Z", ["2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z"]),
        // And from 03:00 back to 02:00 on 25 October, at 01:00 UTC.
        ("30 2 * * *", "2026-10-24T12:00:00Z", ["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"]),
        ("30 2 * * *", "2026-10-25T00:30:00Z", ["2026-10-26T01:30:00Z"]),
        ("30 2 * * *", "2026-10-25T01:10:00Z", ["2026-10-26T01:30:00Z"]),
        ("0 3 * * *", "2026-10-24T12:00:00Z", ["2026-10-25T02:00:00Z"]),
        (
            "30 * * * *", "2026-10-24T23:40:00Z",
            ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-25T02:30:00Z"]
        ),
    ])
    func `clocks that are put forward and back lose nothing and double nothing`(
        text: String, after: String, expected: [String]
    ) throws {
        let expression = try CronExpression(parsing: text)
        var moment = Timestamp(after)
        for wanted in expected {
            moment = try #require(expression.next(after: moment, in: Zones.berlin))
            #expect(moment == Timestamp(wanted))
        }
    }

    /// The same question answered by looking at every minute of the time that passes.
    private func walked(_ expression: CronExpression, after: Int64, in zone: TimeZoneRules, days: Int64) -> Int64? {
        var seen = after + zone.offset(at: after)
        if after.isMultiple(of: 60) == false { seen = (after / 60 * 60) + zone.offset(at: after / 60 * 60) }
        for minute in (after / 60 + 1)...(after / 60 + days * 1_440) {
            let second = minute * 60
            let local = second + zone.offset(at: second)
            if local > seen + 60, !expression.isOfEveryHour {
                // Clocks were put forward: the minutes that were left out.
                if stride(from: seen + 60, to: local, by: 60).contains(where: { shows($0, expression) }) {
                    return second
                }
            }
            if local > seen || expression.isOfEveryHour {
                if shows(local, expression) { return second }
                seen = expression.isOfEveryHour ? local : max(seen, local)
            }
        }
        return nil
    }

    private func shows(_ local: Int64, _ expression: CronExpression) -> Bool {
        let day = CivilDay(number: local.flooredQuotient(dividingBy: CivilDay.secondCount))
        let minute = Int(local - day.start) / 60
        let isDate = expression.days.contains(day.day)
        let isWeekday = expression.weekdays.contains(day.weekday)
        return expression.minutes.contains(minute % 60) && expression.hours.contains(minute / 60)
            && expression.months.contains(day.month)
            && (expression.eitherDayIsEnough ? isDate || isWeekday : isDate && isWeekday)
    }

    @Test(arguments: 0..<6) func `it agrees with looking at every minute`(seed: Int) throws {
        let dice = Dice(seed)
        let zone = Zones.all[seed]
        for _ in 0..<150 {
            func field(_ low: Int, _ high: Int) -> String {
                let number = low + dice.below(high - low + 1)
                switch dice.below(5) {
                case 0: return "*"
                case 1: return "*/\(1 + dice.below(9))"
                case 2: return "\(number)-\(number + dice.below(high - number + 1))"
                default: return "\(number)"
                }
            }
            let fields = [field(0, 59), field(0, 23), "*", "*", dice.oneIn(3) ? field(0, 6) : "*"]
            let expression = try CronExpression(parsing: fields.joined(separator: " "))
            // Around the changes of the clocks in Europe, in America and in Australia.
            let change = dice.pick([
                1_774_746_000, 1_792_890_000, 1_772_953_200, 1_793_512_800, 1_775_314_800, 1_790_955_000,
            ])
            let after = Int64(change + dice.below(4 * 3_600) - 2 * 3_600)
            let expected = walked(expression, after: after, in: zone, days: 8)
            let found = expression.next(after: Timestamp(millisecondsSinceEpoch: after * 1_000), in: zone)
            #expect(
                found.map { $0.millisecondsSinceEpoch / 1_000 } == expected,
                "\(expression.text) after \(after) in \(zone.name)")
        }
    }
}
