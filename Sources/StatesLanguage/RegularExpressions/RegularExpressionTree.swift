/// What a pattern says.
indirect enum RegularExpressionTree: Sendable {
    case empty
    case scalar(Unicode.Scalar)
    case any
    case set(ScalarSet)
    case sequence([RegularExpressionTree])
    case choice([RegularExpressionTree])
    case group(Int, RegularExpressionTree)
    case backreference(Int)
    case namedBackreference(String)
    case lineStart, lineEnd
    case wordBoundary(isNegated: Bool)
    case look(isBehind: Bool, isNegated: Bool, RegularExpressionTree)
    /// `groups` are the groups inside, which every round begins anew.
    case repetition(RegularExpressionTree, min: Int, max: Int, isLazy: Bool, groups: Range<Int>)
}

/// A set of characters.
struct ScalarSet: Sendable {
    private(set) var ranges: [ClosedRange<UInt32>] = []
    var isNegated = false

    init() {}

    init(_ ranges: [ClosedRange<UInt32>]) { self.ranges = ranges }

    mutating func insert(_ range: ClosedRange<UInt32>) { ranges.append(range) }

    mutating func insert(_ set: ScalarSet) { ranges += set.isNegated ? set.complement : set.ranges }

    private var complement: [ClosedRange<UInt32>] {
        var gaps: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if range.lowerBound > next { gaps.append(next...(range.lowerBound - 1)) }
            next = max(next, range.upperBound + 1)
        }
        if next <= 0x10FFFF { gaps.append(next...0x10FFFF) }
        return gaps
    }

    private func holds(_ value: UInt32) -> Bool {
        for range in ranges where range.contains(value) { return true }
        return false
    }

    func contains(_ scalar: Unicode.Scalar, ignoresCase: Bool) -> Bool {
        var isMember = holds(scalar.value)
        if !isMember, ignoresCase {
            let upper = RegularExpressionCase.folded(scalar)
            isMember =
                holds(upper.value) || holds(RegularExpressionCase.lowered(scalar).value)
                || holds(RegularExpressionCase.lowered(upper).value)
        }
        return isMember != isNegated
    }

    static let digits = ScalarSet([0x30...0x39])
    static let word = ScalarSet([0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
    static let space = ScalarSet([
        0x09...0x0D, 0x20...0x20, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A, 0x2028...0x2029, 0x202F...0x202F,
        0x205F...0x205F, 0x3000...0x3000, 0xFEFF...0xFEFF,
    ])

    var inverted: ScalarSet {
        var set = self
        set.isNegated.toggle()
        return set
    }
}

/// Upper and lower case as regular expressions compare them: one character for one.
enum RegularExpressionCase {
    /// The form in which two characters that differ only in case are equal.
    static func folded(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        if scalar.value < 0x80 {
            return (0x61...0x7A).contains(scalar.value) ? Unicode.Scalar(UInt8(scalar.value - 32)) : scalar
        }
        let mapped = scalar.properties.uppercaseMapping.unicodeScalars
        // A letter beyond ASCII must not become one of ASCII: `ſ` is not an `S` here.
        guard mapped.count == 1, let upper = mapped.first, upper.value >= 0x80 else { return scalar }
        return upper
    }

    static func lowered(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        if scalar.value < 0x80 {
            return (0x41...0x5A).contains(scalar.value) ? Unicode.Scalar(UInt8(scalar.value + 32)) : scalar
        }
        let mapped = scalar.properties.lowercaseMapping.unicodeScalars
        guard mapped.count == 1, let lower = mapped.first, lower.value >= 0x80 else { return scalar }
        return lower
    }
}
