import LandlordTUI
import Testing

@Suite("Scroller")
struct ScrollerTests {
    private static func scroller(_ count: Int, more: Bool = false) -> Scroller<Int> {
        var scroller = Scroller<Int>()
        scroller.replace(with: Array(0..<count), hasMoreAfter: more)
        return scroller
    }

    @Test(arguments: [
        ([Scroller<Int>.Motion.down], 1, 0), ([.up], 0, 0), ([.pageDown], 4, 0), ([.pageDown, .pageDown], 8, 4),
        ([.bottom], 19, 15), ([.bottom, .up], 18, 15), ([.bottom, .top], 0, 0), ([.halfPageDown], 2, 0),
        ([.bottom, .pageUp], 15, 15), ([.bottom, .pageUp, .up], 14, 14), ([.to(7)], 7, 3), ([.to(99)], 0, 0),
    ])
    func `the window follows the cursor`(motions: [Scroller<Int>.Motion], cursor: Int, first: Int) {
        var scroller = Self.scroller(20)
        for motion in motions { _ = scroller.move(motion, height: 5) }
        #expect(scroller.cursor == cursor)
        #expect(scroller.visible(height: 5).first == first)
        #expect(scroller.cursorRow(height: 5) == cursor - first)
    }

    @Test func `the cursor stays on its row when rows come and go`() {
        var scroller = Self.scroller(10)
        _ = scroller.move(.to(5), height: 4)
        scroller.replace(with: [100, 101, 3, 5, 4, 9])
        #expect(scroller.cursor == 5)
        scroller.replace(with: [100, 9, 4])
        #expect(scroller.cursor == 4)
        scroller.replace(with: [])
        #expect(scroller.cursor == nil)
        scroller.replace(with: [8])
        #expect(scroller.cursor == 8)
    }

    @Test func `the next row is taken when the cursor's row goes, else the one before`() {
        var scroller = Self.scroller(5)
        _ = scroller.move(.to(2), height: 5)
        scroller.replace(with: [0, 1, 4])
        #expect(scroller.cursor == 4)
        scroller.replace(with: [0, 1])
        #expect(scroller.cursor == 1)
    }

    @Test func `pages are asked for before the end is reached`() {
        var scroller = Self.scroller(30, more: true)
        #expect(scroller.move(.down, height: 5) == nil)
        #expect(scroller.move(.to(25), height: 5) == nil)
        #expect(scroller.move(.down, height: 5) == .after(29))
        scroller.append([28, 29, 30, 31], hasMoreAfter: false)
        #expect(scroller.ids.count == 32)
        #expect(scroller.need(height: 5) == nil)
        #expect(scroller.move(.bottom, height: 5) == nil)
        #expect(scroller.cursor == 31)
    }

    @Test func `the ends of a list that is not loaded are loaded first`() {
        var scroller = Self.scroller(30, more: true)
        #expect(scroller.move(.bottom, height: 5) == .last)
        #expect(scroller.cursor == 0)
        scroller.replace(with: Array(90..<100), hasMoreBefore: true)
        #expect(scroller.move(.top, height: 5) == .first)
        #expect(scroller.move(.up, height: 5) == .before(90))
    }

    @Test func `a page too many forgets the other end`() {
        var scroller = Self.scroller(Scroller<Int>.limit, more: true)
        _ = scroller.move(.to(Scroller<Int>.limit - 1), height: 5)
        scroller.append([9_000_000], hasMoreAfter: false)
        #expect(scroller.ids.count == Scroller<Int>.limit)
        #expect(scroller.ids.first == 1)
        #expect(scroller.hasMoreBefore)
        #expect(scroller.cursor == Scroller<Int>.limit - 1)
    }

    @Test func `a held order waits until it is applied`() {
        var scroller = Self.scroller(4)
        scroller.replace(with: [3, 2, 1, 0], isHeld: true)
        #expect(scroller.ids == [0, 1, 2, 3])
        #expect(scroller.pendingCount == 4)
        scroller.applyPending()
        #expect(scroller.ids == [3, 2, 1, 0])
        #expect(scroller.pendingCount == 0)
        #expect(scroller.cursor == 0)
        scroller.replace(with: [3, 2, 1, 0], isHeld: true)
        #expect(scroller.pending == nil)
    }

    @Test func `marks are kept by identity`() {
        var scroller = Self.scroller(10)
        scroller.toggleMark()
        _ = scroller.move(.to(3), height: 5)
        scroller.markRange()
        #expect(scroller.marks == [0, 1, 2, 3])
        scroller.toggleMark()
        scroller.replace(with: [9, 1])
        #expect(scroller.marks == [0, 1, 2])
        scroller.unmark([1])
        scroller.mark([42])
        #expect(scroller.marks == [0, 2, 42])
        scroller.clearMarks()
        #expect(scroller.marks.isEmpty)
    }

    @Test(arguments: 0...30)
    func `a window shows only rows that exist, at any height`(height: Int) {
        var scroller = Self.scroller(12)
        _ = scroller.move(.to(9), height: 3)
        let window = scroller.window(height: height)
        #expect(window.count == min(height, 12))
        if height > 0 { #expect(window.contains(9)) }
    }
}
