import LandlordDomain
import Logging
import ServiceLifecycle
import StatesLanguage

/// Starts the runs of schedules when they are due; in the process that drives.
///
/// What is to be started is written down first, with the moment that is dealt with, and then started under a name that
/// follows from the moment: a death anywhere between the two repeats the start of the same run.
struct ScheduleRunner: Service {
    let schedules: any ScheduleRepository
    let runs: any RunStore
    let provider: EmbeddedWorkflowProvider
    let zones: TimeZoneFiles
    let bell: Alarm
    let changes: ChangeHub
    let surroundings: Surroundings
    let logger: Logger

    /// How many schedules are read at once, and how many are seen to at once.
    static let pageLimit = 256
    private static let laneCount = 32
    /// The longest rest while a moment waits for a run to end.
    private static let waitingRest = Duration.milliseconds(500)
    /// The rest after something did not work.
    private static let troubleRest = Duration.seconds(5)

    /// Works until the graceful shutdown begins.
    func run() async throws {
        await Turns(bell: bell, changes: changes, clock: surroundings.clock).run {
            do throws(RepositoryError) {
                return try await turn()
            } catch {
                logger.error("Schedules cannot be read", metadata: [LogKeys.error: "\(error)"])
                return Self.troubleRest
            }
        }
    }

    /// Sees to everything that has something to do.
    ///
    /// - Returns: How long there is nothing to do.
    func turn() async throws(RepositoryError) -> Duration {
        let now = surroundings.now()
        var (rest, isFine) = (Turns.restLimit, true)
        try await each({ last throws(RepositoryError) in
            try await schedules.starting(after: last?.spec.name ?? "", limit: Self.pageLimit)
        }) { isFine = await all($0) && isFine }
        try await each({ last throws(RepositoryError) in
            try await schedules.due(at: now, after: last, limit: Self.pageLimit)
        }) { isFine = await all($0) && isFine }
        try await each({ last throws(RepositoryError) in
            try await schedules.waiting(after: last?.spec.name ?? "", limit: Self.pageLimit)
        }) { waiting in
            rest = Self.waitingRest
            _ = await all(waiting)
        }
        // What did not work is still due, and is not tried again at once; the others are not kept by it.
        if !isFine { rest = min(rest, Self.troubleRest) }
        if let next = try await schedules.nextDue(after: isFine ? nil : now) {
            rest = min(rest, max(.milliseconds(1), next.duration(since: surroundings.now())))
        }
        return rest
    }

    /// Takes a list to its end, a page at a time.
    private func each(
        _ list: (Schedule?) async throws(RepositoryError) -> [Schedule], _ body: ([Schedule]) async -> Void
    ) async throws(RepositoryError) {
        var last: Schedule?
        repeat {
            let page = try await list(last)
            last = page.last
            if !page.isEmpty { await body(page) }
        } while last != nil
    }

    /// Takes each schedule as far as it goes, several at once, so that their commits are shared.
    ///
    /// - Returns: Whether all of it worked.
    private func all(_ schedules: [Schedule]) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            var isFine = true
            for (index, schedule) in schedules.enumerated() {
                if index >= Self.laneCount, await group.next() == false { isFine = false }
                group.addTask { await see(to: schedule) }
            }
            for await result in group where !result { isFine = false }
            return isFine
        }
    }

    /// Takes a schedule as far as it goes at this moment.
    ///
    /// - Returns: Whether it worked; what did not was logged, and is tried again.
    private func see(to found: Schedule) async -> Bool {
        var schedule = found
        do {
            guard let settled = try await settle(schedule) else { return false }
            schedule = settled
            let run = try await schedule.openRun(in: runs)
            let rules = try zones.rules(named: schedule.spec.recurrence.zone)
            if let step = schedule.turn(at: surroundings.now(), isBusy: run != nil, in: rules) {
                try await schedules.save(step)
                schedule = step.schedule
            }
            if schedule.wantsCancellation, let run, run.control != .compensating { await cancel(run, for: schedule) }
            return try await settle(schedule) != nil
        } catch RepositoryError.stale {
            // Somebody was faster; the next turn sees what he has made of it.
            return true
        } catch {
            logger.error(
                "A schedule cannot go on",
                metadata: [LogKeys.schedule: "\(found.spec.name)", LogKeys.error: "\(error)"])
            return false
        }
    }

    /// Starts what is to be started, the earliest first.
    ///
    /// - Returns: The schedule behind it; nil where a start must be tried again.
    private func settle(_ found: Schedule) async throws(RepositoryError) -> Schedule? {
        var schedule = found
        for moment in found.starting {
            let step: ScheduleStep?
            let start = schedule.start(at: moment)
            do throws(WorkflowError) {
                _ = try await provider.startExecution(of: schedule.spec.workflowID, start)
                step = schedule.started(moment, runID: start.executionName, at: surroundings.now())
            } catch {
                guard !error.isRetriable else {
                    logger.warning(
                        "A run cannot be started now",
                        metadata: [LogKeys.schedule: "\(schedule.spec.name)", LogKeys.error: "\(error)"])
                    return nil
                }
                step = schedule.refused(moment, error.description, at: surroundings.now())
            }
            if let step {
                try await schedules.save(step)
                schedule = step.schedule
            }
        }
        return schedule
    }

    /// Asks the run before to end, taking back what it has done; should it end by itself first, that is as good.
    private func cancel(_ run: WorkflowRun, for schedule: Schedule) async {
        let order = RunOrder(
            .cancel, by: "schedule \(schedule.spec.name)", reason: "the next run of the schedule is due")
        do throws(WorkflowError) {
            try await provider.give(order, to: run.id)
        } catch {
            logger.debug("A run was not cancelled", metadata: [LogKeys.runID: "\(run.id)", LogKeys.error: "\(error)"])
        }
    }
}
