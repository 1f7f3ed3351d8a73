import StatesLanguage

/// Turns what a person wrote for a key into its value.
enum SettingReader {
    /// The value of a text from a flag or a variable; on failure, the rule that it breaks.
    static func value(of text: String, for key: ConfigurationKey) -> Result<Setting.Value, Broken> {
        switch key.kind {
        case .path, .text: return check(text, for: key)
        case .choice: return check(text, for: key)
        case .flag:
            switch text.lowercased() {
            case "true", "1", "yes", "on": return .success(.flag(true))
            case "false", "0", "no", "off": return .success(.flag(false))
            default: return .failure(Broken("must be true or false, not '\(text)'"))
            }
        case .count(let range):
            guard let number = Int(text) else { return .failure(Broken("must be a whole number, not '\(text)'")) }
            return check(number, range)
        case .duration(let range):
            return duration(text, range)
        case .list:
            let words = text.split(separator: ",").map { word in
                String(word.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
            }
            return .success(.list(words.filter { !$0.isEmpty }))
        }
    }

    /// The value of what stands in the file; on failure, the rule that it breaks.
    static func value(of located: LocatedValue, for key: ConfigurationKey) -> Result<Setting.Value, Broken> {
        switch (key.kind, located.content) {
        case (.path, .text(let text)), (.text, .text(let text)), (.choice, .text(let text)):
            return check(text, for: key)
        case (.path, _), (.text, _), (.choice, _):
            return .failure(Broken("must be text, not \(located.kind)"))
        case (.flag, .bool(let flag)):
            return .success(.flag(flag))
        case (.flag, _):
            return .failure(Broken("must be true or false, not \(located.kind)"))
        case (.count(let range), .number(let number)):
            guard let count = number.intValue, number.isInteger else {
                return .failure(Broken("must be a whole number"))
            }
            return check(count, range)
        case (.count, _):
            return .failure(Broken("must be a whole number, not \(located.kind)"))
        case (.duration(let range), .text(let text)):
            return duration(text, range)
        case (.duration, .number):
            return .failure(Broken("\(DurationText.rule): it needs a unit"))
        case (.duration, _):
            return .failure(Broken("\(DurationText.rule), not \(located.kind)"))
        case (.list, .list(let items)):
            return list(items)
        case (.list, _):
            return .failure(Broken("must be a list, not \(located.kind)"))
        }
    }

    /// A rule that a value breaks.
    struct Broken: Error {
        let rule: String

        init(_ rule: String) { self.rule = rule }
    }

    private static func list(_ items: [LocatedValue]) -> Result<Setting.Value, Broken> {
        var words: [String] = []
        for item in items {
            guard case .text(let word) = item.content else {
                return .failure(Broken("must be a list of texts; one is \(item.kind)"))
            }
            words.append(word)
        }
        return .success(.list(words))
    }

    private static func check(_ text: String, for key: ConfigurationKey) -> Result<Setting.Value, Broken> {
        if text.isEmpty { return .failure(Broken("must not be empty")) }
        if text.unicodeScalars.contains(where: { YAMLCharacters.isControl($0) || $0 == "\n" }) {
            return .failure(Broken("must not hold control characters"))
        }
        if case .choice(let words) = key.kind, !words.contains(text) {
            return .failure(Broken("must be one of \(words.joined(separator: ", ")), not '\(text)'"))
        }
        return .success(.text(text))
    }

    private static func check(_ number: Int, _ range: ClosedRange<Int>) -> Result<Setting.Value, Broken> {
        guard range.contains(number) else {
            return .failure(Broken("must be from \(range.lowerBound) to \(range.upperBound), not \(number)"))
        }
        return .success(.count(number))
    }

    private static func duration(_ text: String, _ range: ClosedRange<Duration>) -> Result<Setting.Value, Broken> {
        guard let duration = DurationText.parse(text) else {
            return .failure(Broken("\(DurationText.rule), not '\(text)'"))
        }
        guard range.contains(duration) else {
            let least = DurationText.format(range.lowerBound)
            return .failure(Broken("must be from \(least) to \(DurationText.format(range.upperBound)), not \(text)"))
        }
        return .success(.duration(duration))
    }
}
