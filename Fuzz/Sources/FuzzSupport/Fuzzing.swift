public import StatesLanguage

/// What the fuzz targets share: bytes become texts, and texts become runs of machines.
public enum Fuzzing {
    /// The bytes as a text, with what is not UTF-8 replaced.
    public static func text(_ start: UnsafePointer<UInt8>, _ count: Int) -> String {
        String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    /// Runs a Pass state with such fields to its end; a definition that is refused is no finding.
    public static func run(fields: JSONObject, queryLanguage: String = "JSONPath") {
        var state: JSONObject = ["Type": "Pass", "End": true]
        for (key, value) in fields { state[key] = value }
        run(definition: ["QueryLanguage": .string(queryLanguage), "StartAt": "S", "States": ["S": .object(state)]])
    }

    /// Runs a definition in virtual time, twice: the same input must give the same history.
    public static func run(definition: JSONValue) {
        // Most definitions that a fuzzer makes are refused, which is what should happen to them.
        guard let machine = try? StateMachine(definition: definition) else { return }
        let first = simulate(machine)
        precondition(first == simulate(machine), "Two runs of one definition differ.")
    }

    /// How a run ends, or nil if it asks for something that nobody answers.
    private static func simulate(_ machine: StateMachine) -> SimulationResult? {
        let input: JSONValue = [
            "a": ["b": [1, 2.5, -3, ["c": "x"]], "d": nil], "list": [10, 20, 30], "text": "a,b", "n": 7, "t": true,
        ]
        // A task without a mock ends the simulation, which is no finding.
        return try? Simulation.run(
            machine, input: input, startTime: Timestamp(millisecondsSinceEpoch: 1_795_262_400_000), seed: 1)
    }
}
