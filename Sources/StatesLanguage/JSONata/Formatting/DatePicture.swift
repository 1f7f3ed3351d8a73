// Dates and times as texts, by the pictures of XPath's `fn:format-dateTime`: `[Y0001]-[M01]-[D01]` holds markers in
// brackets,
// each of a letter for the component, how to write it, and the least and greatest width; all else is literal.

/// How a date is written.
struct DatePicture: Sendable {
    enum Part: Sendable {
        case literal(String)
        case marker(Marker)
    }

    struct Marker: Sendable {
        let component: Unicode.Scalar
        /// Whether the component is written as a name, and how.
        var names: IntegerPicture.Letters?
        var integer: IntegerPicture?
        var minimumWidth: Int?
        var maximumWidth: Int?
        /// Whether an offset of zero is written `Z`.
        var isTraditional = false
        /// How many digits a year is cut to, if at all.
        var digitCount: Int?
    }

    var parts: [Part] = []

    /// The picture of ISO 8601, as `$now()` writes.
    static let iso8601 = "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]"

    init(parsing picture: String) throws(JSONataError) {
        let scalars = Array(picture.unicodeScalars)
        var position = 0
        var literal = String.UnicodeScalarView()
        while position < scalars.count {
            let scalar = scalars[position]
            position += 1
            let isDoubled = position < scalars.count && scalars[position] == scalar
            if scalar == "[", !isDoubled {
                flush(&literal)
                guard let end = scalars[position...].firstIndex(of: "]") else { throw JSONataError(.d3135) }
                try add(Self.marker(scalars[position..<end].filter { !$0.properties.isWhitespace }))
                position = end + 1
            } else {
                literal.append(scalar)
                if isDoubled, scalar == "[" || scalar == "]" { position += 1 }
            }
        }
        flush(&literal)
    }

    private mutating func flush(_ literal: inout String.UnicodeScalarView) {
        guard !literal.isEmpty else { return }
        parts.append(.literal(String(literal)))
        literal = String.UnicodeScalarView()
    }

    /// Adds a marker; of two numbers without anything between, the first must have a fixed width to be read.
    private mutating func add(_ marker: Marker) {
        if marker.integer != nil, case .marker(var previous) = parts.last, var integer = previous.integer,
            case .digits(var pattern) = integer.style
        {
            pattern.parseWidth = pattern.mandatoryCount
            integer.style = .digits(pattern)
            previous.integer = integer
            parts[parts.count - 1] = .marker(previous)
        }
        parts.append(.marker(marker))
    }

    private static func defaultPresentation(_ component: Unicode.Scalar) -> String? {
        switch component {
        case "Y", "M", "D", "d", "W", "w", "X", "x", "H", "h", "f": "1"
        case "F", "P", "C", "E": "n"
        case "m", "s": "01"
        case "Z", "z": "01:01"
        default: nil
        }
    }

    private static func marker(_ scalars: [Unicode.Scalar]) throws(JSONataError) -> Marker {
        guard let component = scalars.first, let standard = defaultPresentation(component) else {
            throw JSONataError(.d3132, value: Evaluator.shown(.string(scalars.first.map { String($0) } ?? "")))
        }
        var marker = Marker(component: component)
        var presentation = scalars.dropFirst()
        if let comma = scalars.lastIndex(of: ",") {
            presentation = scalars[1..<comma]
            let widths = scalars[(comma + 1)...].split(separator: "-", maxSplits: 1).map { text in
                Int(String(String.UnicodeScalarView(text))).map { min($0, 1_000) }
            }
            marker.minimumWidth = widths.first ?? nil
            marker.maximumWidth = widths.count > 1 ? widths[1] : nil
        }
        var isOrdinal = false
        if presentation.count > 1, let last = presentation.last, "atco".unicodeScalars.contains(last) {
            isOrdinal = last == "o"
            marker.isTraditional = last == "t"
            presentation = presentation.dropLast()
        }
        let text = presentation.isEmpty ? standard : String(String.UnicodeScalarView(presentation))
        if text.hasPrefix("n") {
            marker.names = .lower
        } else if text.hasPrefix("N") {
            marker.names = text.hasPrefix("Nn") ? .title : .upper
        } else {
            try setInteger(&marker, text, isOrdinal: isOrdinal)
        }
        return marker
    }

    private static func setInteger(_ marker: inout Marker, _ text: String, isOrdinal: Bool) throws(JSONataError) {
        var integer = try IntegerPicture(parsing: text)
        integer.isOrdinal = isOrdinal
        if case .digits(var pattern) = integer.style {
            if let least = marker.minimumWidth { pattern.mandatoryCount = max(pattern.mandatoryCount, least) }
            if "YMD".unicodeScalars.contains(marker.component) {
                if let most = marker.maximumWidth {
                    marker.digitCount = most
                    pattern.mandatoryCount = most
                } else if pattern.mandatoryCount + pattern.optionalCount >= 2 {
                    marker.digitCount = pattern.mandatoryCount + pattern.optionalCount
                }
            }
            integer.style = .digits(pattern)
        }
        marker.integer = integer
    }
}

extension DatePicture {
    static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    static let weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

    /// The text of a moment in a time zone, given as minutes east of Greenwich.
    func format(_ milliseconds: Int64, offset: Int) throws(JSONataError) -> String {
        let date = CalendarDate(milliseconds: milliseconds &+ Int64(offset) * 60_000)
        var text = ""
        for part in parts {
            switch part {
            case .literal(let literal): text += literal
            case .marker(let marker): text += try Self.format(marker, date, offset: offset)
            }
        }
        return text
    }

    private static func format(_ marker: Marker, _ date: CalendarDate, offset: Int) throws(JSONataError) -> String {
        switch marker.component {
        case "Z", "z": return try zone(marker, offset)
        case "P":
            let text = date.hour >= 12 ? "pm" : "am"
            return marker.names == .upper ? text.uppercased() : text
        case "C", "E": return "ISO"
        default: break
        }
        var value = value(of: marker.component, date)
        if marker.component == "Y", let digits = marker.digitCount, digits < 18 {
            var limit = 1
            for _ in 0..<digits { limit *= 10 }
            value %= limit
        }
        guard let letters = marker.names else { return try marker.integer?.format(Double(value)) ?? "" }
        let name: String
        switch marker.component {
        case "M", "x": name = months[value - 1]
        case "F": name = weekdays[value - 1]
        default: throw JSONataError(.d3133, value: Evaluator.shown(.string(String(marker.component))))
        }
        let cased = letters == .lower ? name.lowercased() : letters == .upper ? name.uppercased() : name
        return marker.maximumWidth.map { String(cased.prefix($0)) } ?? cased
    }

    static func value(of component: Unicode.Scalar, _ date: CalendarDate) -> Int {
        switch component {
        case "Y": date.year
        case "M": date.month
        case "D": date.day
        case "d": date.dayOfYear
        case "F": date.dayOfWeek
        case "W": date.weekOfYear
        case "w": date.weekOfMonth
        case "X": date.yearOfWeek
        case "x": date.monthOfWeek
        case "H": date.hour
        case "h": (date.hour + 11) % 12 + 1
        case "m": date.minute
        case "s": date.second
        case "f": date.millisecond
        default: 0
        }
    }

    private static func zone(_ marker: Marker, _ offset: Int) throws(JSONataError) -> String {
        if offset == 0, marker.isTraditional { return (marker.component == "z" ? "GMT" : "") + "Z" }
        guard let integer = marker.integer, case .digits(let pattern) = integer.style else { return "" }
        let (hours, minutes) = (offset.magnitude / 60, offset.magnitude % 60)
        var text: String
        if pattern.interval > 0 {
            text = try integer.format(Double(hours * 100 + minutes))
        } else if pattern.mandatoryCount <= 2 {
            text = try integer.format(Double(hours))
            if minutes != 0 { text += ":" + (minutes < 10 ? "0" : "") + String(minutes) }
        } else if pattern.mandatoryCount <= 4 {
            text = try integer.format(Double(hours * 100 + minutes))
        } else {
            throw JSONataError(.d3134)
        }
        return (marker.component == "z" ? "GMT" : "") + (offset < 0 ? "-" : "+") + text
    }
}
