/// Replaces `$NAME` and `${NAME}` in a container's words and variables, without a shell.
///
/// A name that is not defined is an error: an empty text in its place would turn `rm -rf $DATA/` into something that
/// nobody meant. `$$` stands for one `$`; a `$` before anything else stands for itself.
enum CommandExpansion {
    /// Why a text cannot be expanded.
    enum Failure: Error, Sendable, Hashable {
        /// No variable of this name is defined.
        case unknownVariable(String)
        /// The variable's value is made from itself, by way of others.
        case endless(String)
        /// A `${` without its `}`, or nothing that is a name between them.
        case malformed(String)

        /// What is wrong, as a sentence without the field's name.
        var message: String {
            switch self {
            case .unknownVariable(let name):
                "refers to '$\(name)', which neither the spec nor the provider defines ('$$' stands for one '$')"
            case .endless(let name): "refers to '$\(name)', whose value refers back to itself"
            case .malformed(let text): "has '\(text)' where '${NAME}' was begun ('$$' stands for one '$')"
            }
        }
    }

    /// A text in pieces: what stands for itself, and what is looked up.
    private enum Piece {
        case literal(Substring)
        case variable(String)
    }

    /// The text with every variable replaced by its value.
    static func expand(_ text: String, from environment: [String: String]) throws(Failure) -> String {
        var result = ""
        for piece in try pieces(of: text) {
            switch piece {
            case .literal(let literal): result += literal
            case .variable(let name):
                guard let value = environment[name] else { throw .unknownVariable(name) }
                result += value
            }
        }
        return result
    }

    /// The environment of a container: what the provider gives, and what the spec says, expanded from both.
    ///
    /// A variable that refers to itself means the provider's value, so that `PATH: /opt/bin:$PATH` does what it says.
    /// The values of `given` are never expanded: a secret may hold a `$`.
    static func environment(
        given: [String: String], spec: [String: String]
    ) -> (environment: [String: String], failures: [(name: String, failure: Failure)]) {
        var resolution = Resolution(given: given, spec: spec)
        var failures: [(name: String, failure: Failure)] = []
        for name in spec.keys.sorted() {
            do throws(Failure) { _ = try resolution.value(of: name) } catch { failures.append((name, error)) }
        }
        return (given.merging(resolution.resolved) { _, own in own }, failures)
    }

    /// The work of resolving variables that refer to each other, each once.
    private struct Resolution {
        let given: [String: String]
        let spec: [String: String]
        var resolved: [String: String] = [:]
        var pending: [String] = []

        init(given: [String: String], spec: [String: String]) {
            self.given = given
            self.spec = spec
        }

        mutating func value(of name: String) throws(Failure) -> String {
            if let value = resolved[name] { return value }
            guard let template = spec[name] else {
                guard let value = given[name] else { throw .unknownVariable(name) }
                return value
            }
            pending.append(name)
            defer { pending.removeLast() }
            var value = ""
            for piece in try CommandExpansion.pieces(of: template) {
                switch piece {
                case .literal(let literal): value += literal
                case .variable(name): value += try givenValue(of: name)
                case .variable(let other):
                    guard !pending.contains(other) else { throw .endless(other) }
                    value += try self.value(of: other)
                }
            }
            resolved[name] = value
            return value
        }

        private func givenValue(of name: String) throws(Failure) -> String {
            guard let value = given[name] else { throw .endless(name) }
            return value
        }
    }

    private static func pieces(of text: String) throws(Failure) -> [Piece] {
        var pieces: [Piece] = []
        var rest = text[...]
        while let dollar = rest.firstIndex(of: "$") {
            if dollar > rest.startIndex { pieces.append(.literal(rest[..<dollar])) }
            rest = rest[rest.index(after: dollar)...]
            if rest.first == "$" {
                pieces.append(.literal("$"))
                rest = rest.dropFirst()
            } else if rest.first == "{" {
                let inside = rest.dropFirst()
                let name = inside.prefix { isNameCharacter($0) }
                let behind = inside[name.endIndex...]
                guard let first = name.first, !first.isNumber, behind.first == "}" else {
                    throw .malformed("$" + rest.prefix(16))
                }
                pieces.append(.variable(String(name)))
                rest = behind.dropFirst()
            } else {
                let name = rest.first?.isNumber == true ? "" : rest.prefix { isNameCharacter($0) }
                pieces.append(name.isEmpty ? .literal("$") : .variable(String(name)))
                rest = rest[(name.isEmpty ? rest.startIndex : name.endIndex)...]
            }
        }
        if !rest.isEmpty { pieces.append(.literal(rest)) }
        return pieces
    }

    private static func isNameCharacter(_ character: Character) -> Bool {
        character == "_" || (character.isASCII && (character.isLetter || character.isNumber))
    }
}
