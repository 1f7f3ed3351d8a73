import LandlordDomain

/// What has to be done to a tenant's containers so that they are what a spec says.
struct ProcessChange: Sendable, Hashable {
    /// What is done about one container.
    enum Step: Sendable, Hashable {
        /// It runs as it should.
        case keep(LaunchPlan)
        /// It is new.
        case start(LaunchPlan)
        /// It runs, but not like this.
        case replace(LaunchPlan)
        /// It should run like this, and does not run.
        case revive(LaunchPlan)

        /// What should run.
        var plan: LaunchPlan {
            switch self {
            case .keep(let plan), .start(let plan), .replace(let plan), .revive(let plan): plan
            }
        }

        /// For the list of changes; nil where nothing changes.
        var summary: String? {
            switch self {
            case .keep: nil
            case .start(let plan): "container \(plan.name) added"
            case .replace(let plan): "container \(plan.name) changed"
            case .revive(let plan): "container \(plan.name) started again"
            }
        }
    }

    /// The containers that the spec has no more.
    let removals: [String]
    /// The containers that the spec has, in its order.
    let steps: [Step]

    /// Compares what is recorded with what is wanted.
    ///
    /// - Parameters:
    ///   - record: What is recorded; nil where nothing is.
    ///   - plans: What is wanted.
    ///   - isRunning: Whether a recorded container is in good hands at this moment.
    init(from record: ProcessRecord?, to plans: [LaunchPlan], isRunning: (ProcessRecord.Container) -> Bool) {
        let wanted = Set(plans.map(\.name))
        removals = (record?.containers.map(\.name) ?? []).filter { !wanted.contains($0) }
        steps = plans.map { plan in
            guard let container = record?.container(plan.name) else { return .start(plan) }
            guard container.hash == plan.hash else { return .replace(plan) }
            return isRunning(container) ? .keep(plan) : .revive(plan)
        }
    }

    /// What changes, for a person.
    var summaries: [String] {
        removals.map { "container \($0) removed" } + steps.compactMap(\.summary)
    }
}
