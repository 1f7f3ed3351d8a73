/// A pattern as instructions for the matcher.
struct RegularExpressionProgram: Sendable {
    /// How many instructions a pattern may need.
    static let sizeLimit = 50_000

    enum Instruction: Sendable {
        case scalar(Unicode.Scalar, isBackward: Bool)
        case any(isBackward: Bool)
        case set(Int, isBackward: Bool)
        case lineStart, lineEnd
        case wordBoundary(isNegated: Bool)
        /// Goes on at the first place, and later at the second.
        case split(Int, Int)
        case jump(Int)
        case save(Int)
        case backreference(Int, isBackward: Bool)
        /// Tries what follows up to `accept`, then goes on at `next` from the same position.
        case look(isNegated: Bool, next: Int)
        case startCounter(Int)
        case loop(Loop)
        /// Takes as many characters of one kind as it can, and gives them back one by one.
        case run(Run)
        case accept
    }

    struct Loop: Sendable {
        let counter: Int
        let min: Int
        let max: Int
        let isLazy: Bool
        let groups: Range<Int>
        var exit: Int
    }

    struct Run: Sendable {
        let kind: Kind
        let min: Int
        let max: Int

        enum Kind: Sendable {
            case scalar(Unicode.Scalar)
            case any
            case set(Int)
        }
    }

    var instructions: [Instruction] = []
    var sets: [ScalarSet] = []
    var counterCount = 0
    let groupCount: Int
    let ignoresCase: Bool
    let isMultiline: Bool
}

/// Turns a pattern's tree into instructions.
struct RegularExpressionCompiler {
    private var program: RegularExpressionProgram
    private var names: [String: Int] = [:]

    init(groupCount: Int, ignoresCase: Bool, isMultiline: Bool) {
        program = RegularExpressionProgram(
            groupCount: groupCount, ignoresCase: ignoresCase, isMultiline: isMultiline)
    }

    mutating func compile(
        _ tree: RegularExpressionTree, names: [String: Int]
    ) throws(RegularExpressionError) -> RegularExpressionProgram {
        self.names = names
        try emit(tree, isBackward: false)
        try append(.accept)
        return program
    }

    private mutating func append(_ instruction: RegularExpressionProgram.Instruction) throws(RegularExpressionError) {
        guard program.instructions.count < RegularExpressionProgram.sizeLimit else {
            throw RegularExpressionError(message: "Regular expression too large")
        }
        program.instructions.append(instruction)
    }

    private var here: Int { program.instructions.count }

    private mutating func setIndex(_ set: ScalarSet) -> Int {
        program.sets.append(set)
        return program.sets.count - 1
    }

    private mutating func emit(
        _ tree: RegularExpressionTree, isBackward: Bool
    ) throws(RegularExpressionError) {
        switch tree {
        case .empty: break
        case .scalar(let scalar):
            let folded = program.ignoresCase ? RegularExpressionCase.folded(scalar) : scalar
            try append(.scalar(folded, isBackward: isBackward))
        case .any: try append(.any(isBackward: isBackward))
        case .set(let set): try append(.set(setIndex(set), isBackward: isBackward))
        case .sequence(let terms):
            for term in isBackward ? terms.reversed() : terms { try emit(term, isBackward: isBackward) }
        case .choice(let alternatives): try emit(choice: alternatives, isBackward: isBackward)
        case .group(let index, let inner):
            try append(.save(isBackward ? index * 2 + 1 : index * 2))
            try emit(inner, isBackward: isBackward)
            try append(.save(isBackward ? index * 2 : index * 2 + 1))
        case .backreference(let index): try append(.backreference(index, isBackward: isBackward))
        case .namedBackreference(let name):
            guard let index = names[name] else { throw RegularExpressionError(message: "Invalid named reference") }
            try append(.backreference(index, isBackward: isBackward))
        case .lineStart: try append(.lineStart)
        case .lineEnd: try append(.lineEnd)
        case .wordBoundary(let isNegated): try append(.wordBoundary(isNegated: isNegated))
        case .look(let isBehind, let isNegated, let inner):
            let start = here
            try append(.look(isNegated: isNegated, next: 0))
            try emit(inner, isBackward: isBehind)
            try append(.accept)
            program.instructions[start] = .look(isNegated: isNegated, next: here)
        case .repetition(let inner, let min, let max, let isLazy, let groups):
            try emit(repetition: inner, min, max, isLazy, groups, isBackward: isBackward)
        }
    }

    private mutating func emit(
        choice alternatives: [RegularExpressionTree], isBackward: Bool
    ) throws(RegularExpressionError) {
        var ends: [Int] = []
        for (position, alternative) in alternatives.enumerated() {
            guard position < alternatives.count - 1 else {
                try emit(alternative, isBackward: isBackward)
                break
            }
            let start = here
            try append(.split(0, 0))
            try emit(alternative, isBackward: isBackward)
            ends.append(here)
            try append(.jump(0))
            program.instructions[start] = .split(start + 1, here)
        }
        for end in ends { program.instructions[end] = .jump(here) }
    }

    private mutating func emit(
        repetition inner: RegularExpressionTree, _ min: Int, _ max: Int, _ isLazy: Bool, _ groups: Range<Int>,
        isBackward: Bool
    ) throws(RegularExpressionError) {
        if !isLazy, !isBackward, let kind = runKind(inner) {
            try append(.run(RegularExpressionProgram.Run(kind: kind, min: min, max: max)))
            return
        }
        let counter = program.counterCount
        program.counterCount += 1
        try append(.startCounter(counter))
        let start = here
        var loop = RegularExpressionProgram.Loop(
            counter: counter, min: min, max: max, isLazy: isLazy, groups: groups, exit: 0)
        try append(.loop(loop))
        try emit(inner, isBackward: isBackward)
        try append(.jump(start))
        loop.exit = here
        program.instructions[start] = .loop(loop)
    }

    private mutating func runKind(_ tree: RegularExpressionTree) -> RegularExpressionProgram.Run.Kind? {
        switch tree {
        case .scalar(let scalar):
            .scalar(program.ignoresCase ? RegularExpressionCase.folded(scalar) : scalar)
        case .any: .any
        case .set(let set): .set(setIndex(set))
        default: nil
        }
    }
}
