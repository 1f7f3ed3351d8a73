/// Reads a pattern, with the leniency that JavaScript keeps for old patterns: a brace that is no quantifier is a brace.
struct RegularExpressionParser {
    /// How deep groups may nest.
    private static let depthLimit = 60

    private let scalars: [Unicode.Scalar]
    private var position = 0
    private var depth = 0
    private(set) var groupCount = 0
    private(set) var groupNames: [String: Int] = [:]
    /// How many groups the whole pattern has, known before they are read: `\2` may stand before group 2.
    private let groupTotal: Int
    private let hasNames: Bool

    init(_ pattern: String) {
        scalars = Array(pattern.unicodeScalars)
        (groupTotal, hasNames) = Self.countGroups(scalars)
    }

    private static func countGroups(_ scalars: [Unicode.Scalar]) -> (Int, Bool) {
        var (count, hasNames, isInClass) = (0, false, false)
        var index = 0
        func at(_ offset: Int) -> Unicode.Scalar? {
            index + offset < scalars.count ? scalars[index + offset] : nil
        }
        while index < scalars.count {
            switch scalars[index] {
            case "\\": index += 1
            case "[": isInClass = true
            case "]": isInClass = false
            case "(" where !isInClass:
                if at(1) != "?" {
                    count += 1
                } else if at(2) == "<", at(3) != "=", at(3) != "!" {
                    count += 1
                    hasNames = true
                }
            default: break
            }
            index += 1
        }
        return (count, hasNames)
    }

    mutating func parse() throws(RegularExpressionError) -> RegularExpressionTree {
        let tree = try choice()
        guard position == scalars.count else { throw error("Unmatched ')'") }
        return tree
    }

    private func error(_ message: String) -> RegularExpressionError { RegularExpressionError(message: message) }

    private var current: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private mutating func skip(_ text: String) -> Bool {
        let wanted = Array(text.unicodeScalars)
        guard position + wanted.count <= scalars.count,
            scalars[position..<(position + wanted.count)].elementsEqual(wanted)
        else { return false }
        position += wanted.count
        return true
    }

    private mutating func choice() throws(RegularExpressionError) -> RegularExpressionTree {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthLimit else { throw error("Groups nest deeper than \(Self.depthLimit)") }
        var alternatives = [try sequence()]
        while skip("|") { alternatives.append(try sequence()) }
        return alternatives.count == 1 ? alternatives[0] : .choice(alternatives)
    }

    private mutating func sequence() throws(RegularExpressionError) -> RegularExpressionTree {
        var terms: [RegularExpressionTree] = []
        while let current, current != "|", current != ")" { terms.append(try term()) }
        return terms.count == 1 ? terms[0] : terms.isEmpty ? .empty : .sequence(terms)
    }

    private mutating func term() throws(RegularExpressionError) -> RegularExpressionTree {
        let firstGroup = groupCount + 1
        if skip("^") { return .lineStart }
        if skip("$") { return .lineEnd }
        if skip("\\b") { return .wordBoundary(isNegated: false) }
        if skip("\\B") { return .wordBoundary(isNegated: true) }
        for (opening, isBehind, isNegated) in [("(?<=", true, false), ("(?<!", true, true)] where skip(opening) {
            return .look(isBehind: isBehind, isNegated: isNegated, try closed(try choice()))
        }
        let atom: RegularExpressionTree
        if skip("(?=") {
            atom = .look(isBehind: false, isNegated: false, try closed(try choice()))
        } else if skip("(?!") {
            atom = .look(isBehind: false, isNegated: true, try closed(try choice()))
        } else {
            atom = try self.atom()
        }
        return try quantified(atom, groups: firstGroup..<(groupCount + 1))
    }

    private mutating func closed(_ tree: RegularExpressionTree) throws(RegularExpressionError) -> RegularExpressionTree
    {
        guard skip(")") else { throw error("Unterminated group") }
        return tree
    }

    private mutating func atom() throws(RegularExpressionError) -> RegularExpressionTree {
        guard let first = current else { throw error("Nothing to match") }
        position += 1
        switch first {
        case ".": return .any
        case "[": return .set(try characterClass())
        case "(": return try group()
        case "*", "+", "?": throw error("Nothing to repeat")
        case "{":
            position -= 1
            if try quantifier() != nil { throw error("Nothing to repeat") }
            position += 1
            return .scalar(first)
        case "\\": return try escape()
        default: return .scalar(first)
        }
    }

    private mutating func group() throws(RegularExpressionError) -> RegularExpressionTree {
        if skip("?:") { return try closed(try choice()) }
        if skip("?<") {
            let name = try groupName()
            groupCount += 1
            guard groupNames[name] == nil else { throw error("Duplicate capture group name") }
            groupNames[name] = groupCount
            let index = groupCount
            return .group(index, try closed(try choice()))
        }
        if current == "?" { throw error("Invalid group") }
        groupCount += 1
        let index = groupCount
        return .group(index, try closed(try choice()))
    }

    private mutating func groupName() throws(RegularExpressionError) -> String {
        var name = String.UnicodeScalarView()
        while let scalar = current, scalar != ">" {
            guard scalar.properties.isIDContinue || scalar == "$" else { throw error("Invalid capture group name") }
            name.append(scalar)
            position += 1
        }
        guard skip(">"), let first = name.first, !("0"..."9").contains(first) else {
            throw error("Invalid capture group name")
        }
        return String(name)
    }

    // MARK: Quantifiers

    private mutating func quantified(
        _ atom: RegularExpressionTree, groups: Range<Int>
    ) throws(RegularExpressionError) -> RegularExpressionTree {
        guard let (min, max) = try quantifier() else { return atom }
        let isLazy = skip("?")
        if try quantifier() != nil { throw error("Nothing to repeat") }
        return .repetition(atom, min: min, max: max, isLazy: isLazy, groups: groups)
    }

    private mutating func quantifier() throws(RegularExpressionError) -> (Int, Int)? {
        if skip("*") { return (0, .max) }
        if skip("+") { return (1, .max) }
        if skip("?") { return (0, 1) }
        let start = position
        guard skip("{"), let min = number() else {
            position = start
            return nil
        }
        var max = min
        if skip(",") { max = number() ?? .max }
        guard skip("}") else {
            position = start
            return nil
        }
        guard min <= max else { throw error("numbers out of order in {} quantifier") }
        return (min, max)
    }

    private mutating func number() -> Int? {
        var value: Int?
        while let current, ("0"..."9").contains(current) {
            // More rounds than any text has characters are all the same.
            value = min((value ?? 0) * 10 + Int(current.value - 0x30), 1_000_000_000)
            position += 1
        }
        return value
    }

    // MARK: Escapes

    private mutating func escape() throws(RegularExpressionError) -> RegularExpressionTree {
        guard let letter = current else { throw error("\\ at end of pattern") }
        if let set = Self.classEscape(letter) {
            position += 1
            return .set(set)
        }
        if letter == "k", hasNames {
            position += 1
            guard skip("<") else { throw error("Invalid named reference") }
            return .namedBackreference(try groupName())
        }
        if ("1"..."9").contains(letter) {
            let start = position
            if let index = number(), index <= groupTotal { return .backreference(index) }
            position = start
        }
        return .scalar(try scalarEscape(isInClass: false))
    }

    private static func classEscape(_ letter: Unicode.Scalar) -> ScalarSet? {
        switch letter {
        case "d": .digits
        case "D": .digits.inverted
        case "w": .word
        case "W": .word.inverted
        case "s": .space
        case "S": .space.inverted
        default: nil
        }
    }

    private mutating func scalarEscape(isInClass: Bool) throws(RegularExpressionError) -> Unicode.Scalar {
        guard let letter = current else { throw error("\\ at end of pattern") }
        position += 1
        switch letter {
        case "t": return "\t"
        case "n": return "\n"
        case "v": return "\u{0B}"
        case "f": return "\u{0C}"
        case "r": return "\r"
        case "b" where isInClass: return "\u{08}"
        case "0"..."7": return octal(letter)
        case "c":
            guard let control = current, control.isASCII, control.properties.isAlphabetic else {
                position -= 1
                return "\\"
            }
            position += 1
            return Unicode.Scalar(UInt8(control.value % 32))
        case "x": return hex(2).flatMap(Unicode.Scalar.init) ?? letter
        case "u": return unicode() ?? letter
        default: return letter
        }
    }

    private mutating func octal(_ first: Unicode.Scalar) -> Unicode.Scalar {
        var value = first.value - 0x30
        for _ in 0..<2 {
            guard let digit = current, ("0"..."7").contains(digit), value * 8 + digit.value - 0x30 <= 0o377 else {
                break
            }
            value = value * 8 + digit.value - 0x30
            position += 1
        }
        return Unicode.Scalar(UInt8(value))
    }

    private mutating func hex(_ count: Int) -> UInt32? {
        guard position + count <= scalars.count else { return nil }
        var value: UInt32 = 0
        for scalar in scalars[position..<(position + count)] {
            guard let digit = Character(scalar).hexDigitValue, scalar.isASCII else { return nil }
            value = value << 4 | UInt32(digit)
        }
        position += count
        return value
    }

    /// Reads the four digits of `\u`; two escapes of surrogates are one character.
    private mutating func unicode() -> Unicode.Scalar? {
        guard let first = hex(4) else { return nil }
        if let scalar = Unicode.Scalar(first) { return scalar }
        let start = position
        if first < 0xDC00, skip("\\u"), let second = hex(4), (0xDC00..<0xE000).contains(second) {
            return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        }
        position = start
        return "\u{FFFD}"
    }

    // MARK: Classes

    private mutating func characterClass() throws(RegularExpressionError) -> ScalarSet {
        var set = ScalarSet()
        let isNegated = skip("^")
        while !skip("]") {
            let first = try classAtom()
            guard position + 1 < scalars.count, current == "-", scalars[position + 1] != "]" else {
                set.insert(first.set)
                continue
            }
            position += 1
            let last = try classAtom()
            guard let low = first.scalar, let high = last.scalar else {
                // `[\w-a]` holds a hyphen, not a range.
                set.insert(first.set)
                set.insert(0x2D...0x2D)
                set.insert(last.set)
                continue
            }
            guard low.value <= high.value else { throw error("Range out of order in character class") }
            set.insert(low.value...high.value)
        }
        set.isNegated = isNegated
        return set
    }

    private struct ClassAtom {
        let set: ScalarSet
        let scalar: Unicode.Scalar?
    }

    private mutating func classAtom() throws(RegularExpressionError) -> ClassAtom {
        guard var scalar = current else { throw error("Unterminated character class") }
        position += 1
        if scalar == "\\" {
            if let letter = current, let set = Self.classEscape(letter) {
                position += 1
                return ClassAtom(set: set, scalar: nil)
            }
            scalar = try scalarEscape(isInClass: true)
        }
        return ClassAtom(set: ScalarSet([scalar.value...scalar.value]), scalar: scalar)
    }
}
