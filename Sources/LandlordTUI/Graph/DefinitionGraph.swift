public import StatesLanguage

// The drawing is a walk over the states that writes a line for each. A definition may have thousands of states, each of
// which branches off the one before, so what is still to be drawn is kept in a list of its own and not on the stack of
// the program: the last entry is drawn next, and puts what belongs behind its line on the list in reverse.

/// A definition drawn as text, with the states of a run lit.
///
/// Each state stands once, on the way on which it is reached first; every other way to it names it, with an arrow
/// upwards where the run would go back to it. The way of success goes straight down, what branches off is indented, and
/// the branches of a Parallel or Map stand inside of it. What does not fit into the width is cut and marked as cut;
/// what is nested deeper than a few levels stands at the deepest of them, with its level as a number.
public struct DefinitionGraph: Hashable, Sendable {
    /// One line of the drawing.
    public struct Line: Hashable, Sendable {
        /// What it says.
        public let text: DisplayText
        /// The state that stands on it; nil for lines that lead somewhere.
        public let state: String?
        /// How that is lit.
        public let light: RunLights.Light
    }

    /// How deep what branches off is indented at most, whatever the width.
    private static let depthLimit = 12
    /// The columns that one level takes.
    private static let levelColumns = 4
    /// The fewest columns that are drawn into; a narrower width is taken as this.
    private static let widthMinimum = 12

    /// The lines, from the beginning to the end.
    public private(set) var lines: [Line] = []

    private let glyphs: GraphGlyphs
    private let lights: RunLights
    private let width: Int
    private let levels: Int

    /// Draws an outline.
    ///
    /// - Parameters:
    ///   - outline: What to draw.
    ///   - lights: Where a run has been.
    ///   - width: How many columns a line takes at most; at least 12 are taken, and nil stands for no limit.
    ///   - isASCII: Whether to draw with plain characters.
    public init(
        _ outline: MachineOutline, lights: RunLights = RunLights(), width: Int? = nil, isASCII: Bool = false
    ) {
        self.lights = lights
        self.width = max(Self.widthMinimum, width ?? Int.max)
        levels = min(Self.depthLimit, self.width / 2 / Self.levelColumns)
        glyphs = isASCII ? .ascii : .unicode
        var walk = GraphWalk(outline)
        while let step = walk.next() { draw(step) }
    }

    private mutating func draw(_ step: GraphWalk.Line) {
        switch step.content {
        case .state(let node): draw(node, depth: step.depth)
        case .rail: add(glyphs.down, depth: step.depth)
        case .branch(let title): add("\(glyphs.down) \(title)", depth: step.depth)
        case .way(let way, let isMain, let leadsBack):
            let corner = isMain ? glyphs.last : glyphs.branch
            guard let target = way.target else { return add("\(corner) \(glyphs.arrow) end", depth: step.depth) }
            let end = "\(leadsBack ? glyphs.loop : glyphs.arrow) \(target)"
            add("\(corner) \(label(of: way, before: end, depth: step.depth))\(end)", depth: step.depth)
        }
    }

    /// The reason of a way; where both do not fit, the reason is cut and not the state that it leads to.
    private func label(of way: MachineOutline.Way, before end: String, depth: Int) -> String {
        guard !way.reason.words.isEmpty else { return "" }
        let label = DisplayText.sanitize(way.reason.words)
        let room = width - DisplayText.sanitize(indent(depth) + end).width - 3
        guard label.width > room else { return label.string + " " }
        return room > 1 ? label.truncated(to: room, ellipsis: glyphs.ellipsis).string + " " : ""
    }

    private func indent(_ depth: Int) -> String {
        let rails = String(repeating: "\(glyphs.rail)   ", count: min(depth, levels))
        return depth > levels ? rails + "\(DisplayText(glyphs.ellipsis).string)\(depth) " : rails
    }

    private mutating func draw(_ node: MachineOutline.Node, depth: Int) {
        let light = lights.light(of: node.name)
        var words = ["\(glyphs.mark(light)) \(node.name)", node.type.rawValue]
        let note = lights.note(on: node.name)
        if !note.isEmpty { words.append("(\(note))") }
        if let resource = node.resource { words.append(resource) }
        add(words.joined(separator: "  "), depth: depth, state: node.name, light: light)
    }

    private mutating func add(_ text: String, depth: Int, state: String? = nil, light: RunLights.Light = .dark) {
        var line = DisplayText.sanitize(indent(depth) + text)
        if line.width > width { line = line.truncated(to: width, ellipsis: glyphs.ellipsis) }
        lines.append(Line(text: line, state: state, light: light))
    }
}

/// What a graph is drawn with.
private struct GraphGlyphs: Hashable, Sendable {
    let down: String
    let rail: String
    let branch: String
    let last: String
    let arrow: String
    let loop: String
    let ellipsis: Glyph
    private let marks: [RunLights.Light: String]

    static let unicode = GraphGlyphs(
        down: "│", rail: "│", branch: "├", last: "└", arrow: "→", loop: DisplayText(GlyphSet.unicode.back).string,
        ellipsis: GlyphSet.unicode.ellipsis,
        marks: [.dark: "○", .active: "◉", .passed: "●", .caught: "◍", .failed: "✗"])
    static let ascii = GraphGlyphs(
        down: "|", rail: "|", branch: "+", last: "+", arrow: "->", loop: DisplayText(GlyphSet.ascii.back).string,
        ellipsis: GlyphSet.ascii.ellipsis,
        marks: [.dark: "o", .active: ">", .passed: "*", .caught: "x", .failed: "!"])

    func mark(_ light: RunLights.Light) -> String { marks[light] ?? "" }
}
