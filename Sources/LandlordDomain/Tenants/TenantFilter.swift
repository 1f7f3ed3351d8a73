import StatesLanguage

/// Reads the filter that a person types over the list of tenants: the part of the grammar that the database answers.
///
///     filter = term { term } ;                    all of them
///     term   = word | string | field ":" value { "," value } | "name~" value ;
///     field  = "status" | "provider" | "label." key ;
///
/// A bare word, and what `name~` asks for, is looked for in name, status message and identifier. Several values are
/// alternatives and only `status` has them. Every other operator and field is refused by name, so that nobody mistakes
/// an ignored condition for one that holds.
public enum TenantFilter {
    /// The longest filter, in characters.
    public static let lengthLimit = 1_000
    /// The most terms of a filter.
    public static let termLimit = 32

    /// Reads a filter and lays it over a query, whose order, place and limit stay.
    ///
    /// - Throws: The first part that cannot be served, with its place.
    public static func parse(
        _ text: String, into query: TenantQuery = TenantQuery()
    ) throws(TenantFilterProblem) -> TenantQuery {
        guard text.count <= lengthLimit else {
            throw TenantFilterProblem(String(text.prefix(20)), at: 0, "is longer than \(lengthLimit) characters")
        }
        let tokens = try tokens(of: text)
        guard tokens.count <= termLimit else {
            throw TenantFilterProblem(tokens[termLimit].text, at: tokens[termLimit].offset, "is one term too many")
        }
        var result = query
        for token in tokens { try apply(token, to: &result) }
        return result
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
    private static func tokens(of text: String) throws(TenantFilterProblem) -> [Token] {
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
            guard !isQuoted else { throw TenantFilterProblem(token.text, at: token.offset, "has no closing quote") }
            tokens.append(token)
        }
        return tokens
    }

    private static func apply(_ token: Token, to query: inout TenantQuery) throws(TenantFilterProblem) {
        try refuseUnserved(token)
        let unquoted = token.bare.prefix(token.firstQuote ?? token.bare.count)
        guard let place = unquoted.firstIndex(where: { ":=~<>".contains($0) }) else {
            guard !token.bare.isEmpty else { throw TenantFilterProblem(token.text, at: token.offset, "is empty") }
            query.words.append(token.bare)
            return
        }
        let field = String(token.bare[..<place])
        let sign = token.bare[place]
        let value = String(token.bare[token.bare.index(after: place)...])
        guard !value.isEmpty else { throw TenantFilterProblem(token.text, at: token.offset, "has no value") }
        switch (field, sign) {
        case ("status", ":"), ("status", "="): try applyStatus(value, token, to: &query)
        case ("provider", ":"), ("provider", "="):
            try refuseSecond(query.provider != nil && query.provider != value, "provider", token)
            try refuseAlternatives(value, token)
            query.provider = value
        case ("name", "~"): query.words.append(value)
        case (_, ":") where field.hasPrefix("label."), (_, "=") where field.hasPrefix("label."):
            try applyLabel(String(field.dropFirst("label.".count)), value, token, to: &query)
        default: throw refusal(of: field, sign, token)
        }
    }

    private static func applyStatus(
        _ value: String, _ token: Token, to query: inout TenantQuery
    ) throws(TenantFilterProblem) {
        try refuseSecond(!query.statuses.isEmpty, "status", token)
        for word in value.split(separator: ",", omittingEmptySubsequences: false) {
            guard let status = TenantStatus(rawValue: String(word)) else {
                let words = TenantStatus.allCases.map(\.rawValue)
                let hint = Suggestion.nearest(to: String(word), among: words).map { "did you mean '\($0)'?" }
                throw TenantFilterProblem(
                    token.text, at: token.offset,
                    "names no status; " + (hint ?? "there is \(words.joined(separator: ", "))"))
            }
            query.statuses.insert(status)
        }
    }

    private static func applyLabel(
        _ key: String, _ value: String, _ token: Token, to query: inout TenantQuery
    ) throws(TenantFilterProblem) {
        guard !key.isEmpty else { throw TenantFilterProblem(token.text, at: token.offset, "names no label") }
        try refuseSecond(query.labels[key] != nil && query.labels[key] != value, "label.\(key)", token)
        try refuseAlternatives(value, token)
        query.labels[key] = value
    }

    private static func refuseUnserved(_ token: Token) throws(TenantFilterProblem) {
        guard token.firstQuote != 0, let first = token.text.first else { return }
        if "-!".contains(first), token.text.count > 1 {
            throw TenantFilterProblem(token.text, at: token.offset, "negates, which this list cannot do")
        }
        if "()|".contains(first) || token.text.last == ")" || token.text == "or" {
            throw TenantFilterProblem(token.text, at: token.offset, "combines, but this list takes all terms together")
        }
        if first == "/" {
            throw TenantFilterProblem(token.text, at: token.offset, "is a pattern, which this list has not")
        }
    }

    private static func refuseSecond(
        _ isSecond: Bool, _ field: String, _ token: Token
    ) throws(TenantFilterProblem) {
        if isSecond { throw TenantFilterProblem(token.text, at: token.offset, "asks for '\(field)' a second time") }
    }

    private static func refuseAlternatives(_ value: String, _ token: Token) throws(TenantFilterProblem) {
        guard token.firstQuote == nil, value.contains(",") else { return }
        throw TenantFilterProblem(token.text, at: token.offset, "has several values; only 'status' may")
    }

    private static func refusal(of field: String, _ sign: Character, _ token: Token) -> TenantFilterProblem {
        let known = ["status", "provider", "name"]
        if known.contains(field) {
            let right = field == "name" ? "name~" : "\(field):"
            return TenantFilterProblem(token.text, at: token.offset, "cannot use '\(sign)'; write '\(right)...'")
        }
        let hint = Suggestion.nearest(to: field, among: known).map { "did you mean '\($0)'?" }
        return TenantFilterProblem(
            token.text, at: token.offset,
            "asks for '\(field)', which this list does not know; "
                + (hint ?? "there is status:, provider:, label.KEY: and name~"))
    }
}

/// Why a filter cannot be served, with the part that is to blame.
public struct TenantFilterProblem: Error, Sendable, Hashable, CustomStringConvertible {
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
