import Foundation
import StatesLanguage
import Testing

/// Input that nobody meant, and input that somebody meant badly.
struct LintGarbageTests {
    private static let samples: [[UInt8]] =
        LintDocument.shared.entries.filter { $0.good.count < 4_000 }.map(\.good)
        // A file that cannot be read is an empty sample.
        + LintTests.accepted.map { Array((try? Data(contentsOf: $0)) ?? Data()) }

    @Test(.timeLimit(.minutes(2)), arguments: 0..<20)
    func `no change of the bytes of a definition makes the linter fail`(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        for sample in Self.samples {
            var bytes = sample
            for _ in 0..<Int.random(in: 1...6, using: &random) where !bytes.isEmpty {
                let position = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[position] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: position)
                case 2: bytes.insert(UInt8.random(in: 32...126, using: &random), at: position)
                default: bytes[position] = sample[Int.random(in: 0..<sample.count, using: &random)]
                }
            }
            Self.expectOrder(bytes)
        }
    }

    @Test(.timeLimit(.minutes(2)), arguments: 0..<20)
    func `no exchange of values of a definition makes the linter fail`(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(1_000 + seed))
        for sample in Self.samples {
            guard let value = try? JSONValue(parsing: sample) else { continue }  // Some samples are raw text.
            Self.expectOrder(Self.changed(value, &random).serializedBytes())
        }
    }

    private static func expectOrder(_ bytes: [UInt8]) {
        let findings = Linter().findings(in: bytes)
        #expect(findings.count <= 1_000)
        let lines = findings.map { $0.line ?? 0 }
        #expect(lines == lines.sorted())
        // What the linter has no error for can be compiled.
        let hasError = findings.contains { $0.severity == .error }
        if !hasError { #expect(throws: Never.self) { try StateMachine(definition: JSONValue(parsing: bytes)) } }
    }

    private static func changed(_ value: JSONValue, _ random: inout SeededGenerator) -> JSONValue {
        if Int.random(in: 0..<25, using: &random) == 0 { return .random(using: &random, depth: 2) }
        switch value {
        case .array(let elements): return .array(elements.map { changed($0, &random) })
        case .object(let object):
            var changedObject = JSONObject()
            for (key, value) in object {
                let isRenamed = Int.random(in: 0..<40, using: &random) == 0
                changedObject[isRenamed ? key + "x" : key] = changed(value, &random)
            }
            return .object(changedObject)
        case .null, .bool, .number, .string: return value
        }
    }

    // MARK: Large and deep

    @Test(.timeLimit(.minutes(1))) func `ten thousand states are looked at in linear time`() {
        func machine(_ count: Int) -> String {
            let states = (0..<count).map { "\"S\($0)\":{\"Type\":\"Pass\",\"Next\":\"S\($0 + 1)\"}" }
            return
                #"{"StartAt":"S0","States":{\#(states.joined(separator: ",")),"S\#(count)":{"Type":"Succeed"}}}"#
        }
        let clock = ContinuousClock()
        let text = machine(10_000)
        var findings: [LintFinding] = []
        let elapsed = clock.measure { findings = Linter().findings(in: text) }
        #expect(findings == [])
        #expect(elapsed < .seconds(20), "a debug build took \(elapsed)")
    }

    @Test(arguments: [200, 1_000, 100_000])
    func `what is nested too deeply is told, and nothing more`(depth: Int) {
        var text = "{\"StartAt\":\"S\",\"States\":{\"S\":{\"Type\":\"Pass\",\"Result\":"
        text += String(repeating: "[", count: depth) + String(repeating: "]", count: depth) + ",\"End\":true}}}"
        let codes = Linter().findings(in: text).map(\.code)
        #expect(codes == (depth > 250 ? ["TOO_DEEP"] : []))
    }

    @Test func `states nested too deeply are an error with a place`() throws {
        var text = "{\"StartAt\":\"L\",\"States\":{\"L\":{\"Type\":\"Succeed\"}}}"
        for level in 0..<70 {
            let state = #"{"Type":"Parallel","End":true,"Branches":[\#(text)]}"#
            text = #"{"StartAt":"S\#(level)","States":{"S\#(level)":\#(state)}}"#
        }
        let findings = Linter().findings(in: text)
        #expect(findings.contains { $0.code == "TOO_DEEP" })
        #expect(findings.count <= 1_000)
    }

    @Test(arguments: ["null", "5", "\"x\"", "[]", "true", "[[[]]]", "{}", "{\"States\":5}", "{\"States\":{\"\":{}}}"])
    func `what is no machine at all is an error`(text: String) {
        #expect(Linter().findings(in: text).contains { $0.severity == .error })
    }

    @Test(.timeLimit(.minutes(1))) func `a definition with a thousand mistakes and more is answered with a thousand`() {
        let states = (0..<3_000).map { "\"S\($0)\":{\"Type\":\"Pass\",\"Nxt\":5,\"Next\":\"T\($0)\"}" }
        let text = "{\"StartAt\":\"S0\",\"States\":{\(states.joined(separator: ","))}}"
        #expect(Linter().findings(in: text).count == 1_000)
    }
}
