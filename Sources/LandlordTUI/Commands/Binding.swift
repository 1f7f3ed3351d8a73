import LandlordDomain

/// One row of the table of commands: which keys, what they do, where, and why not.
///
/// Dispatcher, footer, help, the command line and `docs/keys.md` all read this table, so none of them can be wrong
/// about the others.
struct Binding: Sendable {
    var keys: [Key]
    /// The word in the command line, such as `retry`.
    var verb: String
    /// What the key does, as short as a footer wants it.
    var title: String
    /// The section of the help.
    var section: Section
    var scopes: Set<Scope>
    /// Whether the key leads to a change; such keys are capitals.
    var isChange = false
    /// Whether it asks for a text, which may stand behind the verb.
    var takesText = false
    /// How early a footer shows the key; nil for never.
    var footerRank: Int?
    /// Where a footer shows it; nil wherever it holds.
    var footerScopes: Set<Scope>?
    /// What a shell would be told for the same.
    var commandLine = ""
    /// Why the key can do nothing now; nil where it can.
    var refusal: @Sendable (ConsoleModel) -> String? = { _ in nil }
    var action: @Sendable (inout ConsoleModel) -> [ConsoleEffect]

    /// The groups of the help.
    enum Section: String, CaseIterable, Sendable {
        case changes = "Change"
        case moves = "Move"
        case look = "Look"
        case screens = "Screens"
        case console = "Console"
    }

    /// The key as footer and help show it for a model.
    func hint(for model: ConsoleModel) -> KeyHint {
        KeyHint(keys, title: .sanitize(title), isChange: isChange, refusal: refusal(model).map { .sanitize($0) })
    }
}

/// The table of all commands.
enum Bindings {
    static let all: [Binding] =
        changing + steering + scheduling + settling + moving + looking + lookingAtLetters + switching + leaving

    /// The binding of a key in a place.
    static func binding(for key: Key, in scope: Scope) -> Binding? {
        all.first { $0.keys.contains(key) && $0.scopes.contains(scope) }
    }

    /// The bindings that hold in a place.
    static func bindings(in scope: Scope) -> [Binding] { all.filter { $0.scopes.contains(scope) } }

    /// The hints of a footer, the most useful first.
    static func footer(for model: ConsoleModel) -> [KeyHint] {
        bindings(in: model.scope).filter { $0.footerRank != nil && $0.footerScopes?.contains(model.scope) != false }
            .sorted { ($0.footerRank ?? 0) < ($1.footerRank ?? 0) }
            .filter { !$0.isChange || model.size.columns >= 100 || ($0.footerRank ?? 0) < 50 }
            .map { binding in
                var hint = binding.hint(for: model)
                // A footer has no room for reasons; a dim key says enough and tells the reason when it is pressed.
                if hint.refusal != nil { hint.refusal = "-" }
                return hint
            }
    }

    /// The sections of the help in a place.
    static func help(for model: ConsoleModel) -> [HelpSection] {
        Binding.Section.allCases.map { section in
            HelpSection(
                title: .sanitize(section.rawValue),
                hints: bindings(in: model.scope).filter { $0.section == section }.map { $0.hint(for: model) })
        }
    }
}
