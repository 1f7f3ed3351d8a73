import Yams

/// Reads one YAML document, which may be JSON, from text that nobody has vouched for.
///
/// Three things make YAML dangerous to read, and each is stopped before it costs anything:
///
/// - A document can be endless. More than ``sizeLimit`` bytes are refused unread.
/// - Aliases can make a small document stand for a huge one (`a: &a [x, x]`, `b: &b [*a, *a]`, ...). The library
///   shares the nodes that aliases stand for, but it hashes the keys of every mapping, and to hash shared nodes
///   takes as long as to write them out. So the library never sees an alias: every `*` is replaced by a character
///   that the text does not hold, which turns aliases into plain words and leaves the structure as it is. We then
///   resolve those words ourselves, with the size of what each anchor stands for counted once, and refuse the
///   document when the sum passes the limit.
/// - It can be deeply nested, and readers are recursive. The library stops at 1,000 levels; ``depthLimit`` is ours.
///
/// Values follow the core schema of YAML 1.2: `yes` and `no` are texts, integers are exact, and there are no dates.
public enum YAMLDocument {
    /// The most bytes that a document may have, before and after its aliases are expanded.
    public static let sizeLimit = 1 << 20
    /// The most levels of lists and mappings.
    public static let depthLimit = 64

    /// Reads a document.
    ///
    /// - Parameters:
    ///   - bytes: The text in UTF-8.
    ///   - file: The name for messages.
    /// - Returns: The document; nothing (`null`) where the text is empty.
    /// - Throws: The first thing that is wrong with the text, with its line.
    public static func read(_ bytes: [UInt8], file: String) throws(DocumentError) -> LocatedValue {
        guard bytes.count <= sizeLimit else {
            throw DocumentError(.tooLarge, file: file, "is larger than \(sizeLimit) bytes")
        }
        let text = try YAMLCharacters.checked(bytes, file: file)
        guard let stand = YAMLCharacters.unused(in: text) else {
            throw DocumentError(.syntax, file: file, "uses every character of the private range")
        }
        let hidden = YAMLCharacters.replacing("*", by: stand, in: text)
        var composer = YAMLComposer(file: file, aliasMark: stand)
        do {
            let parser = try Parser(yaml: hidden, resolver: .basic, encoding: .utf8)
            // Nodes refer to their anchors weakly; the parser owns them.
            return try withExtendedLifetime(parser) {
                guard let root = try parser.singleRoot() else {
                    return LocatedValue(content: .null, line: 1, column: 1)
                }
                return try composer.document(root)
            }
        } catch let error as DocumentError {
            throw error
        } catch {
            throw composer.translated(error)
        }
    }

    /// Reads a document from a text.
    public static func read(_ text: String, file: String) throws(DocumentError) -> LocatedValue {
        try read(Array(text.utf8), file: file)
    }
}
