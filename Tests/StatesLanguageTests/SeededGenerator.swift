import StatesLanguage

/// A random generator that gives the same numbers for the same seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension JSONValue {
    /// A random value, nested at most that deep.
    static func random(using random: inout SeededGenerator, depth: Int) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 9 : 7), using: &random) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &random))
        case 2: return .number(JSONNumber(Int64(bitPattern: random.next())))
        case 3: return .number(JSONNumber(Int.random(in: -1_000...1_000, using: &random)))
        case 4:
            let double = Double(bitPattern: random.next())
            return JSONNumber(double).map(JSONValue.number) ?? 0.5
        case 5, 6: return .string(text(using: &random))
        case 7:
            return .array(
                (0..<Int.random(in: 0...4, using: &random)).map { _ in .random(using: &random, depth: depth - 1) })
        default:
            var object = JSONObject()
            for _ in 0..<Int.random(in: 0...16, using: &random) {
                object[text(using: &random)] = .random(using: &random, depth: depth - 1)
            }
            return .object(object)
        }
    }

    private static func text(using random: inout SeededGenerator) -> String {
        let letters: [Character] = [
            "a", "b", "\"", "\\", "\n", "\u{0}", "é", "e\u{301}", "😀", "\u{FFFF}", "\u{E000}", "/", " ",
        ]
        return String((0..<Int.random(in: 0...6, using: &random)).map { _ in letters[Int(random.next() % 13)] })
    }
}
