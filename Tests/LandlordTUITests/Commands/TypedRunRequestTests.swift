import LandlordDomain
import LandlordTestSupport
import StatesLanguage
import Testing

@testable import LandlordTUI

@Suite struct TypedRunRequestTests {
    @Test(
        arguments: [
            ("go", "go", .null), ("go {\"n\": 1}", "go", ["n": 1]), ("  go   [1, 2] ", "go", [1, 2]), ("go 7", "go", 7),
            ("go \"a b\"", "go", "a b"),
        ] as [(String, String, JSONValue)])
    func `a signal is a name and JSON`(text: String, name: String, data: JSONValue) throws {
        let request = try TypedRunRequest.signal(text, to: "order-7").get()
        #expect(request.verb == .signal("order-7", name: name, data: data))
    }

    @Test(
        arguments: [
            ("order", .start("order", name: nil, input: [:])), ("order x-1", .start("order", name: "x-1", input: [:])),
            ("order {\"n\": 1}", .start("order", name: nil, input: ["n": 1])),
            ("order x-1 {\"n\": 1}", .start("order", name: "x-1", input: ["n": 1])),
        ] as [(String, ConsoleVerb)])
    func `a start is a workflow, perhaps a name, and JSON`(text: String, verb: ConsoleVerb) throws {
        #expect(try TypedRunRequest.start(text).get().verb == verb)
    }

    @Test(arguments: [
        ("", "one name"), ("go now", "one name"), ("go {", "not JSON"), ("go {} {}", "not JSON"),
    ])
    func `what is no signal is told why`(text: String, words: String) {
        let problem = #expect(throws: TypedRunProblem.self) { try TypedRunRequest.signal(text, to: "r").get() }
        #expect(problem?.message.contains(words) == true)
    }

    @Test(arguments: [
        ("", "perhaps a name"), ("Order", "no workflow"), ("order x y", "perhaps a name"), ("order a/b", "no name"),
        ("order {", "not JSON"),
    ])
    func `what is no start is told why`(text: String, words: String) {
        let problem = #expect(throws: TypedRunProblem.self) { try TypedRunRequest.start(text).get() }
        #expect(problem?.message.contains(words) == true)
    }

    private func type(_ text: String, in journey: inout Journey) {
        for character in text { journey.press(character == " " ? .space : .character(character)) }
        journey.press(.enter)
    }

    private func asked(_ journey: Journey) -> [ConsoleVerb]? {
        guard case .confirm(let change) = journey.model.modal, case .submit(let verbs) = change.consequence else {
            return nil
        }
        return verbs
    }

    @Test func `a signal is typed, asked about, and sent only after that`() throws {
        var journey = try Journey.fleet()
        try RunScene.show("runs", in: &journey)
        journey.press(.character("I"))
        type("go {", in: &journey)
        guard case .prompt(let state) = journey.model.modal else {
            Issue.record("What cannot be understood does not stay.")
            return
        }
        #expect(state.prompt.problem.string.contains("not JSON"))
        journey.press(.escape, .character("I"))
        type("go {\"n\": 1}", in: &journey)
        #expect(asked(journey) == [.signal("loan-1", name: "go", data: ["n": 1])])
        journey.press(.escape, .down, .character("I"))
        #expect(journey.model.modal == nil, "a run that is over takes no signals")
    }

    @Test func `a run is begun from the list`() throws {
        var journey = try Journey.fleet()
        try RunScene.show("runs", in: &journey)
        journey.press(.character("B"))
        type("loan loan-9 {}", in: &journey)
        #expect(asked(journey) == [.start("loan", name: "loan-9", input: [:])])
    }
}
