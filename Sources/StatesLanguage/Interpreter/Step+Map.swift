// Map states: their items, their iterations, and the runs of distributed ones.

extension Step {
    /// Begins a Map state, for the first time or again.
    mutating func begin(
        _ place: Int, _ current: State, _ map: MapBody, _ input: Payload
    ) throws(StateError) -> Flow {
        let effective = try effectiveInput(place, current, input)
        let data = StatesData(input: input.value)
        var limits = RunState.MapLimits()
        let concurrency = try number(map.maxConcurrency, place, input: effective.value, data, name: "MaxConcurrency")
        limits.concurrency = Int(concurrency ?? 0)
        guard let reader = map.reader else {
            let items = try items(of: map, place, effective.value, data)
            record(.mapStateStarted, in: place, .details(["length": .integer(items.count)]))
            try findTolerance(of: map, place, effective.value, data, &limits)
            state.frames.setFork(RunState.Fork(limits: limits), of: place)
            recordMapRun(place, map)
            return try iterate(place, current, map, items)
        }
        record(.mapStateStarted, in: place, .details(["length": 0]))
        try findTolerance(of: map, place, effective.value, data, &limits)
        state.frames.setFork(RunState.Fork(limits: limits), of: place)
        recordMapRun(place, map)
        if let failed = try findItemLimit(of: reader, place, effective.value, data) { return failed }
        let limit = state.frames[place].fork?.limits.itemCount
        var parameters: JSONValue = [:]
        if let template = reader.arguments {
            do {
                parameters = try value(template, place, input: effective.value, data)
            } catch {
                state.frames.setFork(nil, of: place)
                throw error
            }
        }
        let id = takeID()
        command(
            .readItems(
                ItemRead(
                    id: id, stateName: current.name, resource: reader.resource.text, parameters: parameters,
                    configuration: reader.configuration, itemLimit: limit)))
        state.frames.setActivity(.reading(id: id), of: place)
        return .waits
    }

    /// Reads how many failures are tolerated, which AWS does only when the Map has started.
    private mutating func findTolerance(
        of map: MapBody, _ place: Int, _ effective: JSONValue, _ data: StatesData, _ limits: inout RunState.MapLimits
    ) throws(StateError) {
        limits.toleratedCount = try number(
            map.toleratedCount, place, input: effective, data, name: "ToleratedFailureCount"
        ).map { Int($0) }
        limits.toleratedPercentage = try number(
            map.toleratedPercentage, place, input: effective, data, name: "ToleratedFailurePercentage",
            isInteger: false, to: 100)
    }

    /// Reads how many items a reader may give; answers how the state goes on where that is no such number.
    ///
    /// The run of the Map has begun by then. A path to what is no number ends the execution; a negative number
    /// is an error of the reader.
    private mutating func findItemLimit(
        of reader: ItemReader, _ place: Int, _ effective: JSONValue, _ data: StatesData
    ) throws(StateError) -> Flow? {
        var limit: Double?
        if case .path(let path, let field)? = reader.maxItems {
            let found = try look(up: path, place, effective)
            guard let integer = found.intValue ?? found.stringValue.flatMap({ Int($0) }) else {
                let cause =
                    "The \(field) field refers to value '\(found.plainText)' which is not a valid integer: \(path.text)"
                let error = StateError(ErrorName.itemReaderFailed, cause)
                recordMapRunFailed(place, error)
                end(.failed(error: error.name, cause: error.cause), after: state.frames[place].lastEventID)
                return .ended
            }
            guard integer >= 0 else {
                let cause = "field MaxItems must be positive"
                return branchFailed(place, StateError(ErrorName.itemReaderFailed, cause))
            }
            limit = Double(integer)
        } else {
            limit = try number(reader.maxItems, place, input: effective, data, name: "MaxItems")
        }
        // 0 is no limit.
        state.frames[forkOf: place]?.limits.itemCount = limit.flatMap { $0 > 0 ? Int($0) : nil }
        return nil
    }

    /// The items of a distributed Map have come from outside.
    mutating func itemsRead(_ place: Int, _ items: [JSONValue]) throws(StateError) -> Flow {
        guard case .reading = state.frames[place].activity, case .map(let map) = current(place).body else {
            return .waits
        }
        state.frames.setActivity(.none, of: place)
        let limit = state.frames[place].fork?.limits.itemCount ?? items.count
        let numbered = items.prefix(limit).enumerated().map { MapItem(index: $0, value: $1) }
        return try iterate(place, current(place), map, numbered)
    }

    // MARK: Items

    private mutating func items(
        of map: MapBody, _ place: Int, _ effective: JSONValue, _ data: StatesData
    ) throws(StateError) -> [MapItem] {
        let found: JSONValue
        switch map.items {
        case .path(nil): found = effective
        case .path(let path?): found = try look(up: path, place, effective)
        case .jsonata(nil): found = data.input
        case .jsonata(let template?): found = try value(template, place, data)
        }
        switch (found, map.items) {
        case (.array(let elements), _): return elements.enumerated().map { MapItem(index: $0, value: $1) }
        case (.object(let object), _) where map.isDistributed:
            return object.enumerated().map { MapItem(index: $0, value: $1.value, key: $1.key) }
        case (_, .jsonata(.expression(let field)?)): throw field.mismatch(found, expected: "array")
        case (_, .jsonata):
            throw StateError(
                ErrorName.queryEvaluationError,
                "Map state input must be an array but was: \(found.typeName)", location: "Items")
        case (_, .path(let path)):
            throw StateError(ErrorName.runtime, "Reference path \"\(path?.text ?? "$")\" must point to array.")
        }
    }

    /// Bundles items as `ItemBatcher` says, once the selector has seen them.
    private mutating func batches(
        _ items: [MapItem], _ batcher: ItemBatcher, _ map: MapBody, _ place: Int, _ effective: JSONValue,
        _ data: StatesData
    ) throws(StateError) -> [MapItem] {
        let count = try number(batcher.maxItems, place, input: effective, data, name: "MaxItemsPerBatch") ?? 0
        let bytes = try number(batcher.maxBytes, place, input: effective, data, name: "MaxInputBytesPerBatch") ?? 0
        let itemLimit = count > 0 ? Int(count) : Int.max
        let byteLimit = bytes > 0 ? Int(bytes) : Payload.byteLimit
        var shared: JSONObject = [:]
        if let input = batcher.input {
            shared["BatchInput"] = try value(input, place, input: effective, data)
        }
        let overhead = JSONValue.object(shared).serializedBytes().count + 12
        var batches: [MapItem] = []
        var open: [JSONValue] = []
        var size = overhead
        func close() {
            guard !open.isEmpty else { return }
            var batch = shared
            batch["Items"] = .array(open)
            batches.append(MapItem(index: batches.count, value: .object(batch)))
            open = []
            size = overhead
        }
        for item in items {
            let selected = try iterationInput(of: item, map, place, effective, data)
            let length = selected.serializedBytes().count + 1
            if open.count >= itemLimit || size + length > byteLimit { close() }
            open.append(selected)
            size += length
        }
        close()
        return batches
    }

    /// What an iteration starts with: the item, or what the selector makes of it.
    private mutating func iterationInput(
        of item: MapItem, _ map: MapBody, _ place: Int, _ effective: JSONValue, _ data: StatesData
    ) throws(StateError) -> JSONValue {
        guard let selector = map.selector else {
            guard let key = item.key else { return item.value }
            return ["Key": .string(key), "Value": item.value]
        }
        return try value(selector, place, input: effective, data, item: item)
    }

    // MARK: Iterations

    /// Begins as many iterations as may run at once.
    private mutating func iterate(
        _ place: Int, _ current: State, _ map: MapBody, _ items: [MapItem]
    ) throws(StateError) -> Flow {
        let input = Payload(checked: state.frames[place].input)
        let effective = try effectiveInput(place, current, input).value
        let data = StatesData(input: input.value)
        var items = items
        if let batcher = map.batcher { items = try batches(items, batcher, map, place, effective, data) }
        var fork = RunState.Fork(
            items: items, total: items.count, results: Array(repeating: nil, count: items.count))
        fork.isBatched = map.batcher != nil
        fork.lastEventID = state.frames[place].previousEventID
        fork.limits = state.frames[place].fork?.limits ?? RunState.MapLimits()
        fork.toleratedCount = fork.limits.toleratedCount(of: items.count)
        fork.mapRunARN = state.frames[place].fork?.mapRunARN
        let wanted = fork.limits.concurrency
        state.frames.setFork(fork, of: place)
        state.frames.setActivity(.forked, of: place)
        guard !items.isEmpty else { return .joined }
        let most = map.isDistributed ? Interpreter.distributedConcurrency : Interpreter.inlineConcurrency
        let limit = wanted > 0 ? min(wanted, most) : most
        for _ in 0..<min(limit, items.count) {
            addIteration(to: place, after: map.isDistributed ? 0 : state.frames[place].previousEventID)
        }
        return .waits
    }

    /// Adds the line of the next iteration.
    mutating func addIteration(to place: Int, after previous: Int) {
        guard let item = state.frames.takeItem(at: place) else { return }
        let child = addBranch(item.index, to: place, input: item.value)
        state.frames[child].item = item
        state.frames[child].previousEventID = previous
        state.frames[child].lastEventID = previous
        if isDistributed(place) { state.frames[child].isSilent = true }
        makeReady(child, .iterates(after: previous))
    }

    /// Begins an iteration whose turn has come.
    mutating func beginIteration(_ place: Int, after previous: Int) -> Flow {
        guard let parent = state.frames[place].parent, let item = state.frames[place].item,
            case .map(let map) = current(parent).body
        else { return .ended }
        record(.mapIterationStarted, in: place, after: previous, iterationDetails(parent, item.index))
        do {
            let input = Payload(checked: state.frames[parent].input)
            let effective = try effectiveInput(parent, current(parent), input).value
            let data = StatesData(input: input.value)
            let isBatched = state.frames[parent].fork?.isBatched == true
            let value =
                isBatched ? item.value : try iterationInput(of: item, map, parent, effective, data)
            if map.isDistributed { state.frames[place].childInput = value }
            return .next(.state(machine.flows[map.processor].start), try Payload(value))
        } catch {
            lineFailed(place, located(error, place, owner: parent))
            return .ended
        }
    }

    // MARK: Distributed runs

    private mutating func recordMapRun(_ place: Int, _ map: MapBody) {
        guard map.isDistributed else { return }
        // A Map without a label gets one that is like no other.
        let name = map.label ?? random.uuid()
        // A run of a Map is named beside its machine.
        var machine = state.start.machineID
        if let range = machine.firstRange(of: ":stateMachine:") { machine.replaceSubrange(range, with: ":mapRun:") }
        let arn = "\(machine)/\(name):\(random.uuid())"
        record(.mapRunStarted, in: place, .details(["mapRunArn": .string(arn)]))
        state.frames[forkOf: place]?.mapRunARN = arn
    }

    mutating func recordMapRunFailed(_ place: Int, _ error: StateError) {
        record(
            .mapRunFailed, in: place, .details(["error": .string(error.name), "cause": .string(error.cause)]))
    }

    /// All child executions have ended; their results may go somewhere else than into the data.
    mutating func finished(
        _ place: Int, _ current: State, _ map: MapBody, _ results: [JSONValue]
    ) throws(StateError) -> Flow {
        guard let writer = map.writer, let resource = writer.resource else {
            return try leaveMapRun(place, current, map, .array(results))
        }
        let input = state.frames[place].input
        let effective = try effectiveInput(place, current, Payload(checked: input)).value
        var parameters: JSONObject = [:]
        if let template = writer.arguments {
            parameters = try value(template, place, input: effective, StatesData(input: input)).objectValue ?? [:]
        }
        if let configuration = writer.configuration { parameters["WriterConfig"] = configuration }
        parameters["MapRunArn"] = .string(state.frames[place].fork?.mapRunARN ?? "")
        parameters["Results"] = .array(results)
        let id = takeID()
        command(
            .scheduleTask(
                ScheduledTask(
                    id: id, stateName: current.name, resource: resource.text, parameters: .object(parameters),
                    token: nil, timeoutSeconds: nil, heartbeatSeconds: nil, attempt: 1)))
        state.frames.setActivity(.writing(id: id), of: place)
        return .waits
    }

    /// The results are where the writer puts them; the state's own result tells where.
    mutating func written(
        _ place: Int, _ current: State, _ map: MapBody, _ details: JSONValue
    ) throws(StateError) -> Flow {
        let result: JSONValue = [
            "MapRunArn": .string(state.frames[place].fork?.mapRunARN ?? ""), "ResultWriterDetails": details,
        ]
        return try leaveMapRun(place, current, map, result)
    }

    private mutating func leaveMapRun(
        _ place: Int, _ current: State, _ map: MapBody, _ result: JSONValue
    ) throws(StateError) -> Flow {
        closeFork(place)
        record(.mapRunSucceeded, in: place, advances: false)
        record(.mapStateSucceeded, in: place, after: state.frames[place].lastEventID, advances: false)
        return try returned(place, current, map.rules, try Payload(result))
    }
}
