import Glibc
import StatesLanguage

extension Surroundings {
    /// The machine's own clock and chance.
    ///
    /// - Parameter variable: The environment, for the crash points of `CrashPoints`.
    /// - Returns: Surroundings for a program; a test makes its own.
    public static func system(variable: (String) -> String?) -> Surroundings {
        Surroundings(
            clock: ContinuousClock(), now: { wallTime() }, random: { UInt64.random(in: .min ... .max) },
            reached: CrashPoints.handler(variable: variable))
    }

    /// The wall's time in milliseconds.
    private static func wallTime() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(millisecondsSinceEpoch: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
