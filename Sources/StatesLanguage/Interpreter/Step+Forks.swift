// Branches: how a Parallel or Map state splits a line of execution, and how it goes on when they have ended.

extension Step {
    /// Begins the branches of a Parallel state, for the first time or again.
    mutating func begin(
        _ place: Int, _ current: State, _ parallel: ParallelBody, _ input: Payload
    ) throws(StateError) -> Flow {
        var effective = try effectiveInput(place, current, input)
        if let template = parallel.arguments {
            effective = try Payload(
                try value(template, place, input: effective.value, StatesData(input: input.value)))
        }
        record(.parallelStateStarted, in: place)
        let count = parallel.branches.count
        state.frames.setFork(
            RunState.Fork(total: count, begun: count, results: Array(repeating: nil, count: count)), of: place)
        state.frames.setActivity(.forked, of: place)
        for (branch, flow) in parallel.branches.enumerated() {
            let child = addBranch(branch, to: place, input: effective.value)
            makeReady(child, .next(.state(machine.flows[flow].start), effective))
        }
        return .waits
    }

    /// Adds a line of execution for a branch.
    mutating func addBranch(_ branch: Int, to place: Int, input: JSONValue) -> Int {
        let previous = state.frames[place].previousEventID
        var frame = RunState.Frame(
            input: input, enteredAt: stamp.now, previousEventID: previous, lastEventID: previous)
        frame.parent = place
        frame.branch = branch
        frame.isSilent = state.frames[place].isSilent
        let child = state.frames.add(frame)
        state.frames[forkOf: place]?.running[branch] = child
        return child
    }

    /// Ends the line of a branch; the state knows its last event from then on.
    private mutating func removeBranch(_ place: Int, lastEventID: Int) {
        let frame = state.frames[place]
        guard let parent = frame.parent else { return }
        state.frames[forkOf: parent]?.running[frame.branch] = nil
        let known = state.frames[parent].fork?.lastEventID ?? 0
        state.frames[forkOf: parent]?.lastEventID = max(known, lastEventID)
        state.frames.remove(place)
    }

    // MARK: Branches that end

    /// A branch has ended well: the next iteration may begin, or the state may go on.
    mutating func branchEnded(_ place: Int, _ data: Payload) {
        let frame = state.frames[place]
        guard let parent = frame.parent else { return }
        if let item = frame.item { recordIteration(.mapIterationSucceeded, item.index, place) }
        state.frames.setResult(data.value, of: frame.branch, at: parent)
        goOn(after: place, in: parent)
    }

    /// Replaces a branch that has ended by the next that may begin.
    private mutating func goOn(after place: Int, in parent: Int) {
        let frame = state.frames[place]
        let hasNext = (state.frames[parent].fork?.begun ?? 0) < (state.frames[parent].fork?.total ?? 0)
        // The iteration that comes next follows the last state of the one that made room for it.
        removeBranch(place, lastEventID: hasNext ? frame.previousEventID : frame.lastBranchEventID)
        if hasNext {
            addIteration(to: parent, after: isDistributed(parent) ? 0 : frame.previousEventID)
        } else if state.frames[parent].fork?.running.isEmpty == true {
            makeReady(parent, .joined)
        }
    }

    /// A branch has failed for good: the state fails with it, unless it tolerates that.
    mutating func branchLost(_ place: Int, _ error: StateError) {
        let frame = state.frames[place]
        guard let parent = frame.parent else { return }
        // A task that ends its branch leaves the mark of having been torn out of its state.
        if frame.position != nil, current(place).type == .task, !error.cameFromState {
            record(.taskStateAborted, in: place, advances: false)
        }
        if let item = frame.item {
            recordIteration(.mapIterationFailed, item.index, place)
            state.frames[forkOf: parent]?.failedCount += 1
            if (state.frames[parent].fork?.failedCount ?? 0) <= (state.frames[parent].fork?.toleratedCount ?? 0) {
                goOn(after: place, in: parent)
                return
            }
        }
        removeBranch(place, lastEventID: frame.previousEventID)
        abortBranches(of: parent)
        var reported = error
        if isDistributed(parent) || state.frames[parent].fork?.toleratedCount != nil {
            reported = StateError(
                ErrorName.exceedToleratedFailureThreshold, "The specified tolerated failure threshold was exceeded")
        }
        makeReady(parent, .branchFailed(reported))
    }

    /// Gives up all branches of a state, from the first to the last.
    private mutating func abortBranches(of place: Int) {
        let running = state.frames[place].fork?.running.sorted { $0.key < $1.key } ?? []
        for (_, child) in running { abort(child) }
    }

    private mutating func abort(_ place: Int) {
        cancelActivity(place)
        abortBranches(of: place)
        let frame = state.frames[place]
        if frame.position != nil, let event = current(place).type.abortedEvent {
            record(event, in: place, advances: false)
        }
        if let item = frame.item, frame.hasBegun { recordIteration(.mapIterationAborted, item.index, place) }
        removeBranch(place, lastEventID: frame.previousEventID)
    }

    /// Records the end of an iteration, which the next event passes by.
    private mutating func recordIteration(_ type: HistoryEventType, _ index: Int, _ place: Int) {
        guard let parent = state.frames[place].parent else { return }
        record(type, in: place, iterationDetails(parent, index), advances: false)
    }

    func iterationDetails(_ parent: Int, _ index: Int) -> HistoryEvent.Content {
        .iteration(name: state.frames[parent].stateName, index: index)
    }

    // MARK: The state itself

    /// All branches have ended well.
    mutating func joined(_ place: Int) throws(StateError) -> Flow {
        let current = current(place)
        guard let fork = state.frames[place].fork, let rules = current.resultRules else { return .waits }
        let results = fork.results.compactMap(\.self)
        if case .map(let map) = current.body, map.isDistributed {
            return try finished(place, current, map, results)
        }
        closeFork(place)
        record(
            current.type == .map ? .mapStateSucceeded : .parallelStateSucceeded, in: place, advances: false)
        return try returned(place, current, rules, try Payload(.array(results)))
    }

    /// Goes on from the last event of the branches.
    mutating func closeFork(_ place: Int) {
        if let fork = state.frames[place].fork, !isDistributed(place) {
            let last = max(fork.lastEventID, state.frames[place].previousEventID)
            state.frames[place].previousEventID = last
            state.frames[place].lastEventID = last
        }
        state.frames.setFork(nil, of: place)
        state.frames.setActivity(.none, of: place)
    }

    /// A branch has failed, and the others are given up.
    mutating func branchFailed(_ place: Int, _ error: StateError) -> Flow {
        let wasDistributed = isDistributed(place)
        closeFork(place)
        if wasDistributed { recordMapRunFailed(place, error) }
        return handle(error, place)
    }

    func isDistributed(_ place: Int) -> Bool {
        guard state.frames[place].position != nil, case .map(let map) = current(place).body else { return false }
        return map.isDistributed
    }
}

extension RunState.Frame {
    /// The last event of a branch for the state that waits for it: an iteration's own end counts.
    fileprivate var lastBranchEventID: Int { item == nil ? previousEventID : lastEventID }

    /// Whether an iteration has said that it began.
    fileprivate var hasBegun: Bool { position != nil }
}

extension StateError {
    /// Whether the interpreter raised the error itself, so that no task has failed.
    fileprivate var cameFromState: Bool { location != nil || name == ErrorName.runtime }
}
