import LandlordDomain
import LandlordTestSupport
import StatesLanguage
import Testing

@testable import LandlordTUI

/// The history of a run on its screen, of which one part after the other is read.
struct RunDetailTests {
    private static let height = 20

    /// A run whose history has grown to so many events.
    private struct Reader {
        var count: Int
        var readCount = 0

        mutating func read(_ part: HistoryPart) -> RunFacts {
            readCount += 1
            let start = part.start(of: count)
            var run = RunWhyTests.run()
            run = WorkflowRun(
                id: run.id, workflowID: run.workflowID, definitionVersion: 1, status: .running, subState: .running,
                currentState: "Pay", retryCount: 0, wakeAt: nil, input: [:], output: nil, error: nil, tenantID: nil,
                trigger: "ana", inputCount: 1, eventCount: count, createdAt: .sample, updatedAt: .sample, endedAt: nil)
            var facts = RunFacts(run: run)
            facts.part = part
            facts.history = (start..<min(count, start + HistoryPart.limit)).map { number in
                HistoryEvent(
                    id: number + 1, previousEventID: number, type: .passStateEntered, timestamp: .sample,
                    details: ["name": .string("S\(number + 1)")])
            }
            return facts
        }
    }

    private struct Screen {
        var detail = RunDetail(id: "r")
        var reader: Reader
        let tab: RunDetail.Tab

        init(_ tab: RunDetail.Tab, events: Int) {
            self.tab = tab
            reader = Reader(count: events)
            detail.open(tab)
            load()
        }

        private(set) var lines: [TextPane.Line] = []

        /// The numbers of the events that are shown.
        var shown: [Int] {
            let limit = max(0, lines.count - height)
            let row = detail.isFollowing ? limit : min(limit, detail.scrolledRows)
            return lines[row...].prefix(height).compactMap(\.subject)
        }

        mutating func load() {
            detail.take(reader.read(detail.part), part: detail.part)
            lines = DetailText.lines(of: detail, now: .sample, width: 100)
            detail.restore(over: lines, height: height)
        }

        /// Moves, and reads what is asked for.
        mutating func press(_ move: Move) {
            if detail.move(move, over: lines, height: height) { load() }
        }
    }

    @Test(arguments: [
        (RunDetail.Tab.history, 40), (.history, 1_000), (.history, 1_001), (.history, 2_730), (.raw, 1_100),
        (.timeline, 1_600),
    ])
    func `every event comes by, down and up again`(tab: RunDetail.Tab, count: Int) {
        var screen = Screen(tab, events: count)
        var seen: Set<Int> = []
        var last = 0
        for _ in 0..<count {
            seen.formUnion(screen.shown)
            guard let first = screen.shown.first, !screen.shown.contains(count) else { break }
            #expect(first >= last)
            last = first
            screen.press(.pageDown)
        }
        #expect(seen == Set(1...count))
        #expect(screen.lines.count <= HistoryPart.limit * 16)
        (seen, last) = ([], count)
        for _ in 0..<count {
            seen.formUnion(screen.shown)
            guard let first = screen.shown.first, first > 1 else { break }
            #expect(first <= last)
            last = first
            screen.press(.pageUp)
        }
        #expect(seen == Set(1...count))
        #expect(screen.reader.readCount <= 2 + 2 * (count / HistoryPart.step))
    }

    @Test func `G goes to the last event and stays with it, g goes to the first`() {
        var screen = Screen(.history, events: 25_000)
        #expect(screen.lines.last?.text.string == "24000 later events; G goes to the last")
        screen.press(.bottom)
        #expect(screen.shown.last == 25_000)
        #expect(screen.lines.first?.text.string == "24000 earlier events; g goes to the first")
        screen.reader.count = 25_003
        screen.load()
        #expect(screen.shown.last == 25_003)
        screen.press(.up)
        #expect(screen.shown.last == 25_002)
        screen.reader.count = 25_900
        screen.load()
        #expect(screen.shown.last == 25_002, "who looks at something keeps it in sight")
        screen.press(.top)
        #expect(screen.shown.first == 1)
        #expect(screen.reader.readCount == 5)
    }

    @Test func `a part that is no longer wanted is let go`() {
        var screen = Screen(.history, events: 3_000)
        let former = screen.reader.read(.after(0))
        let mustRead = screen.detail.move(.bottom, over: screen.lines, height: Self.height)
        #expect(mustRead)
        screen.detail.take(former, part: .after(0))
        let mustReadMore = screen.detail.move(.up, over: screen.lines, height: Self.height)
        #expect(!mustReadMore, "the end is under way")
        screen.load()
        #expect(screen.shown.last == 3_000)
    }

    @Test func `a graph is lit from the first event on`() {
        var screen = Screen(.history, events: 3_000)
        screen.press(.bottom)
        screen.detail.open(.graph)
        #expect(screen.detail.part == .after(0))
    }
}
