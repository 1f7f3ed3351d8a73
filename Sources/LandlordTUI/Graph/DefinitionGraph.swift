public import StatesLanguage

/// A definition drawn as text, with the states of a run lit.
///
/// Each state stands once, on the way on which it is reached first; every other way to it names it. The way of success
/// goes straight down, what branches off is indented, and the branches of a Parallel or Map stand inside of it.
public struct DefinitionGraph: Hashable, Sendable {
    /// One line of the drawing.
    public struct Line: Hashable, Sendable {
        /// What it says.
        public let text: String
        /// The state that stands on it; nil for lines that lead somewhere.
        public let state: String?
        /// How that is lit.
        public let light: RunLights.Light
    }

    /// How deep what branches off is indented; beyond that it stands where it is.
    private static let depthLimit = 12

    /// The lines, from the beginning to the end.
    public private(set) var lines: [Line] = []

    private let glyphs: GraphGlyphs
    private let lights: RunLights
    private var drawn: Set<String> = []

    /// Draws an outline.
    public init(_ outline: MachineOutline, lights: RunLights = RunLights(), isASCII: Bool = false) {
        self.lights = lights
        glyphs = isASCII ? .ascii : .unicode
        draw(outline, depth: 0)
    }

    /// One flow of states: the main way from its start, then what that has not reached.
    private mutating func draw(_ outline: MachineOutline, depth: Int) {
        let nodes = Dictionary(outline.nodes.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        draw(from: outline.start, among: nodes, depth: depth)
        for node in outline.nodes where !drawn.contains(node.name) { draw(from: node.name, among: nodes, depth: depth) }
    }

    /// The way of success from a state on, as far as it is new; what branches off it stands between.
    private mutating func draw(from start: String, among nodes: [String: MachineOutline.Node], depth: Int) {
        let way = chain(from: start, among: nodes)
        // What branches off may not take a state away that stands on this way.
        drawn.formUnion(way.map(\.name))
        for (index, node) in way.enumerated() {
            draw(node, depth: depth)
            for branch in node.branches.enumerated() {
                draw(branch.element, in: node, number: branch.offset, depth: depth)
            }
            let isLast = index + 1 == way.count
            for way in node.ways.dropLast(isLast ? 0 : 1) {
                draw(way, isMain: isLast && way == node.ways.last, among: nodes, depth: depth)
            }
            if !isLast { add(glyphs.down, depth: depth) }
        }
    }

    /// The states on the way of success from one on that are not drawn yet.
    private func chain(from start: String, among nodes: [String: MachineOutline.Node]) -> [MachineOutline.Node] {
        var chain: [MachineOutline.Node] = []
        var seen = drawn
        var next: String? = start
        while let name = next, let node = nodes[name], seen.insert(name).inserted {
            chain.append(node)
            next = node.ways.last?.target
        }
        return chain
    }

    private mutating func draw(_ node: MachineOutline.Node, depth: Int) {
        let light = lights.light(of: node.name)
        var words = ["\(glyphs.mark(light)) \(node.name)", node.type.rawValue]
        if let resource = node.resource { words.append(resource) }
        let note = lights.note(on: node.name)
        if !note.isEmpty { words.append("(\(note))") }
        lines.append(
            Line(text: indent(depth) + words.joined(separator: "  "), state: node.name, light: light))
    }

    private mutating func draw(_ branch: MachineOutline, in node: MachineOutline.Node, number: Int, depth: Int) {
        let title = node.type == .map ? "each item" : "branch \(number + 1)"
        add("\(glyphs.down) \(title)", depth: depth)
        draw(branch, depth: depth + 1)
    }

    /// A way that does not simply go on below.
    private mutating func draw(
        _ way: MachineOutline.Way, isMain: Bool, among nodes: [String: MachineOutline.Node], depth: Int
    ) {
        guard let target = way.target else {
            add("\(glyphs.last) \(glyphs.arrow) end", depth: depth)
            return
        }
        let words = way.reason.words
        let label = words.isEmpty ? "" : "\(words) "
        add("\(isMain ? glyphs.last : glyphs.branch) \(label)\(glyphs.arrow) \(target)", depth: depth)
        guard !drawn.contains(target) else { return }
        draw(from: target, among: nodes, depth: depth + 1)
    }

    private mutating func add(_ text: String, depth: Int) {
        lines.append(Line(text: indent(depth) + text, state: nil, light: .dark))
    }

    private func indent(_ depth: Int) -> String {
        String(repeating: "\(glyphs.rail)   ", count: min(depth, Self.depthLimit))
    }
}

/// What a graph is drawn with.
private struct GraphGlyphs: Hashable, Sendable {
    let down: String
    let rail: String
    let branch: String
    let last: String
    let arrow: String
    private let marks: [RunLights.Light: String]

    static let unicode = GraphGlyphs(
        down: "│", rail: "│", branch: "├", last: "└", arrow: "→",
        marks: [.dark: "○", .active: "◉", .passed: "●", .failed: "✗"])
    static let ascii = GraphGlyphs(
        down: "|", rail: "|", branch: "+", last: "+", arrow: "->",
        marks: [.dark: "o", .active: ">", .passed: "*", .failed: "!"])

    func mark(_ light: RunLights.Light) -> String { marks[light] ?? "" }
}
