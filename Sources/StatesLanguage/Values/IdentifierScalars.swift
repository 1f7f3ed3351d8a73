// Whether a character may stand in a name is a property of Unicode (UAX 31), which takes a search to look up. Nearly
// all names are ASCII, for which it takes a comparison.

extension Unicode.Scalar {
    /// Whether a name may begin with the character.
    var beginsName: Bool { isASCII ? isASCIILetter : properties.isIDStart }

    /// Whether a name may go on with the character.
    var continuesName: Bool {
        guard isASCII else { return properties.isIDContinue }
        return isASCIILetter || ("0"..."9").contains(self) || self == "_"
    }

    private var isASCIILetter: Bool { ("a"..."z").contains(self) || ("A"..."Z").contains(self) }
}
