import LandlordDomain
import StatesLanguage

/// Reads what a person has written in YAML or JSON, and answers every mistake with the line where it stands.
///
/// The rules are the domain's; this only brings its words and the places of the document together.
enum SpecDocument {
    /// Reads a spec.
    ///
    /// - Parameters:
    ///   - bytes: The text in UTF-8.
    ///   - file: The name for messages.
    ///   - shape: What it should be, for a file in which nothing stands.
    ///   - make: The rules of the domain.
    /// - Returns: The spec, when nothing is wrong with it.
    /// - Throws: Everything that is wrong with it, in the order of the document.
    static func read<Spec>(
        _ bytes: [UInt8], file: String, shape: String, _ make: (JSONValue) throws(InvalidSpec) -> Spec
    ) throws(DocumentError) -> Spec {
        let document = try YAMLDocument.read(bytes, file: file)
        if case .null = document.content {
            throw DocumentError(.invalid, file: file, line: 1, "is empty; \(shape)")
        }
        var violations = controlCharacters(in: document, path: "")
        do throws(InvalidSpec) {
            let spec = try make(document.json)
            if violations.isEmpty { return spec }
        } catch {
            violations = error.violations + violations
        }
        let problems = violations.map { violation in
            DocumentProblem(
                .invalid, file: file, line: document.line(of: violation.field),
                field: VisibleText.shown(violation.field),
                VisibleText.shown(violation.message))
        }
        throw DocumentError(inOrder(problems))
    }

    /// Sorted by line; problems of one line stay in the order in which they were found.
    private static func inOrder(_ problems: [DocumentProblem]) -> [DocumentProblem] {
        let sorted = problems.enumerated().sorted { left, right in
            (left.element.line ?? 0, left.offset) < (right.element.line ?? 0, right.offset)
        }
        var seen: Set<DocumentProblem> = []
        return sorted.map(\.element).filter { seen.insert($0).inserted }
    }

    /// A quoted text can name any character; what a spec says ends on screens, in logs and in environments.
    private static func controlCharacters(in value: LocatedValue, path: String) -> [Violation] {
        switch value.content {
        case .null, .bool, .number:
            return []
        case .text(let text):
            guard let scalar = text.unicodeScalars.first(where: YAMLCharacters.isControl) else { return [] }
            return [Violation(path, "holds the control character \(VisibleText.name(of: scalar))")]
        case .list(let items):
            return items.enumerated().flatMap { controlCharacters(in: $1, path: "\(path)[\($0)]") }
        case .mapping(let members):
            return members.flatMap { member -> [Violation] in
                let place = path.isEmpty ? member.key : "\(path).\(member.key)"
                let inside = controlCharacters(in: member.value, path: place)
                guard
                    let scalar = member.key.unicodeScalars.first(where: { YAMLCharacters.isControl($0) || $0 == "\n" })
                else { return inside }
                return [Violation(place, "has a name with the control character \(VisibleText.name(of: scalar))")]
                    + inside
            }
        }
    }
}
