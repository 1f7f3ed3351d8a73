import StatesLanguage
import Testing

/// The table of machines whose results come from the specification, the documentation and other programs.
@Suite struct ConformanceTests {
    @Test func `every row of the table can be read, has a name of its own and a source`() throws {
        for row in ConformanceTable.rows { _ = try row.get() }
        let cases = ConformanceTable.cases
        #expect(cases.count > 500)
        #expect(Set(cases.map(\.name)).count == cases.count)
        let sources = [
            "states-language.net, ", "developer guide, ", "API reference, ", "moto 5.2.5", "floci-io/floci#",
        ]
        for row in cases {
            #expect(sources.contains { row.source.hasPrefix($0) }, "\(row.name) has no known source: \(row.source)")
        }
    }

    @Test(arguments: ConformanceTable.cases)
    func `a machine does what its source says`(row: ConformanceCase) throws {
        let machine: StateMachine
        do {
            machine = try StateMachine(definition: row.definition)
        } catch {
            guard case .refusal(let words) = row.expectation else { throw error }
            #expect(error.description.contains(words))
            return
        }
        let result = try Simulation.run(
            machine, input: row.input, mocks: SimulationMocks(json: row.mocks), startTime: Stamp.at(0).now,
            kind: row.kind)
        switch row.expectation {
        case .refusal(let words): Issue.record("The definition is not refused for '\(words)'.")
        case .output(let output):
            #expect(result.output == output)
            #expect(result.error == nil && result.cause == nil)
        case .failure(let error, let cause):
            #expect(result.status != "SUCCEEDED" && result.error == error)
            if let cause { #expect(result.cause == cause) }
        }
        if !row.history.isEmpty { #expect(result.shape.split(separator: "\n").map(String.init) == row.history) }
        for (type, details) in row.details {
            #expect(result.history.first { $0.type.rawValue == type }?.details == details)
        }
    }

    /// A row that shows something working must also contain it.
    @Test(arguments: ConformanceTable.cases.filter(\.isSuccess))
    func `a row contains what it covers`(row: ConformanceCase) {
        let text = row.definition.serialized()
        for name in row.covers {
            let isFunction = name.hasPrefix("$")
            let last = String(name.split(separator: ".").last ?? "")
            let wanted = isFunction ? name + "(" : name.hasPrefix("States.") ? name : "\"\(last)\""
            #expect(text.contains(wanted), "\(row.name) does not have \(name)")
        }
    }
}
