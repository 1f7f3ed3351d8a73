/// The functions that search in texts, by a text or by a regular expression.
enum PatternFunction: String, Sendable, CaseIterable {
    case contains, split, match, replace

    var signature: String {
        switch self {
        case .contains: "<s-(sf):b>"
        case .split: "<s-(sf)n?:a<s>>"
        case .match: "<s-f<s:o>n?:a<o>>"
        case .replace: "<s-(sf)(sf)n?:s>"
        }
    }
}

/// One place that a matcher has found.
private struct FoundText {
    let match: String
    /// Counted in scalars by our own matcher, in UTF-16 units by one that the expression defines.
    let start: Int
    let end: Int
    let index: Int
    let groups: [Value]
    let value: Value
}

extension Evaluator {
    func call(_ function: PatternFunction, _ arguments: Arguments) throws(JSONataError) -> Value {
        guard let text = arguments.string(0) else { return .undefined }
        try count(text.utf8.count / 8)
        switch function {
        case .contains:
            if let token = arguments.string(1) { return .bool(TextSearch.split(text, at: token) != nil) }
            var isFound = false
            try search(text, arguments.function(1), limit: 1) { _ in isFound = true }
            return .bool(isFound)
        case .match: return try match(text, arguments)
        case .split: return try split(text, arguments)
        case .replace: return try replace(text, arguments)
        }
    }

    /// The limit that an argument gives; nil when there is none.
    private func limit(_ arguments: Arguments, _ index: Int, or code: JSONataError.Code) throws(JSONataError) -> Int? {
        guard let number = arguments.double(index) else { return nil }
        guard number >= 0 else { throw JSONataError(code, value: "\(number)") }
        return number < 1e9 ? Int(number.rounded(.up)) : nil
    }

    private func match(_ text: String, _ arguments: Arguments) throws(JSONataError) -> Value {
        let limit = try limit(arguments, 2, or: .d3040)
        var results: [Value] = []
        try search(text, arguments.function(1), limit: limit) { found throws(JSONataError) in
            let record = Record([
                ("match", .string(found.match)), ("index", .number(found.index)),
                ("groups", try self.made(found.groups)),
            ])
            results.append(try self.made(record))
        }
        return try made(results, .sequence)
    }

    private func split(_ text: String, _ arguments: Arguments) throws(JSONataError) -> Value {
        let limit = try limit(arguments, 2, or: .d3020)
        if let separator = arguments.string(1) {
            let parts = try parts(of: text, at: separator)
            let whole = arguments.double(2).map { Int(min($0, 1e9)) } ?? parts.count
            return try made(parts.prefix(whole).map(Value.string))
        }
        guard limit != 0 else { return try made([]) }
        var parts: [Value] = []
        let scalars = Array(text.unicodeScalars)
        var start = 0
        try search(text, arguments.function(1), limit: limit) { found throws(JSONataError) in
            parts.append(try self.made(Self.string(scalars[start..<max(start, found.start)])))
            start = found.end
        }
        if limit == nil || parts.count < limit ?? 0 { parts.append(try made(Self.string(scalars[start...]))) }
        return try made(parts)
    }

    private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    private func parts(of text: String, at separator: String) throws(JSONataError) -> [String] {
        guard !separator.isEmpty else {
            try allocate(text.utf8.count * 24)
            return text.unicodeScalars.map { String($0) }
        }
        let bytes = Array(text.utf8)
        let wanted = Array(separator.utf8)
        var parts: [String] = []
        var start = 0
        while let end = TextSearch.firstIndex(of: wanted, in: bytes, from: start) {
            try allocate(end - start + 40)
            parts.append(String(decoding: bytes[start..<end], as: UTF8.self))
            start = end + wanted.count
        }
        parts.append(String(decoding: bytes[start...], as: UTF8.self))
        return parts
    }

    private func replace(_ text: String, _ arguments: Arguments) throws(JSONataError) -> Value {
        if arguments.string(1) == "" { throw JSONataError(.d3010) }
        let limit = try limit(arguments, 3, or: .d3011)
        if let pattern = arguments.string(1) {
            return try replace(text, pattern, by: arguments.string(2) ?? "", limit: limit)
        }
        let scalars = Array(text.unicodeScalars)
        var result = ""
        var start = 0
        try search(text, arguments.function(1), limit: limit) { found throws(JSONataError) in
            result += Self.string(scalars[start..<max(start, found.start)])
            if let template = arguments.string(2) {
                result += Self.filled(template, with: found)
            } else if let function = arguments.function(2) {
                guard case .string(let part) = try self.callBack(function, found.value) else {
                    throw JSONataError(.d3012)
                }
                result += part
            }
            start = found.start + found.match.unicodeScalars.count
            try self.allocate(result.utf8.count / 8 + 16)
            guard result.utf8.count <= self.limits.bytes else {
                throw JSONataError.tooLarge
            }
        }
        return try made(result + Self.string(scalars[min(start, scalars.count)...]))
    }

    private func replace(
        _ text: String, _ pattern: String, by replacement: String, limit: Int?
    ) throws(JSONataError) -> Value {
        let bytes = Array(text.utf8)
        let wanted = Array(pattern.utf8)
        var result: [UInt8] = []
        var start = 0
        var count = 0
        while count < limit ?? .max, let end = TextSearch.firstIndex(of: wanted, in: bytes, from: start) {
            result += bytes[start..<end]
            result += replacement.utf8
            start = end + wanted.count
            count += 1
            try allocate(end - start + replacement.utf8.count + wanted.count)
        }
        return try made(String(decoding: result + bytes[start...], as: UTF8.self))
    }

    /// The replacement with its references to groups filled in; as many digits count as the groups' number has.
    private static func filled(_ template: String, with found: FoundText) -> String {
        let bytes = Array(template.utf8)
        var result: [UInt8] = []
        var position = 0
        while position < bytes.count {
            guard bytes[position] == UInt8(ascii: "$") else {
                result.append(bytes[position])
                position += 1
                continue
            }
            position += 1
            if position < bytes.count, bytes[position] == UInt8(ascii: "$") {
                result.append(UInt8(ascii: "$"))
                position += 1
            } else if position < bytes.count, bytes[position] == UInt8(ascii: "0") {
                result += found.match.utf8
                position += 1
            } else if let (group, length) = groupNumber(bytes[position...], groupCount: found.groups.count) {
                if group >= 1, group <= found.groups.count, case .string(let text) = found.groups[group - 1] {
                    result += text.utf8
                }
                position += length
            } else {
                result.append(UInt8(ascii: "$"))
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func groupNumber(_ bytes: ArraySlice<UInt8>, groupCount: Int) -> (Int, Int)? {
        let most = String(max(groupCount, 1)).utf8.count
        let digits = bytes.prefix(most).prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard let number = Int(String(decoding: digits, as: UTF8.self)) else { return nil }
        if most > 1, number > groupCount, digits.count == most {
            let fewer = digits.dropLast()
            guard let number = Int(String(decoding: fewer, as: UTF8.self)) else { return nil }
            return (number, fewer.count)
        }
        return (number, digits.count)
    }

    // MARK: Matchers

    /// Hands every match in turn to a function, at most so many.
    private func search(
        _ text: String, _ function: Function?, limit: Int?, _ use: (FoundText) throws(JSONataError) -> Void
    ) throws(JSONataError) {
        guard let function, limit != 0 else { return }
        var result = try invoke(.function(function), [.string(text)], context: .null)
        var count = 0
        while !result.isUndefined {
            let found = try Self.found(result)
            try use(found)
            count += 1
            if let limit, count >= limit { return }
            guard case .object(let record) = result, case .function(let next) = record["next"] ?? .undefined else {
                return
            }
            result = try invoke(.function(next), [], context: .null)
        }
    }

    /// Reads what a matcher gives, also one that the expression defines itself.
    private static func found(_ value: Value) throws(JSONataError) -> FoundText {
        guard case .object(let record) = value, case .string(let match) = record["match"] ?? .undefined,
            case .number(let start) = record["start"] ?? .undefined,
            case .number(let end) = record["end"] ?? .undefined,
            let first = start.intValue, let last = end.intValue, first >= 0, last >= first
        else { throw JSONataError(.t1010) }
        var groups: [Value] = []
        if case .array(let list) = record["groups"] ?? .undefined { groups = list.values }
        if case .function(let next) = record["next"] ?? .undefined,
            case .nextMatch(_, let text, _) = next.kind
        {
            // Our own matcher: its places are turned back from UTF-16 to scalars.
            let (from, to) = (text.scalarOffset(ofUTF16: first), text.scalarOffset(ofUTF16: last))
            return FoundText(match: match, start: from, end: to, index: first, groups: groups, value: value)
        }
        return FoundText(match: match, start: first, end: last, index: first, groups: groups, value: value)
    }

    /// What a regular expression gives when it is called: the match, or nothing.
    func match(
        _ expression: RegularExpression, _ text: RegularExpression.Text, from start: Int
    ) throws(JSONataError) -> Value {
        // The second and later matches must begin before the end of the text.
        if start > 0, start >= text.scalars.count { return .undefined }
        var budget = max(0, limits.steps - steps)
        let before = budget
        let match: RegularExpression.Match?
        do throws(RegularExpressionError) {
            match = try expression.firstMatch(in: text, from: start, budget: &budget)
        } catch {
            throw JSONataError.tooLong
        }
        try count(before - budget)
        guard let match else { return .undefined }
        guard !match.range.isEmpty else {
            throw JSONataError(.d1004, value: Self.shown(.string(expression.pattern)))
        }
        var groups: [Value] = []
        if expression.groupCount > 0 {
            for index in 1...expression.groupCount {
                groups.append(
                    try match.group(index).map { (range) throws(JSONataError) in try made(text.string(range)) }
                        ?? .undefined)
            }
        }
        return try made(
            Record([
                ("match", try made(text.string(match.range))),
                ("start", .number(text.utf16Offset(of: match.range.lowerBound))),
                ("end", .number(text.utf16Offset(of: match.range.upperBound))),
                ("groups", try made(groups)),
                ("next", try made(.nextMatch(expression, text: text, from: match.range.upperBound))),
            ]))
    }
}

extension RegularExpression.Text {
    /// The place of a scalar whose offset is counted in UTF-16 units.
    func scalarOffset(ofUTF16 offset: Int) -> Int {
        guard hasLargeScalars else { return offset }
        var units = 0
        for (position, scalar) in scalars.enumerated() {
            if units >= offset { return position }
            units += scalar.value > 0xFFFF ? 2 : 1
        }
        return scalars.count
    }
}
