import LandlordDomain
import LandlordTestSupport
import StatesLanguage
import Testing

@testable import LandlordTUI

@Suite("The graph of a definition") struct DefinitionGraphTests {
    private func outline(_ text: String) throws -> MachineOutline {
        MachineOutline(try StateMachine(definition: JSONValue(parsing: text)))
    }

    @Test func `the way of success goes down, what branches off is indented, each state stands once`() throws {
        let graph = DefinitionGraph(
            try outline(
                #"""
                {"StartAt":"Check","States":{
                  "Check":{"Type":"Task","Resource":"r","Next":"Big?","Catch":[{"ErrorEquals":["E"],"Next":"Give up"}]},
                  "Big?":{"Type":"Choice","Default":"Pay",
                    "Choices":[{"Variable":"$.n","NumericGreaterThan":5,"Next":"Ask"}]},
                  "Ask":{"Type":"Pass","Next":"Check"},
                  "Pay":{"Type":"Map","ItemProcessor":{"StartAt":"One","States":{"One":{"Type":"Wait","Seconds":1,
                    "End":true}}},"End":true},
                  "Give up":{"Type":"Fail"}}}
                """#), isASCII: true)
        #expect(
            graph.lines.map(\.text.string) == [
                "o Check  Task  r",
                "+ on E -> Give up",
                "|   o Give up  Fail",
                "|",
                "o Big?  Choice",
                "+ $.n NumericGreaterThan 5 -> Ask",
                "|   o Ask  Pass",
                "|   + ^ Check",
                "|",
                "o Pay  Map",
                "| each item",
                "|   o One  Wait",
                "|   + -> end",
                "+ -> end",
            ])
    }

    @Test func `every state stands once and every way is drawn, whatever leads where`() throws {
        var random = SeededRandom(seed: 12)
        for _ in 0..<200 {
            let count = 1 + Int(random.next() % 30)
            func any() -> String { "S\(random.next() % UInt64(count))" }
            var states = JSONObject()
            for number in 0..<count {
                // The next one is led to, so that all can be reached.
                let next = number + 1 < count ? "S\(number + 1)" : "End"
                switch random.next() % 3 {
                case 0:
                    states["S\(number)"] = [
                        "Type": "Choice", "Default": .string(next),
                        "Choices": [["Variable": "$.x", "IsNull": true, "Next": .string(any())]],
                    ]
                case 1:
                    states["S\(number)"] = [
                        "Type": "Task", "Resource": "r", "Next": .string(next),
                        "Catch": [["ErrorEquals": ["E"], "Next": .string(any())]],
                    ]
                default: states["S\(number)"] = ["Type": "Pass", "Next": .string(next)]
                }
            }
            states["End"] = ["Type": "Succeed"]
            let machine = try StateMachine(definition: ["StartAt": "S0", "States": .object(states)])
            let outline = MachineOutline(machine)
            let lines = DefinitionGraph(outline).lines
            #expect(lines.compactMap(\.state).sorted() == outline.nodes.map(\.name).sorted())
            for node in outline.nodes {
                let place = try #require(lines.firstIndex { $0.state == node.name })
                for way in node.ways {
                    // Either the next state stands below, or a line names it.
                    let target = try #require(way.target)
                    let below = lines[place...].dropFirst().first { $0.state != nil && !$0.text.string.contains("→") }
                    let named = lines.contains { line in
                        line.state == nil && ["→", "↑"].contains { line.text.string.hasSuffix("\($0) \(target)") }
                    }
                    #expect(named || below?.state == target || way == node.ways.last)
                }
            }
        }
    }

    @Test(arguments: [20, 80])
    func `thousands of states that branch off each other keep to the width`(width: Int) throws {
        // Each Choice branches off the next, so that each stands a level deeper than the one before.
        let count = 10_000
        let states = (0..<count).map { number -> (String, JSONValue) in
            let rule: JSONValue = [
                "Variable": "$.x", "IsNull": true, "Next": .string(number + 1 < count ? "S\(number + 1)" : "End"),
            ]
            return ("S\(number)", ["Type": "Choice", "Default": "End", "Choices": [rule]])
        }
        var object = JSONObject()
        for (name, state) in states { object[name] = state }
        object["End"] = ["Type": "Succeed"]
        let machine = try StateMachine(definition: ["StartAt": "S0", "States": .object(object)])
        let lines = DefinitionGraph(MachineOutline(machine), width: width).lines
        #expect(lines.compactMap(\.state).count == count + 1)
        #expect(Set(lines.compactMap(\.state)).count == count + 1)
        #expect(lines.allSatisfy { $0.text.width <= width })
        let deepest = lines.last { $0.state == "S9999" }
        #expect(deepest?.text.string.contains("…9999 ○ S9999") == true || width == 20, "its level is told")
    }

    @Test func `a way upwards that leads to itself is marked as going back, one that does not is not`() throws {
        let lines = DefinitionGraph(
            try outline(
                #"""
                {"StartAt":"A","States":{
                  "A":{"Type":"Choice","Default":"B","Choices":[{"Variable":"$.n","IsNull":true,"Next":"X"}]},
                  "X":{"Type":"Succeed"},
                  "B":{"Type":"Choice","Default":"C","Choices":[
                    {"Variable":"$.n","IsNull":true,"Next":"X"},{"Variable":"$.m","IsNull":true,"Next":"B"}]},
                  "C":{"Type":"Pass","Next":"A"}}}
                """#)
        ).lines.map(\.text.string)
        #expect(lines.contains("├ $.n IsNull true → X"))
        #expect(lines.contains("├ $.m IsNull true ↑ B"))
        #expect(lines.last == "└ ↑ A")
    }

    @Test func `what does not fit is cut and says so`() throws {
        let lines = DefinitionGraph(
            try outline(
                #"{"StartAt":"A long name of a state","States":{"A long name of a state":{"Type":"Succeed"}}}"#),
            width: 16, isASCII: true
        ).lines
        #expect(lines.map(\.text.string) == ["o A long name o~"])
        #expect(lines.map(\.state) == ["A long name of a state"])
    }

    @Test func `where a way does not fit, its reason is cut and not the state that it leads to`() throws {
        let lines = DefinitionGraph(
            try outline(
                #"""
                {"StartAt":"A","States":{
                  "A":{"Type":"Choice","Default":"B","Choices":[{"Variable":"$.amount","IsNull":true,"Next":"Refuse"}]},
                  "B":{"Type":"Succeed"},"Refuse":{"Type":"Fail"}}}
                """#), width: 20, isASCII: true
        ).lines.map(\.text.string)
        #expect(lines[1] == "+ $.amoun~ -> Refuse")
    }

    @Test func `a state whose error is caught is lit as that and not as passed`() {
        func lights(_ types: [HistoryEventType]) -> RunLights {
            let events = types.enumerated().map { index, type in
                HistoryEvent(
                    id: index + 1, previousEventID: index, type: type, timestamp: .sample,
                    details: type.rawValue.hasSuffix("ed") && type.rawValue.contains("State") ? ["name": "A"] : [:])
            }
            return RunLights(events, isRunning: true)
        }
        let entered: [HistoryEventType] = [.taskStateEntered, .taskScheduled]
        #expect(lights(entered + [.taskFailed, .taskStateExited]).light(of: "A") == .caught)
        #expect(lights(entered + [.taskTimedOut, .taskStateExited]).light(of: "A") == .caught)
        let again = entered + [.taskFailed, .taskScheduled, .taskSucceeded, .taskStateExited]
        #expect(lights(again).light(of: "A") == .passed, "an error that was tried again is none")
        #expect(
            lights([.mapStateEntered, .mapIterationFailed, .mapStateSucceeded, .mapStateExited]).light(of: "A")
                == .passed)
    }

    @Test(arguments: [
        #"{"Type":"Fail","Error":"E"}"#,
        #"{"Type":"Pass","Parameters":{"x.$":"States.StringToJson('{')"},"End":true}"#,
    ])
    func `a state that failed in a branch is not lit as one where the run is`(state: String) throws {
        for container in [
            #"{"Type":"Parallel","Branches":[{"StartAt":"A","States":{"A":\#(state)}}],"#,
            #"{"Type":"Map","ItemsPath":"$.items","ItemProcessor":{"StartAt":"A","States":{"A":\#(state)}},"#,
        ] {
            let text = """
                {"StartAt":"P","States":{"P":\(container)"Catch":[{"ErrorEquals":["States.ALL"],"Next":"C"}],
                "Next":"C"},"C":{"Type":"Wait","Seconds":60,"End":true}}}
                """
            let start = RunStart(
                input: ["n": 1, "items": [["n": 1]]], runID: "r", runName: "r", machineID: "m", machineName: "m")
            let events = Interpreter.begin(
                machine: try StateMachine(definition: JSONValue(parsing: text)), start: start,
                stamp: Stamp(now: .sample, seed: 1)
            ).events
            let lights = RunLights(events, isRunning: true)
            #expect(["P", "A", "C"].map(lights.light) == [.caught, .failed, .active], "\(events.map(\.type))")
        }
    }

    @Test func `a run lights where it has been, where it is and where it failed`() throws {
        func events(_ steps: [(HistoryEventType, String?)]) -> [HistoryEvent] {
            steps.enumerated().map { index, step in
                HistoryEvent(
                    id: index + 1, previousEventID: index, type: step.0, timestamp: .sample,
                    details: step.1.map { ["name": .string($0)] } ?? [:])
            }
        }
        let steps: [(HistoryEventType, String?)] = [
            (.executionStarted, nil), (.passStateEntered, "A"), (.passStateExited, "A"), (.taskStateEntered, "B"),
            (.taskScheduled, nil), (.taskFailed, nil), (.taskScheduled, nil),
        ]
        let running = RunLights(events(steps), isRunning: true)
        #expect(["A", "B", "C"].map(running.light) == [.passed, .active, .dark])
        #expect(running.note(on: "B") == "2 attempts")
        var part = running
        part.moveOn(to: ["C"], as: .active)
        #expect(["A", "B", "C"].map(part.light) == [.passed, .passed, .active])
        let failed = RunLights(events(steps + [(.taskFailed, nil), (.executionFailed, nil)]), isRunning: false)
        #expect(failed.light(of: "B") == .failed)
    }
}
