/// Text that is safe to put on a screen.
///
/// Names, reasons and payloads come from tenants and from foreign systems. A newline in one of them would spoof a row,
/// an escape sequence would drive the operator's terminal, a bidirectional override would make a name read as another.
/// So a frame accepts only this type, and the only way to make one is `sanitize(_:)`, which writes what is invisible
/// or dangerous as an escape (`\x1B`, `\u{202E}`) and drops nothing silently but variation selectors. String literals
/// go through it as well.
public struct DisplayText: Hashable, Sendable {
    /// What one cell, or two for a wide character, shows.
    struct Cluster: Hashable, Sendable {
        var glyph: Glyph
        var columns: Int8
        /// Whether this stands for something that could not be shown itself; drawn dim.
        var isSubstitute: Bool
    }

    let clusters: [Cluster]

    /// The columns the text takes.
    public let width: Int

    private init(clusters: [Cluster]) {
        self.clusters = clusters
        width = clusters.reduce(0) { $0 + Int($1.columns) }
    }

    /// Creates the text of one glyph.
    public init(_ glyph: Glyph) {
        self.init(clusters: [Cluster(glyph: glyph, columns: 1, isSubstitute: false)])
    }

    /// The empty text.
    public static let empty = DisplayText(clusters: [])

    /// The most columns that one text may have; more is cut off, because no screen shows it.
    public static let columnLimit = 16_384

    /// Whether nothing would be drawn.
    public var isEmpty: Bool { clusters.isEmpty }

    /// Makes text safe to show.
    public static func sanitize(_ text: String) -> DisplayText {
        var clusters: [Cluster] = []
        clusters.reserveCapacity(text.utf8.count)
        for character in text {
            append(character, to: &clusters)
            if clusters.count >= columnLimit { break }
        }
        return DisplayText(clusters: clusters)
    }

    /// Makes bytes safe to show; what is not UTF-8 becomes U+FFFD.
    public static func sanitize(bytes: some Sequence<UInt8>) -> DisplayText {
        sanitize(String(decoding: Array(bytes), as: UTF8.self))
    }

    /// Makes text of several lines safe to show, one text per line; a tab becomes two spaces.
    public static func lines(_ text: String) -> [DisplayText] {
        text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }.map { line in
            sanitize(
                line.contains("\t")
                    ? line.split(separator: "\t", omittingEmptySubsequences: false)
                        .joined(separator: "  ") : String(line))
        }
    }

    /// The text again, as it appears on the screen.
    public var string: String {
        var text = ""
        for cluster in clusters { text.unicodeScalars.append(contentsOf: cluster.glyph.scalars) }
        return text
    }

    /// Joins two texts, both of which are safe already.
    public static func + (left: DisplayText, right: DisplayText) -> DisplayText {
        DisplayText(clusters: left.clusters + right.clusters)
    }

    /// Returns what fits into some columns; an ellipsis in the last of them says that there is more.
    public func truncated(to columns: Int, ellipsis: Glyph) -> DisplayText {
        guard width > columns else { return self }
        guard columns > 0 else { return .empty }
        var kept: [Cluster] = []
        var used = 0
        for cluster in clusters {
            guard used + Int(cluster.columns) < columns else { break }
            kept.append(cluster)
            used += Int(cluster.columns)
        }
        kept.append(Cluster(glyph: ellipsis, columns: 1, isSubstitute: false))
        return DisplayText(clusters: kept)
    }

    /// Returns the text without its first columns; half of a wide character becomes a space.
    public func dropping(columns: Int) -> DisplayText {
        guard columns > 0 else { return self }
        var rest = columns
        var index = 0
        while index < clusters.count, rest > 0 {
            rest -= Int(clusters[index].columns)
            index += 1
        }
        let padding = Array(repeating: Cluster(glyph: .space, columns: 1, isSubstitute: false), count: max(0, -rest))
        return DisplayText(clusters: padding + clusters[index...])
    }

    /// Breaks the text into lines of at most some columns, at spaces where it can.
    public func wrapped(to columns: Int) -> [DisplayText] {
        guard columns > 0 else { return [] }
        guard width > columns else { return [self] }
        var lines: [DisplayText] = []
        var line: [Cluster] = []
        var used = 0
        var lastSpace: Int?
        for cluster in clusters {
            if used + Int(cluster.columns) > columns, !line.isEmpty {
                let cut = cluster.glyph == .space ? line.count : lastSpace ?? line.count
                lines.append(DisplayText(clusters: Array(line[..<cut])))
                line = Array(line[cut...].drop { $0.glyph == .space })
                used = line.reduce(0) { $0 + Int($1.columns) }
                lastSpace = nil
                if cluster.glyph == .space { continue }
            }
            if cluster.glyph == .space { lastSpace = line.count }
            line.append(cluster)
            used += Int(cluster.columns)
        }
        if !line.isEmpty { lines.append(DisplayText(clusters: line)) }
        return lines
    }
}

extension DisplayText {
    private static func append(_ character: Character, to clusters: inout [Cluster]) {
        if let ascii = character.asciiValue, ascii >= 0x20, ascii < 0x7F {
            clusters.append(Cluster(glyph: Glyph(Unicode.Scalar(ascii)), columns: 1, isSubstitute: false))
            return
        }
        let scalars = character.unicodeScalars
        if terminalsDisagree(on: scalars) {
            clusters.append(Cluster(glyph: Glyph("?"), columns: 1, isSubstitute: true))
            return
        }
        var isFirst = true
        for scalar in scalars {
            append(scalar, isFirst: isFirst, to: &clusters)
            isFirst = false
        }
    }

    /// Whether a cluster is an emoji of several parts, whose width no two terminals agree on.
    private static func terminalsDisagree(on scalars: Character.UnicodeScalarView) -> Bool {
        var pictures = 0
        var isJoined = false
        for scalar in scalars {
            switch scalar.value {
            case 0x1F1E6...0x1F1FF, 0x1F3FB...0x1F3FF: return true
            case 0x200D: isJoined = true
            default: if scalar.value > 0xFF, scalar.properties.isEmoji { pictures += 1 }
            }
        }
        return isJoined && pictures > 0
    }

    private static func append(_ scalar: Unicode.Scalar, isFirst: Bool, to clusters: inout [Cluster]) {
        if scalar.value == 0xFE0E || scalar.value == 0xFE0F {
            // A variation selector asks for a picture or for text; without it every terminal takes the same columns.
            if isFirst { appendEscape(of: scalar, to: &clusters) }
            return
        }
        guard let columns = CharacterWidth.columns(of: scalar) else {
            appendEscape(of: scalar, to: &clusters)
            return
        }
        if columns == 0 {
            guard !isFirst, let last = clusters.indices.last, !clusters[last].isSubstitute else {
                appendEscape(of: scalar, to: &clusters)
                return
            }
            // A pile of marks beyond what a cell holds would climb over the rows above; the rest is left out.
            clusters[last].glyph.combine(scalar)
            return
        }
        if scalar.properties.generalCategory == .spaceSeparator {
            for _ in 0..<columns { clusters.append(Cluster(glyph: .space, columns: 1, isSubstitute: false)) }
            return
        }
        clusters.append(Cluster(glyph: Glyph(scalar), columns: Int8(columns), isSubstitute: false))
    }

    private static func appendEscape(of scalar: Unicode.Scalar, to clusters: inout [Cluster]) {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        let text = scalar.value < 0x100 ? "\\x" + (digits.count < 2 ? "0" : "") + digits : "\\u{" + digits + "}"
        for escaped in text.unicodeScalars {
            clusters.append(Cluster(glyph: Glyph(escaped), columns: 1, isSubstitute: true))
        }
    }
}

extension DisplayText: ExpressibleByStringInterpolation {
    /// Makes a literal safe to show, as any other string.
    public init(stringLiteral value: String) {
        self = .sanitize(value)
    }
}

extension DisplayText: CustomStringConvertible {
    /// The text again, as it appears on the screen.
    public var description: String { string }
}
