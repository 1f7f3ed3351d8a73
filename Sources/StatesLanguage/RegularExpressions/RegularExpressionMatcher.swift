/// Runs the instructions of a pattern on a text.
///
/// It goes forward as long as it can and notes on a stack where it chose and what it overwrote; at a dead end it
/// takes back
/// everything up to the last choice and tries the other way.
struct RegularExpressionMatcher {
    private enum Entry {
        case choice(instruction: Int, position: Int)
        /// A run of characters that may still be shortened down to `least`.
        case run(instruction: Int, position: Int, least: Int)
        case capture(Int, Int)
        case counter(Int, count: Int, position: Int)
    }

    private let program: RegularExpressionProgram
    private let text: [Unicode.Scalar]
    private(set) var budget: Int
    private(set) var captures: [Int]
    private var counts: [Int]
    private var positions: [Int]
    private var stack: [Entry] = []

    init(program: RegularExpressionProgram, text: [Unicode.Scalar], budget: Int) {
        self.program = program
        self.text = text
        self.budget = budget
        captures = Array(repeating: -1, count: program.groupCount * 2 + 2)
        counts = Array(repeating: 0, count: program.counterCount)
        positions = counts
    }

    /// Tells whether the pattern matches from a position on; then the captures hold what it took.
    mutating func matches(at position: Int) throws(RegularExpressionError) -> Bool {
        for index in captures.indices { captures[index] = -1 }
        stack.removeAll(keepingCapacity: true)
        guard let end = try run(from: 0, at: position) else { return false }
        captures[0] = position
        captures[1] = end
        return true
    }

    /// Runs up to `accept` and answers the position there; then all choices of this run are settled.
    private mutating func run(from start: Int, at origin: Int) throws(RegularExpressionError) -> Int? {
        let base = stack.count
        var instruction = start
        var position = origin
        while true {
            budget -= 1
            guard budget >= 0 else { throw .budget }
            let isAlive: Bool
            switch program.instructions[instruction] {
            case .accept:
                settle(to: base)
                return position
            case .jump(let target):
                instruction = target
                continue
            case .split(let first, let second):
                try push(.choice(instruction: second, position: position))
                instruction = first
                continue
            case .loop(let loop): isAlive = try enter(loop, &instruction, position)
            case .look(let isNegated, let next):
                isAlive = try look(from: instruction + 1, at: position, isNegated: isNegated)
                instruction = next - 1
            case .run(let run): isAlive = try take(run, instruction, &position)
            case let other: isAlive = try step(other, &position)
            }
            instruction += 1
            if !isAlive {
                guard let (next, place) = backtrack(to: base) else { return nil }
                (instruction, position) = (next, place)
            }
        }
    }

    private mutating func push(_ entry: Entry) throws(RegularExpressionError) {
        guard stack.count < RegularExpression.backtrackLimit else { throw .budget }
        stack.append(entry)
    }

    /// Takes back everything up to the last choice of this run.
    private mutating func backtrack(to base: Int) -> (Int, Int)? {
        while stack.count > base, let entry = stack.popLast() {
            switch entry {
            case .choice(let instruction, let position): return (instruction, position)
            case .run(let instruction, let position, let least):
                if position - 1 > least {
                    stack.append(.run(instruction: instruction, position: position - 1, least: least))
                }
                return (instruction, position - 1)
            case .capture(let index, let old): captures[index] = old
            case .counter(let index, let count, let position): (counts[index], positions[index]) = (count, position)
            }
        }
        return nil
    }

    /// Forgets the choices of a run that has succeeded, and keeps what it overwrote for the run around it.
    private mutating func settle(to base: Int) {
        var kept = base
        for index in base..<stack.count {
            switch stack[index] {
            case .choice, .run: continue
            case .capture, .counter:
                stack[kept] = stack[index]
                kept += 1
            }
        }
        stack.removeLast(stack.count - kept)
    }

    private mutating func look(
        from start: Int, at position: Int, isNegated: Bool
    ) throws(RegularExpressionError) -> Bool {
        let base = stack.count
        let isFound = try run(from: start, at: position) != nil
        if isNegated, isFound { _ = backtrack(to: base) }
        return isFound != isNegated
    }

    /// Begins one more round of a loop or leaves it.
    private mutating func enter(
        _ loop: RegularExpressionProgram.Loop, _ instruction: inout Int, _ position: Int
    ) throws(RegularExpressionError) -> Bool {
        let count = counts[loop.counter]
        // A round beyond the least that took nothing would go on for ever.
        if count > loop.min, positions[loop.counter] == position { return false }
        let (body, exit) = (instruction + 1, loop.exit)
        guard count < loop.max else {
            instruction = exit - 1
            return true
        }
        if count >= loop.min {
            if loop.isLazy {
                // Entering is the other way here, which must begin with the counting: a second look at the loop does
                // it.
                if positions[loop.counter] != -2 - position {
                    try push(.counter(loop.counter, count: count, position: positions[loop.counter]))
                    positions[loop.counter] = -2 - position
                    try push(.choice(instruction: instruction, position: position))
                    instruction = exit - 1
                    return true
                }
            } else {
                try push(.choice(instruction: exit, position: position))
            }
        }
        try push(.counter(loop.counter, count: count, position: positions[loop.counter]))
        counts[loop.counter] = count + 1
        positions[loop.counter] = position
        for group in loop.groups {
            try save(group * 2, -1)
            try save(group * 2 + 1, -1)
        }
        instruction = body - 1
        return true
    }

    private mutating func save(_ index: Int, _ value: Int) throws(RegularExpressionError) {
        guard captures[index] != value else { return }
        try push(.capture(index, captures[index]))
        captures[index] = value
    }

    private mutating func take(
        _ run: RegularExpressionProgram.Run, _ instruction: Int, _ position: inout Int
    ) throws(RegularExpressionError) -> Bool {
        let start = position
        let limit = run.max >= text.count - start ? text.count : start + run.max
        while position < limit, fits(text[position], run.kind) { position += 1 }
        budget -= position - start
        guard position - start >= run.min else { return false }
        if position - start > run.min {
            try push(.run(instruction: instruction + 1, position: position, least: start + run.min))
        }
        return true
    }

    private func fits(_ scalar: Unicode.Scalar, _ kind: RegularExpressionProgram.Run.Kind) -> Bool {
        switch kind {
        case .scalar(let wanted):
            program.ignoresCase ? RegularExpressionCase.folded(scalar) == wanted : scalar == wanted
        case .any: !Self.isLineEnd(scalar)
        case .set(let index): program.sets[index].contains(scalar, ignoresCase: program.ignoresCase)
        }
    }

    // MARK: Single instructions

    private mutating func step(
        _ instruction: RegularExpressionProgram.Instruction, _ position: inout Int
    ) throws(RegularExpressionError) -> Bool {
        switch instruction {
        case .scalar(let wanted, let isBackward): return take(.scalar(wanted), isBackward, &position)
        case .any(let isBackward): return take(.any, isBackward, &position)
        case .set(let index, let isBackward): return take(.set(index), isBackward, &position)
        case .lineStart: return position == 0 || (program.isMultiline && Self.isLineEnd(text[position - 1]))
        case .lineEnd: return position == text.count || (program.isMultiline && Self.isLineEnd(text[position]))
        case .wordBoundary(let isNegated):
            let before = position > 0 && ScalarSet.word.contains(text[position - 1], ignoresCase: false)
            let after = position < text.count && ScalarSet.word.contains(text[position], ignoresCase: false)
            return (before != after) != isNegated
        case .save(let index):
            try save(index, position)
            return true
        case .backreference(let index, let isBackward): return repeats(index, isBackward, &position)
        case .startCounter(let index):
            try push(.counter(index, count: counts[index], position: positions[index]))
            (counts[index], positions[index]) = (0, -1)
            return true
        case .accept, .jump, .split, .loop, .look, .run: return true
        }
    }

    private func take(
        _ kind: RegularExpressionProgram.Run.Kind, _ isBackward: Bool, _ position: inout Int
    ) -> Bool {
        let place = isBackward ? position - 1 : position
        guard text.indices.contains(place), fits(text[place], kind) else { return false }
        position += isBackward ? -1 : 1
        return true
    }

    /// Takes the text of a group once more; a group that took no part is empty.
    private mutating func repeats(_ group: Int, _ isBackward: Bool, _ position: inout Int) -> Bool {
        let (start, end) = (captures[group * 2], captures[group * 2 + 1])
        guard start >= 0, end >= start else { return true }
        let length = end - start
        let from = isBackward ? position - length : position
        guard from >= 0, from + length <= text.count else { return false }
        budget -= length
        for offset in 0..<length {
            let (left, right) = (text[start + offset], text[from + offset])
            let isSame =
                program.ignoresCase
                ? RegularExpressionCase.folded(left) == RegularExpressionCase.folded(right) : left == right
            guard isSame else { return false }
        }
        position = isBackward ? from : from + length
        return true
    }

    private static func isLineEnd(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "\n" || scalar == "\r" || scalar.value == 0x2028 || scalar.value == 0x2029
    }
}
