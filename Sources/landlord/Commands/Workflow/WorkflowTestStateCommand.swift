import ArgumentParser
import LandlordDomain
import LandlordEngine
import StatesLanguage

/// `landlord workflow test-state`.
struct WorkflowTestStateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test-state", abstract: "Run one state, and show the data at each step of it.",
        discussion: """
            The file holds a state, or a machine of which --state names one. A task answers what --result, or --error \
            and --cause, or the mocks say.
            """)

    /// How much is shown, as TestState of Step Functions has it.
    enum Inspection: String, CaseIterable, ExpressibleByArgument {
        /// How the state ended.
        case info = "INFO"
        /// And the data at each step.
        case debug = "DEBUG"
        /// And the events.
        case trace = "TRACE"
    }

    @Argument(help: ArgumentHelp("A state or a machine as JSON or YAML; - for the standard input.", valueName: "file"))
    var file: String
    @Option(help: ArgumentHelp("The state of the machine; the first one without it.", valueName: "name"))
    var state: String?
    @Option(help: ArgumentHelp("The variables as JSON, or @FILE.", valueName: "json"))
    var variables: String?
    @Option(help: ArgumentHelp("Members of the context object as JSON, or @FILE.", valueName: "json"))
    var context: String?
    @Option(help: ArgumentHelp("What the task answers, as JSON, or @FILE.", valueName: "json"))
    var result: String?
    @Option(help: ArgumentHelp("The error that the task ends with.", valueName: "name"))
    var error: String?
    @Option(help: ArgumentHelp("Its cause.", valueName: "text"))
    var cause: String?
    @Option(help: ArgumentHelp("INFO, DEBUG or TRACE.", valueName: "level"))
    var inspectionLevel = Inspection.info
    @OptionGroup var simulation: SimulationOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if result != nil, error != nil { throw ValidationError("a task has --result or --error, not both") }
        if cause != nil, error == nil { throw ValidationError("--cause says why --error happened, which is missing") }
    }

    func run() throws {
        let (definition, language, name) = try found()
        let test: StateTest
        do {
            var surroundings = StateTest.Surroundings(
                input: try simulation.inputValue(), mocks: try SimulationMocks(json: mocks(for: name)),
                now: simulation.startTime, seed: simulation.seed)
            if let variables { surroundings.variables = try OptionJSON.object(variables, of: "--variables") }
            test = try StateTest(of: definition, queryLanguage: language, in: surroundings)
        } catch let error as SimulationError {
            throw Failure(.data, error.description)
        } catch let error as DefinitionError {
            throw Failure(.data, problems: error.problems.map { "\(file): \($0.message) [\($0.pointer)]" })
        }
        try write(test)
        if test.status == "FAILED" { throw ExitCode(ExitStatus.failed.rawValue) }
    }

    /// The state that is tested, with the language of its machine, and its name where it has one.
    private func found() throws -> (JSONValue, QueryLanguage, String?) {
        let definition = try DefinitionFile(file)
        let document = try definition.document()
        guard document["States"] != nil else {
            if let state { throw Failure(.data, "\(file) is no machine, so that there is no state '\(state)' in it") }
            return (document, .jsonPath, nil)
        }
        let machine = try definition.machine()
        let name = state ?? machine.startAt
        guard let found = machine.state(named: name) else {
            let names = machine.states.map(\.name)
            let hint = Suggestion.nearest(to: name, among: names).map { "; did you mean '\($0)'?" } ?? ""
            throw Failure(.missing, "\(file) has no state '\(name)'\(hint)")
        }
        return (found.definition, machine.queryLanguage, name)
    }

    /// The mocks of the file, with what the options say about the one state.
    private func mocks(for name: String?) throws -> JSONValue {
        var mocks = try simulation.mocksDocument() ?? [:]
        if let context { mocks["context"] = .object(try OptionJSON.object(context, of: "--context")) }
        var outcome: JSONValue?
        if let result { outcome = ["return": try OptionJSON.value(result, of: "--result")] }
        if let error { outcome = ["throw": ["error": .string(error), "cause": .string(cause ?? "")]] }
        // In the file, outcomes stand under the name of the state, which is another in a test.
        if outcome == nil, let name, let own = mocks["tasks"]?[name] { mocks["tasks"]?[StateTest.stateName] = own }
        guard let outcome else { return mocks }
        var tasks = mocks["tasks"] ?? [:]
        tasks[StateTest.stateName] = [outcome]
        mocks["tasks"] = tasks
        return mocks
    }

    private func write(_ test: StateTest) throws(Failure) {
        var document = test.json
        if inspectionLevel == .info { document["inspectionData"] = nil }
        if inspectionLevel == .trace { document["history"] = .array(test.history.map(\.json)) }
        try simulation.write(document) {
            var fields = TextFields()
            fields.add("status", test.status)
            fields.add("next", test.nextState)
            fields.add("error", test.error)
            fields.add("cause", test.cause)
            if inspectionLevel != .info {
                for (name, value) in test.inspection { fields.add(name, value.pretty()) }
            }
            fields.add("output", test.output?.pretty())
            return fields.rendered
        }
    }
}
