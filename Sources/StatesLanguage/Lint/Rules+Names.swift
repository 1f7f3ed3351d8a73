extension LintRule {
    static let nameRules: [LintRule] = [nameCharacters, similarNames, longComment]

    private static let nameCharacters = LintRule(
        "NAME_CHARACTERS", .warning, "The name of a state has characters that are hard to see",
        why: "Spaces at its ends and control characters cannot be seen in a history, and Next must "
            + "repeat them exactly.",
        state: { state, _, report in
            let scalars = state.name.unicodeScalars
            let isPadded =
                scalars.first?.properties.isWhitespace == true || scalars.last?.properties.isWhitespace == true
            guard isPadded || scalars.contains(where: NameRules.isControl) else { return }
            report.add(state.pointer, "the name has a space at an end, or a control character")
        })

    private static let similarNames = LintRule(
        "SIMILAR_NAMES", .warning, "Two states differ only in case",
        why: "Names are compared exactly, so that a transition to the wrong one is not noticed.",
        machine: { machine, report in
            var seen: [String: String] = [:]
            for state in machine.states {
                let key = state.name.lowercased()
                if let other = seen[key], other != state.name {
                    report.add(state.pointer, "'\(state.name)' differs from '\(other)' only in case")
                }
                seen[key] = state.name
            }
        })

    private static let longComment = LintRule(
        "LONG_COMMENT", .info, "A comment has more than 1,000 characters",
        why: "Comments count for the size of a definition, and consoles show a line or two of them.",
        machine: { machine, report in
            if let comment = machine.document["Comment"]?.stringValue, comment.utf8.count > 1_000, comment.count > 1_000
            {
                report.add("/Comment", "the comment has \(comment.count) characters")
            }
            for state in machine.states {
                guard let comment = state.string("Comment"), comment.utf8.count > 1_000, comment.count > 1_000 else {
                    continue
                }
                report.add(state.pointer(to: "Comment"), "the comment has \(comment.count) characters")
            }
        })
}

/// Characters in names.
enum NameRules {
    /// What may not be in a label: spaces, wildcards, brackets, special characters, control characters.
    static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || isControl(scalar)
            || "?*<>{}[]\"#%\\^|~`$&,;:/".unicodeScalars.contains(scalar)
    }

    /// Whether a character has no shape of its own.
    static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII ? scalar.value < 0x20 || scalar.value == 0x7F : scalar.properties.generalCategory == .control
    }
}
