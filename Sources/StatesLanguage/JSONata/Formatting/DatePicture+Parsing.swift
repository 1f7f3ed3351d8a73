extension DatePicture {
    /// The moment that a text means, or nil when it does not look like the picture; what is missing is taken from now.
    func parse(_ text: String, now: Timestamp) throws(JSONataError) -> Int64? {
        var reader = Reader(scalars: Array(text.unicodeScalars))
        var found: [Unicode.Scalar: Int] = [:]
        for part in parts {
            switch part {
            case .literal(let literal): guard reader.skip(literal) else { return nil }
            case .marker(let marker):
                guard let value = try Self.value(of: marker, &reader) else { return nil }
                found[marker.component] = value
            }
        }
        guard reader.isAtEnd, !found.isEmpty else { return nil }
        return try Self.moment(&found, now: now)
    }

    private struct Reader {
        let scalars: [Unicode.Scalar]
        var position = 0

        init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

        var isAtEnd: Bool { position == scalars.count }

        mutating func skip(_ text: String) -> Bool {
            let wanted = Array(text.lowercased().unicodeScalars)
            guard position + wanted.count <= scalars.count else { return false }
            let here = String(String.UnicodeScalarView(scalars[position..<(position + wanted.count)])).lowercased()
            guard Array(here.unicodeScalars) == wanted else { return false }
            position += wanted.count
            return true
        }

        /// Takes scalars as long as they fit, at most so many; nil when there are none.
        mutating func take(_ limit: Int = .max, while fits: (Unicode.Scalar) -> Bool) -> String? {
            let start = position
            while position < scalars.count, position - start < limit, fits(scalars[position]) { position += 1 }
            return position > start ? String(String.UnicodeScalarView(scalars[start..<position])) : nil
        }
    }

    private static func value(of marker: Marker, _ reader: inout Reader) throws(JSONataError) -> Int? {
        if marker.component == "Z" || marker.component == "z" { return zoneValue(marker, &reader) }
        if marker.names != nil || marker.component == "P" { return try nameValue(marker, &reader) }
        guard let integer = marker.integer else { return nil }
        let text: String?
        switch integer.style {
        case .digits(let pattern):
            text = reader.take(pattern.parseWidth ?? .max) { scalar in
                (0...9).contains(Int(scalar.value) - Int(pattern.zero))
                    || pattern.separators.contains { $0.text == scalar }
            }
            if integer.isOrdinal, text != nil {
                guard ["st", "nd", "rd", "th"].contains(where: { reader.skip($0) }) else { return nil }
            }
        case .letters, .roman: text = reader.take { $0.isASCII && $0.properties.isAlphabetic }
        case .words: text = words(&reader)
        case .unknown: text = ""
        }
        guard let text else { return nil }
        let value = try integer.parse(text)
        return value.isNaN ? nil : Int(exactly: value)
    }

    /// Takes number words as long as they are some, with what stands between them.
    private static func words(_ reader: inout Reader) -> String? {
        var text = ""
        var end = reader.position
        while true {
            _ = reader.take { ", -".unicodeScalars.contains($0) }
            guard let word = reader.take(while: { $0.isASCII && $0.properties.isAlphabetic }),
                word.lowercased() == "and" || !NumberWords.value(of: word).isNaN
            else { break }
            text += text.isEmpty ? word : " " + word
            end = reader.position
        }
        reader.position = end
        return text.isEmpty ? nil : text
    }

    private static func nameValue(_ marker: Marker, _ reader: inout Reader) throws(JSONataError) -> Int? {
        let names: [String]
        switch marker.component {
        case "M", "x": names = months
        case "F": names = weekdays
        case "P": names = ["am", "pm"]
        default: throw JSONataError(.d3133, value: Evaluator.shown(.string(String(marker.component))))
        }
        guard let text = reader.take(while: { $0.isASCII && $0.properties.isAlphabetic })?.lowercased() else {
            return nil
        }
        let index = names.firstIndex { name in
            let cut = marker.maximumWidth.map { String(name.prefix($0)) } ?? name
            return cut.lowercased() == text
        }
        return index.map { marker.component == "P" ? $0 : $0 + 1 }
    }

    private static func zoneValue(_ marker: Marker, _ reader: inout Reader) -> Int? {
        if marker.component == "z", !reader.skip("GMT") { return nil }
        if marker.isTraditional, reader.skip("Z") { return 0 }
        let isNegative = reader.skip("-")
        guard isNegative || reader.skip("+") else { return nil }
        let isDigit = { (scalar: Unicode.Scalar) in ("0"..."9").contains(scalar) }
        guard let digits = reader.take(6, while: isDigit), let number = Int(digits) else { return nil }
        var minutes = digits.utf8.count <= 2 ? number * 60 : number / 100 * 60 + number % 100
        if case .digits(let pattern) = marker.integer?.style, let separator = pattern.separators.first {
            guard reader.skip(String(separator.text)), let more = reader.take(2, while: isDigit).flatMap({ Int($0) })
            else { return nil }
            minutes = number * 60 + more
        }
        return isNegative ? -minutes : minutes
    }

    // MARK: The moment

    /// Puts the components together; those before the first that is given come from now, those behind it are the least.
    private static func moment(_ found: inout [Unicode.Scalar: Int], now: Timestamp) throws(JSONataError) -> Int64 {
        let given = Set(found.keys)
        let hasDayOfYear = given.contains("d")
        let isWeekDate = !given.isDisjoint(with: Set<Unicode.Scalar>(["X", "x", "W", "w"]))
        if isWeekDate { throw JSONataError(.d3136) }
        let dateParts: [Unicode.Scalar] = hasDayOfYear ? ["Y", "d"] : ["Y", "M", "D"]
        let isTwelveHours = given.contains("h") || given.contains("P")
        let timeParts: [Unicode.Scalar] = isTwelveHours ? ["P", "h", "m", "s", "f"] : ["H", "m", "s", "f"]
        let today = CalendarDate(milliseconds: now.millisecondsSinceEpoch)
        var (hasStarted, hasEnded) = (false, false)
        for part in dateParts + timeParts {
            if given.contains(part) {
                hasStarted = true
                if hasEnded { throw JSONataError(.d3136) }
            } else if hasStarted {
                hasEnded = true
                found[part] = part == "M" || part == "D" || part == "d" ? 1 : 0
            } else {
                found[part] = part == "P" ? today.hour / 12 : value(of: part, today)
            }
        }
        func component(_ letter: Unicode.Scalar) -> Int64 { Int64(found[letter] ?? 0) }
        // As in JavaScript, a year of two digits is one of the twentieth century, and a month beyond 12 runs over.
        var year = max(-999_999, min(999_999, found["Y"] ?? 0))
        if (0...99).contains(year) { year += 1_900 }
        let start = CalendarDate.days(year, hasDayOfYear ? 1 : min(found["M"] ?? 1, 1_000_000))
        let days = start + (hasDayOfYear ? component("d") : component("D")) - 1
        let hour = isTwelveHours ? component("h") % 12 + component("P") * 12 : component("H")
        let minutes = hour * 60 + component("m") - component("Z") - component("z")
        let seconds = (days * 1_440 + minutes) * 60 + component("s")
        return seconds * 1_000 + component("f")
    }
}
