/// What an operator does to a run, with who and why: the run's log is the audit of it.
public struct RunOrder: Sendable, Hashable {
    /// What is done.
    public enum Verb: String, Sendable, Hashable, CaseIterable {
        /// Nothing new is begun; what comes in is kept until the run is resumed.
        case suspend
        /// The run goes on, with what has come in meanwhile first.
        case resume
        /// What was done is taken back, and then the run ends.
        case cancel
        /// The run ends at once, and nothing is taken back.
        case terminate
        /// A run that did not succeed goes on with the state that failed.
        case retry
    }

    /// The error that a run ends with which was cancelled or terminated.
    public static let cancelledError = "CANCELLED"

    /// What is done.
    public let verb: Verb
    /// Who does it.
    public let actor: String
    /// Why.
    public let reason: String

    /// Makes an order.
    public init(_ verb: Verb, by actor: String, reason: String) {
        self.verb = verb
        self.actor = actor
        self.reason = reason
    }

    /// Who and why, in one line for people.
    var text: String { reason.isEmpty ? "by \(actor)" : "by \(actor): \(reason)" }

    var json: JSONValue {
        ["type": "order", "verb": .string(verb.rawValue), "actor": .string(actor), "reason": .string(reason)]
    }

    init(_ stored: StoredObject) throws(StoredFormError) {
        guard let verb = Verb(rawValue: try stored.string("verb")) else {
            throw StoredFormError("'verb' of a run's input is unknown")
        }
        self.init(verb, by: try stored.string("actor"), reason: try stored.string("reason"))
    }
}

/// That a run is suspended, and what has come in since.
public struct RunSuspension: Sendable, Hashable {
    /// Who did it and why.
    public let order: RunOrder
    /// Since when.
    public let since: Timestamp
    /// What waits for the run to be resumed, in the order in which it came.
    ///
    /// A task and a timer come in once each, so that there are never more than the run has asked for.
    public internal(set) var kept: [RunInput] = []

    /// The numbers of the tasks and timers that have come in, and so are no longer waited for.
    public var keptIDs: Set<Int> { Set(kept.compactMap(\.keptID)) }

    var json: JSONValue {
        ["order": order.json, "since": since.storedForm, "kept": .array(kept.map(\.json))]
    }

    /// A suspension that nothing has come in for yet.
    public init(order: RunOrder, since: Timestamp) {
        (self.order, self.since) = (order, since)
    }

    init(json: JSONValue) throws(StoredFormError) {
        let stored = try StoredObject(json, kind: "a run's suspension")
        order = try RunOrder(try StoredObject(try stored.value("order"), kind: "an order"))
        since = try stored.timestamp("since")
        for input in try stored.array("kept") { kept.append(try RunInput(json: input)) }
    }
}

/// A state that has ended well and can be taken back.
struct CompletedState: Sendable, Hashable {
    /// The most that a run remembers; one that would have more fails.
    static let limit = 1_000

    let name: String
    /// The state that takes it back.
    let compensation: String
    let input: JSONValue
    let output: JSONValue

    /// What the state that takes it back is given.
    var data: JSONValue { ["State": .string(name), "Input": input, "Output": output] }

    var json: JSONValue {
        ["state": .string(name), "compensation": .string(compensation), "input": input, "output": output]
    }

    init(name: String, compensation: String, input: JSONValue, output: JSONValue) {
        (self.name, self.compensation, self.input, self.output) = (name, compensation, input, output)
    }

    init(json: JSONValue) throws(StoredFormError) {
        let stored = try StoredObject(json, kind: "a state that can be taken back")
        self.init(
            name: try stored.string("state"), compensation: try stored.string("compensation"),
            input: try stored.value("input"), output: try stored.value("output"))
    }
}

/// That a run takes back what it has done, from the last to the first.
struct Rollback: Sendable, Hashable {
    /// How the run ends when all is taken back.
    let outcome: RunOutcome
    /// The state in which the run was when that began; nil for runs of before that was remembered.
    var origin: String?
    /// What is being taken back.
    var current: String
    /// The states that could not be taken back, with the errors.
    var failures: [String] = []

    var json: JSONValue {
        var json: JSONObject = [
            "outcome": outcome.json, "current": .string(current), "failures": .array(failures.map(JSONValue.string)),
        ]
        if let origin { json["origin"] = .string(origin) }
        return .object(json)
    }

    init(outcome: RunOutcome, origin: String?) {
        self.outcome = outcome
        self.origin = origin
        current = ""
    }

    init(json: JSONValue) throws(StoredFormError) {
        let stored = try StoredObject(json, kind: "a run's rollback")
        outcome = try RunOutcome(json: try stored.value("outcome"))
        current = try stored.string("current")
        failures = try stored.array("failures").compactMap(\.stringValue)
        origin = try stored.optionalString("origin")
    }
}
