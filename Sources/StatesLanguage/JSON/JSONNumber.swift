/// A JSON number: an exact integer of any length, or a finite double.
///
/// Whether a number was written as an integer is kept (`1` stays `1`, `1.0` stays `1.0`), but equality is by value.
public struct JSONNumber: Sendable {
    /// The most digits an integer may have before the parser refuses it; up to here its nearest double is finite.
    public static let digitLimit = 300

    enum Storage: Sendable {
        case integer(Int64)
        case double(Double)
        /// The digits of an integer outside the range of `Int64`, with its sign, as the text had them.
        case digits(String)
    }

    let storage: Storage

    /// Makes an integer.
    public init(_ value: Int) { storage = .integer(Int64(value)) }

    /// Makes an integer.
    public init(_ value: Int64) { storage = .integer(value) }

    /// Makes a double; nil when it is not finite, which JSON cannot say.
    public init?(_ value: Double) {
        guard value.isFinite else { return nil }
        storage = .double(value)
    }

    /// Makes the number of a finite calculation: one without a fraction, up to 1e21, is an integer.
    ///
    /// A calculation of JSONata gives doubles, but its `2 + 1` prints as `3`.
    init(calculated value: Double) {
        let isSmallInteger = abs(value) <= 0x1p53 && value.rounded(.towardZero) == value
        storage = isSmallInteger ? .integer(Int64(value)) : JSONNumber(storage: .double(value)).normalized
    }

    /// Makes a number that a parser or a calculation has checked.
    init(storage: Storage) { self.storage = storage }

    /// The value as an `Int`, when it has no fraction and fits.
    public var intValue: Int? {
        switch storage {
        case .integer(let value): Int(exactly: value)
        case .double(let value): Int(exactly: value)
        case .digits: nil
        }
    }

    /// The value as the nearest double.
    public var doubleValue: Double {
        switch storage {
        case .integer(let value): Double(value)
        case .double(let value): value
        // The digits come from the parser, which has checked them and their number, so this always reads.
        case .digits(let text): Double(text) ?? 0
        }
    }

    /// Whether the number was written without fraction and exponent.
    public var isInteger: Bool {
        switch storage {
        case .integer, .digits: true
        case .double: false
        }
    }
}

extension JSONNumber: Hashable {
    /// Tells whether two numbers have the same canonical text, which is what "the same value" means here.
    ///
    /// So `1` equals `1.0`, and a double beyond 2^53 equals the integer that its shortest digits name. Equality by
    /// exact binary value would let two equal numbers have different canonical texts, and so different digests.
    public static func == (left: JSONNumber, right: JSONNumber) -> Bool {
        switch (left.normalized, right.normalized) {
        case (.integer(let left), .integer(let right)): left == right
        case (.double(let left), .double(let right)): left == right
        case (.digits(let left), .digits(let right)): left == right
        case (.integer, _), (.double, _), (.digits, _): false
        }
    }

    /// Feeds the value to a hasher, in agreement with equality.
    public func hash(into hasher: inout Hasher) {
        switch normalized {
        case .integer(let value): hasher.combine(value)
        case .double(let value): hasher.combine(value)
        case .digits(let text): hasher.combine(text)
        }
    }

    /// The number with doubles that print as integers turned into those integers.
    private var normalized: Storage {
        guard case .double(let value) = storage, value.rounded(.towardZero) == value, abs(value) < 1e21 else {
            return storage
        }
        if abs(value) <= 0x1p53 { return .integer(Int64(value)) }
        var bytes: [UInt8] = []
        append(to: &bytes, isCanonical: true)
        let text = String(decoding: bytes, as: UTF8.self)
        return Int64(text).map(Storage.integer) ?? .digits(text)
    }
}

extension JSONNumber: Comparable {
    /// Compares by value; exact between integers that fit `Int64`, as doubles otherwise.
    public static func < (left: JSONNumber, right: JSONNumber) -> Bool {
        if case .integer(let left) = left.storage, case .integer(let right) = right.storage { return left < right }
        return left.doubleValue < right.doubleValue
    }
}
