import StatesLanguage

/// The order in which a definition is drawn, line by line.
struct GraphWalk {
    /// What one line says, and how deep it stands.
    struct Line {
        enum Content {
            case state(MachineOutline.Node)
            /// The line between two states that follow each other.
            case rail
            /// The title of a branch.
            case branch(String)
            /// A way that does not simply go on below.
            case way(MachineOutline.Way, isMain: Bool, leadsBack: Bool)
        }

        let content: Content
        let depth: Int
    }

    /// States that lead to each other: the machine itself, or one branch.
    private struct Flow {
        let nodes: [MachineOutline.Node]
        let places: [String: Int]
        /// The loop that a state belongs to; nil where nothing leads from it back to it.
        var loops: [Int?]
        /// Whether a state has its line, or a place on the way that is drawn.
        var isTaken: [Bool]
        /// Whether a state's line is drawn.
        var isDrawn: [Bool]

        init(_ outline: MachineOutline) {
            let nodes = outline.nodes
            let places = Dictionary(
                nodes.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
            self.nodes = nodes
            self.places = places
            loops = Array(repeating: nil, count: nodes.count)
            isTaken = Array(repeating: false, count: nodes.count)
            isDrawn = isTaken
            let components = StrongComponents(count: nodes.count) { place in
                nodes[place].ways.compactMap { way in way.target.flatMap { places[$0] } }
            }
            for (loop, members) in components.loops.enumerated() { for place in members { loops[place] = loop } }
        }

        /// Whether a way goes up, to a state that leads to where the way begins.
        func leadsBack(from source: Int, to target: Int) -> Bool {
            isDrawn[target] && loops[target] != nil && loops[target] == loops[source]
        }

        /// Takes the states on the way of success from one on that are not taken yet.
        mutating func takeChain(from start: Int) -> [Int] {
            var chain: [Int] = []
            var next: Int? = start
            while let place = next, !isTaken[place] {
                isTaken[place] = true
                chain.append(place)
                next = nodes[place].ways.last?.target.flatMap { places[$0] }
            }
            return chain
        }
    }

    /// What is to be drawn.
    private enum Step {
        /// A branch with its title, or the machine itself.
        case flow(MachineOutline, title: String?, depth: Int)
        /// The states of a flow from a place on that nothing has led to.
        case rest(flow: Int, from: Int, depth: Int)
        /// A way of success, from the state at an index on.
        case chain(flow: Int, [Int], at: Int, depth: Int)
        case way(flow: Int, from: Int, MachineOutline.Way, isMain: Bool, depth: Int)
        case rail(depth: Int)
    }

    private var flows: [Flow] = []
    private var steps: [Step]

    init(_ outline: MachineOutline) {
        steps = [.flow(outline, title: nil, depth: 0)]
    }

    /// The next line; nil behind the last one.
    mutating func next() -> Line? {
        while let step = steps.popLast() {
            switch step {
            case .flow(let outline, let title, let depth):
                open(outline, depth: title == nil ? depth : depth + 1)
                if let title { return Line(content: .branch(title), depth: depth) }
            case .rest(let flow, let first, let depth): drawRest(of: flow, from: first, depth: depth)
            case .chain(let flow, let chain, let index, let depth):
                return state(of: flow, chain, at: index, depth: depth)
            case .way(let flow, let source, let way, let isMain, let depth):
                return self.way(of: flow, from: source, way, isMain: isMain, depth: depth)
            case .rail(let depth): return Line(content: .rail, depth: depth)
            }
        }
        return nil
    }

    /// One flow of states: the main way from its start, then what that has not reached.
    private mutating func open(_ outline: MachineOutline, depth: Int) {
        flows.append(Flow(outline))
        steps.append(.rest(flow: flows.count - 1, from: 0, depth: depth))
        if let start = flows[flows.count - 1].places[outline.start] {
            follow(from: start, in: flows.count - 1, depth: depth)
        }
    }

    private mutating func drawRest(of flow: Int, from first: Int, depth: Int) {
        guard let place = flows[flow].isTaken[first...].firstIndex(of: false) else { return }
        steps.append(.rest(flow: flow, from: place + 1, depth: depth))
        follow(from: place, in: flow, depth: depth)
    }

    /// What branches off a way may not take a state away that stands on it: the whole way is taken first.
    private mutating func follow(from place: Int, in flow: Int, depth: Int) {
        let chain = flows[flow].takeChain(from: place)
        if !chain.isEmpty { steps.append(.chain(flow: flow, chain, at: 0, depth: depth)) }
    }

    private mutating func state(of flow: Int, _ chain: [Int], at index: Int, depth: Int) -> Line {
        let place = chain[index]
        let node = flows[flow].nodes[place]
        flows[flow].isDrawn[place] = true
        let isLast = index + 1 == chain.count
        if !isLast {
            steps.append(.chain(flow: flow, chain, at: index + 1, depth: depth))
            steps.append(.rail(depth: depth))
        }
        for (number, way) in node.ways.enumerated().reversed() where isLast || number + 1 < node.ways.count {
            steps.append(.way(flow: flow, from: place, way, isMain: number + 1 == node.ways.count, depth: depth))
        }
        for (number, branch) in node.branches.enumerated().reversed() {
            let title = node.type == .map ? "each item" : "branch \(number + 1)"
            steps.append(.flow(branch, title: title, depth: depth))
        }
        return Line(content: .state(node), depth: depth)
    }

    private mutating func way(
        of flow: Int, from source: Int, _ way: MachineOutline.Way, isMain: Bool, depth: Int
    ) -> Line {
        var leadsBack = false
        if let target = way.target.flatMap({ flows[flow].places[$0] }) {
            leadsBack = flows[flow].leadsBack(from: source, to: target)
            follow(from: target, in: flow, depth: depth + 1)
        }
        return Line(content: .way(way, isMain: isMain, leadsBack: leadsBack), depth: depth)
    }
}
