import StatesLanguage

/// The grammar that the filters of all lists share: terms that must all hold.
///
///     filter = term { term } ;
///     term   = word | string | field sign value ;
///     sign   = ":" | "=" | "~" | "<" | "<=" | ">" | ">=" ;
///
/// Quotes hold together what they enclose, and what stands in them is never a sign. Which fields there are, each list
/// says for itself. What no list can serve (negations, alternatives of terms, patterns) is refused here, by name, so
/// that nobody mistakes an ignored condition for one that holds.
public enum FilterText {
    /// The longest filter, in characters.
    public static let lengthLimit = 1_000
    /// The most terms of a filter.
    public static let termLimit = 32

    /// Cuts a filter into its terms.
    ///
    /// - Throws: The first part that no list can serve, with its place.
    public static func terms(of text: String) throws(FilterProblem) -> [FilterTerm] {
        guard text.count <= lengthLimit else {
            throw FilterProblem(String(text.prefix(20)), at: 0, "is longer than \(lengthLimit) characters")
        }
        let tokens = try tokens(of: text)
        guard tokens.count <= termLimit else {
            throw FilterProblem(tokens[termLimit].text, at: tokens[termLimit].offset, "is one term too many")
        }
        var terms: [FilterTerm] = []
        for token in tokens { terms.append(try term(token)) }
        return terms
    }

    private struct Token {
        /// As it was typed.
        var text: String
        /// Without quotes.
        var bare = ""
        /// The place of the first character, from 0.
        let offset: Int
        /// The place in `bare` where the first quoted part begins; operators behind it are text.
        var firstQuote: Int?
    }

    /// Cuts at white space; quotes hold together what they enclose.
    private static func tokens(of text: String) throws(FilterProblem) -> [Token] {
        var tokens: [Token] = []
        var current: Token?
        var isQuoted = false
        var isEscaped = false
        for (offset, character) in text.enumerated() {
            if !isQuoted, character.isWhitespace {
                if let token = current { tokens.append(token) }
                current = nil
                continue
            }
            var token = current ?? Token(text: "", offset: offset)
            token.text.append(character)
            if isEscaped {
                token.bare.append(character)
                isEscaped = false
            } else if isQuoted, character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                isQuoted.toggle()
                if token.firstQuote == nil { token.firstQuote = token.bare.count }
            } else {
                token.bare.append(character)
            }
            current = token
        }
        if let token = current {
            guard !isQuoted else { throw FilterProblem(token.text, at: token.offset, "has no closing quote") }
            tokens.append(token)
        }
        return tokens
    }

    private static func term(_ token: Token) throws(FilterProblem) -> FilterTerm {
        try refuseUnserved(token)
        let unquoted = token.bare.prefix(token.firstQuote ?? token.bare.count)
        guard let place = unquoted.firstIndex(where: { ":=~<>".contains($0) }) else {
            guard !token.bare.isEmpty else { throw FilterProblem(token.text, at: token.offset, "is empty") }
            return FilterTerm(text: token.text, offset: token.offset, content: .word(token.bare))
        }
        let sign = FilterTerm.Sign.allCases.first { unquoted[place...].hasPrefix($0.rawValue) } ?? .colon
        let value = String(token.bare[place...].dropFirst(sign.rawValue.count))
        guard !value.isEmpty else { throw FilterProblem(token.text, at: token.offset, "has no value") }
        return FilterTerm(
            text: token.text, offset: token.offset,
            content: .condition(
                field: String(token.bare[..<place]), sign: sign, value: value, isQuoted: token.firstQuote != nil))
    }

    private static func refuseUnserved(_ token: Token) throws(FilterProblem) {
        guard token.firstQuote != 0, let first = token.text.first else { return }
        if "-!".contains(first), token.text.count > 1 {
            throw FilterProblem(token.text, at: token.offset, "negates, which this list cannot do")
        }
        if "()|".contains(first) || token.text.last == ")" || token.text == "or" {
            throw FilterProblem(token.text, at: token.offset, "combines, but this list takes all terms together")
        }
        if first == "/" {
            throw FilterProblem(token.text, at: token.offset, "is a pattern, which this list has not")
        }
    }
}

/// One term of a filter, with its place in what was typed.
public struct FilterTerm: Sendable, Hashable {
    /// What stands between a field and its value; the longer ones come first, because they begin like the shorter.
    public enum Sign: String, Sendable, Hashable, CaseIterable {
        /// At most.
        case atMost = "<="
        /// At least.
        case atLeast = ">="
        /// Is.
        case colon = ":"
        /// Is, too.
        case equals = "="
        /// Contains.
        case tilde = "~"
        /// Less than.
        case less = "<"
        /// More than.
        case more = ">"

        /// Whether it asks for equality.
        public var isEquality: Bool { self == .colon || self == .equals }
    }

    /// What a term says.
    public enum Content: Sendable, Hashable {
        /// A text to look for.
        case word(String)
        /// A field with its value; what was quoted is one value, commas and all.
        case condition(field: String, sign: Sign, value: String, isQuoted: Bool)
    }

    /// As it was typed.
    public let text: String
    /// The place of the first character, from 0.
    public let offset: Int
    /// What it says.
    public let content: Content

    /// A problem with this term.
    public func problem(_ message: String) -> FilterProblem { FilterProblem(text, at: offset, message) }

    /// Refuses a field that was asked for before, where that would contradict.
    public func refuseSecond(_ isSecond: Bool, _ field: String) throws(FilterProblem) {
        if isSecond { throw problem("asks for '\(field)' a second time") }
    }

    /// The words of an enumeration that a value names, separated by commas.
    public func words<Word: RawRepresentable<String> & CaseIterable & Hashable>(
        of value: String, what: String
    ) throws(FilterProblem) -> Set<Word> {
        var found: Set<Word> = []
        for part in value.split(separator: ",", omittingEmptySubsequences: false) {
            guard let word = Word(rawValue: String(part)) else {
                let words = Word.allCases.map(\.rawValue)
                let hint = Suggestion.nearest(to: String(part), among: words).map { "did you mean '\($0)'?" }
                throw problem("names no \(what); " + (hint ?? "there is \(words.joined(separator: ", "))"))
            }
            found.insert(word)
        }
        return found
    }

    /// The problem with a field or a sign that a list does not have.
    ///
    /// - Parameters:
    ///   - known: Each field with the signs that it takes, the usual one first.
    ///   - shown: The fields as a sentence ends with them.
    /// - Returns: The problem.
    public func refusal(known: [(field: String, signs: [Sign])], shown: String) -> FilterProblem {
        guard case .condition(let field, let sign, _, _) = content else { return problem("is not known here") }
        if let entry = known.first(where: { $0.field == field }) {
            let right = entry.signs.map { "'\(field)\($0.rawValue)...'" }.joined(separator: " or ")
            return problem("cannot use '\(sign.rawValue)'; write \(right)")
        }
        let hint = Suggestion.nearest(to: field, among: known.map(\.field)).map { "did you mean '\($0)'?" }
        return problem("asks for '\(field)', which this list does not know; " + (hint ?? "there is \(shown)"))
    }
}

/// Why a filter cannot be served, with the part that is to blame.
public struct FilterProblem: Error, Sendable, Hashable, CustomStringConvertible {
    /// The part as it was typed.
    public let token: String
    /// Where it begins, in characters from 0.
    public let offset: Int
    /// What is wrong with it, as the rest of a sentence that begins with the part.
    public let message: String

    /// Blames a part of a filter.
    public init(_ token: String, at offset: Int, _ message: String) {
        self.token = token
        self.offset = offset
        self.message = message
    }

    /// The part and what is wrong with it.
    public var description: String { "'\(token)' \(message)" }
}
