/// Words of a document in a message: short, and with control characters named instead of sent to a terminal.
enum VisibleText {
    /// The most characters of a message.
    static let lengthLimit = 400

    /// The text as it may be shown.
    static func shown(_ text: String) -> String {
        var shown = ""
        for scalar in text.unicodeScalars.prefix(lengthLimit) {
            if YAMLCharacters.isControl(scalar) || scalar == "\n" || scalar == "\t" {
                shown += "<\(name(of: scalar))>"
            } else {
                shown.unicodeScalars.append(scalar)
            }
        }
        return text.unicodeScalars.count > lengthLimit ? shown + "…" : shown
    }

    /// The character by its number: `U+001B`.
    static func name(of scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
