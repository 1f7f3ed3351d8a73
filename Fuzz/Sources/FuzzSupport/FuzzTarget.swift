import StatesLanguage

/// What is fuzzed: each target takes any bytes and throws what must not be.
///
/// The package of fuzz targets calls this from libFuzzer, and the tests of the language feed it the inputs that were
/// kept.
public enum FuzzTarget: String, CaseIterable, Sendable {
    case definition = "DefinitionFuzz"
    case intrinsic = "IntrinsicFuzz"
    case json = "JSONFuzz"
    case jsonata = "JSONataFuzz"
    case path = "PathFuzz"

    /// Why an input is one to keep as a test.
    public struct Finding: Error, CustomStringConvertible {
        /// What is wrong.
        public let description: String
    }

    /// Does with the bytes what the target is there for.
    public func check(_ bytes: [UInt8]) throws(Finding) {
        switch self {
        case .definition: try checkDefinition(bytes)
        case .intrinsic:
            let text = String(decoding: bytes, as: UTF8.self)
            try run(fields: ["Parameters": ["x.$": .string(text)]])
            try run(fields: ["Parameters": ["x.$": .string("States.\(text)")]])
        case .json: try checkJSON(bytes)
        case .jsonata:
            let expression = "{% \(String(decoding: bytes, as: UTF8.self)) %}"
            try run(fields: ["Output": .string(expression)], queryLanguage: "JSONata")
        case .path:
            let path = JSONValue.string(String(decoding: bytes, as: UTF8.self))
            try run(fields: ["Parameters": ["x.$": path]])
            try run(fields: ["InputPath": path])
            try run(fields: ["ResultPath": path])
        }
    }

    private func expect(_ holds: Bool, _ words: String) throws(Finding) {
        guard holds else { throw Finding(description: words) }
    }

    /// Definitions must be refused with a message or run; the linter must know which of the two will happen.
    private func checkDefinition(_ bytes: [UInt8]) throws(Finding) {
        let isRefusedByLinter = Linter().findings(in: bytes).contains { $0.severity == .error }
        // What is not JSON is another target's.
        guard let definition = try? JSONValue(parsing: bytes) else {
            return try expect(isRefusedByLinter, "The linter takes what is not JSON.")
        }
        // Only whether it is refused counts.
        let isRefused = (try? StateMachine(definition: definition)) == nil
        try expect(isRefusedByLinter || !isRefused, "The linter takes what is refused.")
        try run(definition: definition)
    }

    /// Texts that are JSON must survive printing and reading, and their values must be found where they stand.
    private func checkJSON(_ bytes: [UInt8]) throws(Finding) {
        // What is not JSON is refused, as it should be.
        guard let value = try? JSONValue(parsing: bytes) else { return }
        let printed = value.serializedBytes()
        // An error where there must be none fails the comparison behind it.
        let again = try? JSONValue(parsing: printed)
        try expect(
            again == value && again?.serializedBytes() == printed, "A value changes when it is printed and read.")
        let canonical = value.canonical()
        // So does it here,
        try expect((try? JSONValue(parsing: canonical))?.canonical() == canonical, "Canonical text is not stable.")
        // here,
        try expect((try? JSONValue(parsing: value.pretty())) == value, "A value changes when it is laid out.")
        // and here.
        let locations = try? JSONLocations(bytes)
        try expect(locations?.value(at: "") != nil, "The whole value has no place.")
        for position in 0..<(value.arrayValue?.count ?? 0) {
            try expect(locations?.value(at: "/\(position)") != nil, "An element has no place.")
        }
    }

    /// Runs a Pass state with such fields to its end; a definition that is refused is no finding.
    private func run(fields: JSONObject, queryLanguage: String = "JSONPath") throws(Finding) {
        var state: JSONObject = ["Type": "Pass", "End": true]
        for (key, value) in fields { state[key] = value }
        try run(definition: ["QueryLanguage": .string(queryLanguage), "StartAt": "S", "States": ["S": .object(state)]])
    }

    /// Runs a definition in virtual time, twice: the same input must give the same history.
    private func run(definition: JSONValue) throws(Finding) {
        // Most definitions that a fuzzer makes are refused, which is what should happen to them.
        guard let machine = try? StateMachine(definition: definition) else { return }
        let first = Self.simulate(machine)
        try expect(first == Self.simulate(machine), "Two runs of one definition differ.")
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
