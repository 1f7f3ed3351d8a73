// Values during an evaluation are JSON and three things more: nothing at all (`undefined`), functions, and arrays
// with marks.
// The marks are the reference implementation's: an array that an operator gathered is a *sequence*, and a sequence of
// one
// element is that element, unless `[]` asked to keep it.

/// A value during an evaluation.
enum Value {
    case undefined
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(String)
    case array(List)
    case object(Record)
    case function(Function)
    /// Values with bindings, on their way through a path.
    case tuples([Tuple])
    /// A call that the caller of a lambda has to make in its place.
    case tailCall(TailCall)

    init(_ json: JSONValue) {
        self =
            switch json {
            case .null: .null
            case .bool(let value): .bool(value)
            case .number(let value): .number(value)
            case .string(let value): .string(value)
            case .array(let elements): .array(List(json: elements))
            case .object(let object): .object(Record(json: object))
            }
    }

    static func number(_ value: Int) -> Value { .number(JSONNumber(value)) }

    /// The number of a calculation, which must be finite.
    static func number(calculated value: Double) throws(JSONataError) -> Value {
        guard value.isFinite else { throw JSONataError(.d1001, value: value.isNaN ? "NaN" : "\(value)") }
        return .number(JSONNumber(calculated: value))
    }

    var isUndefined: Bool { if case .undefined = self { true } else { false } }

    var isFunction: Bool { if case .function = self { true } else { false } }

    /// How deep arrays, objects and functions nest in what the evaluation itself has made.
    var depth: Int {
        switch self {
        case .array(let list): list.depth
        case .object(let record): record.depth
        case .function(let function): function.depth
        case .undefined, .null, .bool, .number, .string, .tuples, .tailCall: 0
        }
    }
}

/// An array, either of the input or made by the evaluation.
final class List {
    struct Marks: OptionSet {
        let rawValue: UInt8
        /// Gathered by an operator: alone, its one element stands for it.
        static let sequence = Marks(rawValue: 1)
        /// Stays an array with one element.
        static let keepsSingleton = Marks(rawValue: 2)
        /// Made by an array constructor in a path: is one value.
        static let constructed = Marks(rawValue: 4)
        /// Stands around an input that is itself an array.
        static let outerWrapper = Marks(rawValue: 8)
    }

    private enum Elements {
        case json([JSONValue])
        case values([Value])
    }

    private let elements: Elements
    let marks: Marks
    let depth: Int

    init(json: [JSONValue]) {
        elements = .json(json)
        marks = []
        depth = 0
    }

    init(_ values: [Value], _ marks: Marks = []) {
        elements = .values(values)
        self.marks = marks
        var depth = 0
        for value in values { depth = max(depth, value.depth) }
        self.depth = depth + 1
    }

    /// The same elements with other marks.
    init(_ list: List, _ marks: Marks) {
        elements = list.elements
        self.marks = marks
        depth = list.depth
    }

    var count: Int {
        switch elements {
        case .json(let elements): elements.count
        case .values(let elements): elements.count
        }
    }

    var isEmpty: Bool { count == 0 }

    var isSequence: Bool { marks.contains(.sequence) }

    subscript(index: Int) -> Value {
        switch elements {
        case .json(let elements): Value(elements[index])
        case .values(let elements): elements[index]
        }
    }

    var values: [Value] {
        switch elements {
        case .json(let elements): elements.map(Value.init)
        case .values(let elements): elements
        }
    }

    /// The elements as JSON, when the list comes from the input as it is.
    var json: [JSONValue]? { if case .json(let elements) = elements { elements } else { nil } }
}

/// An object, either of the input or made by the evaluation.
///
/// Only a transformation changes one, and only in the copy that it has made.
final class Record {
    private enum Members {
        case json(JSONObject)
        case values([Value])
    }

    private var members: Members
    private var names: KeyTable
    private(set) var depth: Int

    init(json: JSONObject) {
        members = .json(json)
        names = KeyTable()
        depth = 0
    }

    init() {
        members = .values([])
        names = KeyTable()
        depth = 1
    }

    convenience init(_ members: [(String, Value)]) {
        self.init()
        for (key, value) in members { set(key, value) }
    }

    /// The members as JSON, when the object comes from the input as it is.
    var json: JSONObject? { if case .json(let object) = members { object } else { nil } }

    var count: Int {
        switch members {
        case .json(let object): object.count
        case .values(let values): values.count
        }
    }

    var keys: [String] {
        switch members {
        case .json(let object): object.keys
        case .values: names.keys
        }
    }

    subscript(key: String) -> Value? {
        switch members {
        case .json(let object): object[key].map(Value.init)
        case .values(let values): names.position(of: key).map { values[$0] }
        }
    }

    func member(at position: Int) -> (key: String, value: Value) {
        switch members {
        case .json(let object):
            let member = object.member(at: position)
            return (member.key, Value(member.value))
        case .values(let values): return (names.keys[position], values[position])
        }
    }

    func set(_ key: String, _ value: Value) {
        guard case .values(var values) = members else { return }
        members = .values([])
        if let position = names.position(of: key) {
            values[position] = value
        } else {
            names.append(key)
            values.append(value)
        }
        members = .values(values)
        depth = max(depth, value.depth + 1)
    }

    func remove(_ key: String) {
        guard case .values(var values) = members, let position = names.position(of: key) else { return }
        members = .values([])
        values.remove(at: position)
        names.remove(at: position)
        members = .values(values)
    }
}

/// Keys in order, found by their bytes; from a dozen on with an index.
struct KeyTable {
    private(set) var keys: [String] = []
    private var index: [ByteKey: Int]?

    func position(of key: String) -> Int? {
        if let index { return index[ByteKey(text: key)] }
        return keys.firstIndex { $0.hasSameBytes(as: key) }
    }

    mutating func append(_ key: String) {
        keys.append(key)
        if index != nil {
            index?[ByteKey(text: key)] = keys.count - 1
        } else if keys.count >= JSONObject.indexThreshold {
            rebuild()
        }
    }

    mutating func remove(at position: Int) {
        keys.remove(at: position)
        index = nil
        if keys.count >= JSONObject.indexThreshold { rebuild() }
    }

    private mutating func rebuild() {
        var fresh: [ByteKey: Int] = [:]
        for (position, key) in keys.enumerated() { fresh[ByteKey(text: key)] = position }
        index = fresh
    }
}

/// A value on its way through a path, with the variables that steps have bound.
struct Tuple {
    var value: Value
    var bindings: [(symbol: Symbol, value: Value)] = []

    mutating func bind(_ symbol: Symbol, _ value: Value) {
        if let position = bindings.firstIndex(where: { $0.symbol == symbol }) {
            bindings[position].value = value
        } else {
            bindings.append((symbol, value))
        }
    }
}

/// The call that a lambda ends with.
final class TailCall {
    let function: Value
    let arguments: [Value]
    let input: Value
    let offset: Int
    let name: String?

    init(function: Value, arguments: [Value], input: Value, offset: Int, name: String?) {
        self.function = function
        self.arguments = arguments
        self.input = input
        self.offset = offset
        self.name = name
    }
}
