/// How a status is shown: a glyph, its ASCII twin, a word and a role.
///
/// Colour is never the only signal, so these four belong together and are written down once, here. Every Unicode glyph
/// is one column wide everywhere (East Asian Width "Neutral").
public enum StatusMark: String, CaseIterable, Sendable {
    case requested
    case planning
    case provisioning
    case waiting
    case backingOff = "backing-off"
    case ready
    case deleting
    case archiving
    case archived
    case failed
    case timedOut = "timed-out"
    case cancelled

    /// One row of the table.
    struct Row {
        let unicode: Unicode.Scalar
        let ascii: Unicode.Scalar
        let word: String
        let role: Role
    }

    var row: Row {
        switch self {
        case .requested: Row(unicode: "◌", ascii: "o", word: "requested", role: .requested)
        case .planning: Row(unicode: "◔", ascii: "~", word: "planning", role: .planning)
        case .provisioning: Row(unicode: "↻", ascii: "~", word: "provisioning", role: .provisioning)
        case .waiting: Row(unicode: "⋯", ascii: ".", word: "waiting", role: .waiting)
        case .backingOff: Row(unicode: "⧖", ascii: "%", word: "retrying", role: .backingOff)
        case .ready: Row(unicode: "✓", ascii: "+", word: "ready", role: .ready)
        case .deleting: Row(unicode: "⊖", ascii: "-", word: "deleting", role: .deleting)
        case .archiving: Row(unicode: "⇣", ascii: "v", word: "archiving", role: .archived)
        case .archived: Row(unicode: "∙", ascii: ".", word: "archived", role: .archived)
        case .failed: Row(unicode: "✗", ascii: "!", word: "failed", role: .failed)
        case .timedOut: Row(unicode: "⧗", ascii: "T", word: "timed out", role: .timedOut)
        case .cancelled: Row(unicode: "⊘", ascii: "x", word: "cancelled", role: .cancelled)
        }
    }

    /// The word that is shown unless a view knows a better one, such as "waiting on plan".
    public var word: String { row.word }

    /// The role that a theme styles.
    public var role: Role { row.role }

    /// Returns the glyph.
    public func glyph(_ glyphs: GlyphSet) -> Glyph {
        Glyph(glyphs.isUnicode ? row.unicode : row.ascii)
    }

    /// Returns the glyph and a word: `! failed`.
    public func text(_ glyphs: GlyphSet, word: String? = nil) -> DisplayText {
        .sanitize("\(glyphs.isUnicode ? row.unicode : row.ascii) \(word ?? row.word)")
    }
}
