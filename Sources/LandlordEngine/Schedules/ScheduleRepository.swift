public import LandlordDomain
public import StatesLanguage

/// Where schedules are kept; a step and its lines of history are one transaction.
public protocol ScheduleRepository: Sendable {
    /// The schedule with this name.
    func schedule(_ name: String) async throws(RepositoryError) -> Schedule?

    /// Keeps a schedule that is new; its history goes on behind that of an earlier one of the name.
    ///
    /// - Throws: `.conflict` where there is one of the name.
    func create(_ step: ScheduleStep) async throws(RepositoryError)

    /// Writes a step.
    ///
    /// - Throws: `.stale` where somebody was faster.
    func save(_ step: ScheduleStep) async throws(RepositoryError)

    /// Removes a schedule; its history stays.
    ///
    /// - Throws: `.stale` where somebody was faster.
    func delete(_ step: ScheduleStep) async throws(RepositoryError)

    /// A window on the schedules, newest first.
    func page(_ query: ScheduleQuery) async throws(RepositoryError) -> Page<Schedule>

    /// What was done with a schedule, newest first.
    func history(of name: String, limit: Int) async throws(RepositoryError) -> [ScheduleEvent]

    /// Schedules whose starts are under way, by name, behind `name`.
    func starting(after name: String, limit: Int) async throws(RepositoryError) -> [Schedule]

    /// Schedules that are due, earliest first, behind the place of `schedule` in that order.
    func due(at now: Timestamp, after schedule: Schedule?, limit: Int) async throws(RepositoryError) -> [Schedule]

    /// Schedules of which a moment waits, by name, behind `name`.
    func waiting(after name: String, limit: Int) async throws(RepositoryError) -> [Schedule]

    /// When the next one is due, after a moment where there is one; nil for never.
    func nextDue(after moment: Timestamp?) async throws(RepositoryError) -> Timestamp?
}
