import LandlordTestSupport
import StatesLanguage
import Testing

@testable import LandlordEngine

@Suite struct LiveRunsTests {
    private func run(_ id: String) throws -> MovingRun {
        let machine = StoredMachine(
            workflowID: "work", version: 1, machine: try StateMachine(definition: RunSample.document))
        let step = RunSample.beginning(id, of: machine).step
        return MovingRun(
            number: 1, id: id, tenantID: nil, parent: nil, machine: machine, state: step.transition.state,
            head: RunLog.Head())
    }

    @Test func `at the limit the runs that were not used for longest are forgotten`() throws {
        let live = LiveRuns(limit: 4)
        for id in ["a", "b", "c"] { _ = live.keep(try run(id)) }
        #expect(live.run("a") != nil)
        for id in ["d", "e"] { _ = live.keep(try run(id)) }
        #expect(live.run("b") == nil)
        #expect(live.run("a") != nil)
        #expect(live.run("e") != nil)
    }

    @Test func `a run is kept once, until it is forgotten`() throws {
        let live = LiveRuns()
        let first = live.keep(try run("a"))
        #expect(live.keep(try run("a")) === first)
        live.forget("a")
        #expect(live.run("a") == nil)
        #expect(live.keep(try run("a")) !== first)
    }

    @Test func `a run that a step never gave back is not moved`() throws {
        var moving: MovingRun?
        #expect(throws: RepositoryError.stale) { try RunWrite(&moving) { _ in nil } }
    }

    @Test func `a run has room for so many inputs and no more`() throws {
        let key = try RunKey(run: 3, part: RunKey.largestPart)
        #expect((key.run, key.part) == (3, RunKey.largestPart))
        #expect(throws: RepositoryError.self) { try RunKey(run: 3, part: RunKey.largestPart + 1) }
    }

    @Test func `a chain vouches for all that came before`() {
        let first = HashChain.next(previous: HashChain.genesis, "a", "b")
        #expect(first == HashChain.next(previous: HashChain.genesis, "ab"))
        #expect(first.count == 32)
        #expect(HashChain.next(previous: first, "c") != HashChain.next(previous: HashChain.genesis, "c"))
    }
}
