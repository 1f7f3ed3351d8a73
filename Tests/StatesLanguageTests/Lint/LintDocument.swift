import Foundation
import StatesLanguage
import Testing

/// What `docs/workflow-lint.md` says about each rule.
struct LintDocument {
    struct Entry: CustomTestStringConvertible {
        let code: String
        let severity: String
        let title: String
        let reason: String
        let bad: [UInt8]
        let good: [UInt8]

        var testDescription: String { code }
    }

    let entries: [Entry]
    /// The codes in the table at the top.
    let listed: [String]

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    static let shared = LintDocument(
        // Without the document there is no entry, which a test notices.
        (try? String(contentsOf: root.appending(path: "docs/workflow-lint.md"), encoding: .utf8)) ?? "")

    init(_ text: String) {
        let parts = text.components(separatedBy: "\n### ")
        listed = parts[0].split(separator: "\n").compactMap { line in
            guard line.hasPrefix("| ["), let end = line.firstIndex(of: "]") else { return nil }
            return String(line[line.index(line.startIndex, offsetBy: 3)..<end])
        }
        entries = parts.dropFirst().map(Self.entry)
    }

    private static func entry(_ text: String) -> Entry {
        let section = text.components(separatedBy: "\n## ")[0]
        let paragraphs = section.components(separatedBy: "\n\n")
        let blocks = section.components(separatedBy: "```json\n").dropFirst().map {
            expanded($0.components(separatedBy: "\n```")[0])
        }
        let head = paragraphs.count > 1 ? paragraphs[1].components(separatedBy: ": ") : []
        return Entry(
            code: paragraphs[0], severity: head.first ?? "", title: head.dropFirst().joined(separator: ": "),
            reason: paragraphs.count > 2 ? paragraphs[2] : "", bad: blocks.first ?? [], good: blocks.last ?? [])
    }

    /// The bytes of an example: `«81 x»` stands for 81 times `x`, `«byte E9»` for that byte.
    private static func expanded(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = text[...]
        while let start = rest.firstIndex(of: "«"), let end = rest[start...].firstIndex(of: "»") {
            bytes += rest[..<start].utf8
            let words = rest[rest.index(after: start)..<end].split(separator: " ")
            if words[0] == "byte" {
                bytes.append(UInt8(words[1], radix: 16) ?? 0)
            } else {
                bytes += String(repeating: String(words[1]), count: Int(words[0]) ?? 0).utf8
            }
            rest = rest[rest.index(after: end)...]
        }
        return bytes + Array(rest.utf8)
    }
}
