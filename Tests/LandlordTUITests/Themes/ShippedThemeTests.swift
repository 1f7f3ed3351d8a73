import Foundation
import LandlordTUI
import Testing

/// The files in `themes/`, read with as much of YAML as they use.
@Suite("Shipped themes")
struct ShippedThemeTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "themes")

    private static func document(_ name: String) throws -> ThemeDocument {
        let text = try String(contentsOf: folder.appending(path: "\(name).yaml"), encoding: .utf8)
        var root: [String: ThemeNode] = [:]
        var section: (name: String, entries: [String: ThemeNode])?
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            var parts = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            if parts.count < 2 { parts.append("") }
            let value = (parts[1].components(separatedBy: " #").first ?? "")
                .trimmingCharacters(in: .whitespaces).replacingOccurrences(of: "\"", with: "")
            if line.hasPrefix(" ") {
                section?.entries[parts[0]] = .scalar(value)
            } else {
                if let section { root[section.name] = .mapping(section.entries) }
                section = value.isEmpty ? (parts[0], [:]) : nil
                if !value.isEmpty { root[parts[0]] = .scalar(value) }
            }
        }
        if let section { root[section.name] = .mapping(section.entries) }
        return ThemeDocument(source: name, root: root)
    }

    @Test(arguments: ["terminal", "harbor-dark", "harbor-light", "mono"])
    func `a shipped theme has no problems and names every role`(name: String) throws {
        let (definition, problems) = ThemeDefinition.read(try Self.document(name), fallbackName: "")
        #expect(problems.isEmpty)
        #expect(definition.name == name)
        #expect(Set(definition.styles.keys) == Set(Role.allCases))
    }

    @Test func `the file of the default theme says what is built in`() throws {
        let (definition, _) = ThemeDefinition.read(try Self.document("terminal"), fallbackName: "")
        #expect(definition.styles == ThemeDefinition.builtIn.styles)
        #expect(definition.mono == ThemeDefinition.builtIn.mono)
        #expect(definition.fallback16 == ThemeDefinition.builtIn.fallback16)
    }

    @Test func `the theme without colours has none at any depth`() throws {
        let (definition, _) = ThemeDefinition.read(try Self.document("mono"), fallbackName: "")
        for depth in ColorDepth.allCases {
            let theme = Theme(chain: [definition], depth: depth, glyphs: .ascii)
            #expect(Role.allCases.allSatisfy { theme[$0].foreground == .standard && theme[$0].background == .standard })
        }
    }
}
