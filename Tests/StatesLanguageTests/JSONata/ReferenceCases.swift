import StatesLanguage

/// Expressions with the value, or the error's code, that the reference implementation gives for them.
///
/// The expressions are our own; what is expected comes from running them with the packages `jsonata` 0.2.5 (which holds
/// the reference implementation in JavaScript) and, for what version 2.1 added, `jsonata-python` 0.7.1 of PyPI. One
/// case is a line, or a line and its continuations behind a bar.
enum ReferenceCases {
    struct Case: Sendable, CustomStringConvertible {
        let expression: String
        let expected: String

        var description: String { expression }
    }

    /// The input of all cases.
    static let input: JSONValue = [
        "id": "o1",
        "lines": [
            [
                "sku": "hat", "qty": 2, "price": 34.45, "tags": ["a", "b"],
                "maker": ["name": "Bo", "city": "Rome"],
            ],
            ["sku": "cup", "qty": 1, "price": 21.67, "tags": ["b"], "maker": ["name": "Al", "city": "Oslo"]],
            ["sku": "hat", "qty": 4, "price": 34.45, "tags": [], "maker": ["name": "Bo", "city": "Rome"]],
        ],
        "who": ["first": "Ann", "last": "Lee", "age": 28],
        "empty": [], "nul": nil, "yes": true, "one": [7], "nest": [[1, 2], [3]], "text": "Hello World",
    ]

    /// The input of the cases of ``tree``.
    static let treeInput: JSONValue = [
        "a": [
            ["n": "p", "b": [["c": 1], ["c": 2]]], ["n": "q", "b": [["c": 3]]], ["n": "o", "b": []],
        ]
    ]

    static let all: [Case] = [first, second, third].flatMap(cases)

    static func cases(_ table: String) -> [Case] {
        var joined: [String] = []
        for line in table.split(separator: "\n") {
            if line.hasPrefix("   | ") {
                joined[joined.count - 1] += line.dropFirst(5)
            } else {
                joined.append(String(line))
            }
        }
        return joined.map { line in
            let halves = line.split(separator: "  =>>  ", omittingEmptySubsequences: false)
            return Case(expression: String(halves[0]), expected: String(halves[1]))
        }
    }
}
