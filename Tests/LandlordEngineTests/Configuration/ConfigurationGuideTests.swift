import Foundation
import Testing

@testable import LandlordEngine

@Suite struct ConfigurationGuideTests {
    /// Keys whose default depends on the machine, as the guide names it.
    private static let places = [
        "database": "$XDG_STATE_HOME/landlord/landlord.db", "process.directory": "$XDG_STATE_HOME/landlord/process",
        "workflow.archive": "$XDG_STATE_HOME/landlord/archive", "log.file": "$XDG_STATE_HOME/landlord/landlord.log",
    ]

    @Test func `the guide lists every key as the table has it`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let guide = try String(contentsOf: root.appending(path: "docs/configuration.md"), encoding: .utf8)
        let rows = guide.split(separator: "\n").filter { $0.hasPrefix("| `") }.map(String.init)
        let expected = ConfigurationKey.all.map { key in
            let fallback = key.fallback ?? Self.places[key.name] ?? "?"
            return "| `\(key.name)` | \(fallback.isEmpty ? "none" : "`\(fallback)`") | \(key.summary) |"
        }
        #expect(rows == expected)
    }
}
