public import LandlordDomain
public import StatesLanguage

/// Schedules as people see them: lists, one of them, its history, its coming moments, and everything done to one.
public struct ScheduleService: Sendable {
    private let schedules: any ScheduleRepository
    private let runs: any RunStore
    private let zones: TimeZoneFiles
    private let bell: Alarm
    private let surroundings: Surroundings

    /// A service that rings when something was changed, so that the runner looks.
    package init(
        schedules: any ScheduleRepository, runs: any RunStore, zones: TimeZoneFiles, bell: Alarm,
        surroundings: Surroundings
    ) {
        self.schedules = schedules
        self.runs = runs
        self.zones = zones
        self.bell = bell
        self.surroundings = surroundings
    }

    /// How often a step is made anew because somebody else was faster.
    private static let collisionLimit = 8

    // MARK: Reading

    /// A window on the schedules, newest first.
    public func page(_ query: ScheduleQuery) async throws(RepositoryError) -> Page<Schedule> {
        try await schedules.page(query)
    }

    /// The schedule with this name.
    public func schedule(_ name: String) async throws(RepositoryError) -> Schedule? {
        try await schedules.schedule(name)
    }

    /// What was done with a schedule, newest first; of one that was removed as well.
    public func history(
        of name: String, limit: Int = PageLimit.largest
    ) async throws(RepositoryError) -> [ScheduleEvent] {
        try await schedules.history(of: name, limit: PageLimit.clamped(limit))
    }

    /// The moments at which a spec is due after now, the next one first.
    public func upcoming(of spec: ScheduleSpec, count: Int) throws(ScheduleServiceError) -> [Timestamp] {
        let rules = try rules(of: spec)
        let now = surroundings.now()
        var (moments, place) = ([Timestamp](), max(now, spec.startAt?.advanced(by: .milliseconds(-1)) ?? now))
        while moments.count < count, let next = spec.recurrence.next(after: place, in: rules),
            next <= spec.endAt ?? next
        {
            moments.append(next)
            place = next
        }
        return moments
    }

    // MARK: Doing

    /// What became of a spec.
    public enum Applied: Sendable, Hashable {
        /// There is a new schedule.
        case created(Schedule)
        /// The schedule of that name has the spec now.
        case changed(Schedule)
        /// It had it before.
        case unchanged(Schedule)
    }

    /// Makes a schedule, or gives the one of that name another spec.
    ///
    /// - Throws: `.exists` where there is another one and it is not to be replaced; `.unknownWorkflow`, `.zone`.
    public func create(
        _ spec: ScheduleSpec, replacing: Bool, by actor: String
    ) async throws(ScheduleServiceError) -> Applied {
        let rules = try rules(of: spec)
        guard
            try await storing({ () throws(RepositoryError) in
                try await runs.definition(of: spec.workflowID, version: nil)
            }) != nil
        else { throw .unknownWorkflow(spec.workflowID) }
        guard try await find(spec.name) != nil else {
            let step = try refusing { () throws(ScheduleRefusal) in
                try Schedule.create(spec, by: actor, at: surroundings.now(), in: rules)
            }
            do throws(RepositoryError) {
                try await schedules.create(step)
                bell.ring()
                return .created(step.schedule)
            } catch .conflict {
                // Somebody has made one of the name this moment.
            } catch {
                throw .storage(error)
            }
            throw .exists(spec.name)
        }
        var isChanged = false
        let schedule = try await change(spec.name) { schedule throws(ScheduleServiceError) in
            guard replacing || schedule.spec == spec else { throw .exists(spec.name) }
            let step = try refusing { () throws(ScheduleRefusal) in
                try schedule.changed(to: spec, by: actor, at: surroundings.now(), in: rules)
            }
            isChanged = step != nil
            return step
        }
        return isChanged ? .changed(schedule) : .unchanged(schedule)
    }

    /// Lets no moment count until it is resumed.
    public func pause(
        _ name: String, by actor: String, reason: String
    ) async throws(ScheduleServiceError) -> Schedule {
        try await change(name) { schedule throws(ScheduleServiceError) in
            try refusing { () throws(ScheduleRefusal) in
                try schedule.paused(by: actor, reason: reason, at: surroundings.now())
            }
        }
    }

    /// Lets moments count again, from now on.
    public func resume(
        _ name: String, by actor: String, reason: String
    ) async throws(ScheduleServiceError) -> Schedule {
        try await change(name) { schedule throws(ScheduleServiceError) in
            let rules = try rules(of: schedule.spec)
            return try refusing { () throws(ScheduleRefusal) in
                try schedule.resumed(by: actor, reason: reason, at: surroundings.now(), in: rules)
            }
        }
    }

    /// Asks for a run now, under the schedule's rules for overlaps.
    public func trigger(
        _ name: String, by actor: String, reason: String
    ) async throws(ScheduleServiceError) -> Schedule {
        let isBusy = try await storing { () throws(RepositoryError) in
            try await schedules.schedule(name)?.openRun(in: runs) != nil
        }
        return try await change(name) { schedule throws(ScheduleServiceError) in
            try refusing { () throws(ScheduleRefusal) in
                try schedule.triggered(by: actor, reason: reason, isBusy: isBusy, at: surroundings.now())
            }
        }
    }

    /// Removes a schedule; the runs that it has started go on, and its history stays.
    public func delete(_ name: String, by actor: String, reason: String) async throws(ScheduleServiceError) {
        for _ in 0..<Self.collisionLimit {
            guard let schedule = try await find(name) else { throw .unknown(name) }
            let step = try refusing { () throws(ScheduleRefusal) in
                try schedule.deleted(by: actor, reason: reason, at: surroundings.now())
            }
            do throws(RepositoryError) {
                return try await schedules.delete(step)
            } catch .stale {
                continue
            } catch {
                throw .storage(error)
            }
        }
        throw .storage(.stale)
    }

    private func change(
        _ name: String, _ decide: (Schedule) throws(ScheduleServiceError) -> ScheduleStep?
    ) async throws(ScheduleServiceError) -> Schedule {
        for _ in 0..<Self.collisionLimit {
            guard let schedule = try await find(name) else { throw .unknown(name) }
            guard let step = try decide(schedule) else { return schedule }
            do throws(RepositoryError) {
                try await schedules.save(step)
                bell.ring()
                return step.schedule
            } catch .stale {
                continue
            } catch {
                throw .storage(error)
            }
        }
        throw .storage(.stale)
    }

    private func find(_ name: String) async throws(ScheduleServiceError) -> Schedule? {
        try await storing { () throws(RepositoryError) in try await schedules.schedule(name) }
    }

    private func rules(of spec: ScheduleSpec) throws(ScheduleServiceError) -> TimeZoneRules {
        do throws(TimeZoneProblem) {
            return try zones.rules(named: spec.recurrence.zone)
        } catch {
            throw .zone(error)
        }
    }

    private func refusing<Value>(
        _ body: () throws(ScheduleRefusal) -> Value
    ) throws(ScheduleServiceError) -> Value {
        do throws(ScheduleRefusal) {
            return try body()
        } catch {
            throw .refused(error)
        }
    }

    private func storing<Value>(
        _ body: () async throws(RepositoryError) -> Value
    ) async throws(ScheduleServiceError) -> Value {
        do throws(RepositoryError) {
            return try await body()
        } catch {
            throw .storage(error)
        }
    }
}

extension Schedule {
    /// The run that it started last, where that is not over.
    func openRun(in runs: any RunStore) async throws(RepositoryError) -> WorkflowRun? {
        guard let lastRunID, let run = try await runs.run(lastRunID), !run.status.isTerminal else { return nil }
        return run
    }
}

/// Why nothing was done with a schedule.
public enum ScheduleServiceError: Error, Sendable, Hashable, CustomStringConvertible {
    /// There is no such schedule.
    case unknown(String)
    /// There is one of the name, with another spec.
    case exists(String)
    /// There is no workflow that it could start.
    case unknownWorkflow(String)
    /// Its time zone cannot be used.
    case zone(TimeZoneProblem)
    /// It cannot be done, as the sentence says.
    case refused(ScheduleRefusal)
    /// The database did not take it.
    case storage(RepositoryError)

    /// The refusal as a sentence.
    public var description: String {
        switch self {
        case .unknown(let name): "there is no schedule '\(name)'"
        case .exists(let name): "there is a schedule '\(name)' with another spec; --replace gives it this one"
        case .unknownWorkflow(let id): "workflow: there is no workflow '\(id)'"
        case .zone(let problem): "zone: \(problem)"
        case .refused(let refusal): refusal.description
        case .storage(let error): error.description
        }
    }
}
