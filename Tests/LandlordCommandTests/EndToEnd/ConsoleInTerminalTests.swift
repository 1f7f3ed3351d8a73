import Foundation
import LandlordEngine
import Testing

/// The main job as an operator does it: the built program, a real terminal, a real process that serves HTTP.
@Suite(.timeLimit(.minutes(3)))
struct ConsoleInTerminalTests {
    @Test func `a tenant is provisioned, serves, is updated and deleted from the terminal`() async throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("terminal-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }  // A leftover folder harms nobody.
        let session = try await TerminalSession(folder: folder, editor: try Self.editor(in: folder))
        do {
            try await Self.play(session)
        } catch {
            await session.close()
            throw error
        }
        await session.close()
    }

    private static func play(_ session: TerminalSession) async throws {
        try await session.waitFor("driving here")
        try await session.type("P")
        try await session.waitFor("Provision hello")
        try await session.type("y")
        let ready = try await session.waitFor("the tenant to be ready") {
            $0.contains("✓ ready ") && $0.contains("127.0.0.1:")
        }

        let url = try #require(ready.firstMatch(of: /http:\/\/127\.0\.0\.1:\d+/)).output
        #expect(try await answer(of: url) == "200")

        try await session.type("U")
        try await session.waitFor("Update hello")
        try await session.type("y")
        try await session.waitFor("version 2 to be ready") {
            $0.contains("✓ ready ") && $0.contains("1 ready") && !$0.contains(" v1 ")
        }

        try await session.type("D")
        try await session.waitFor("Delete hello")
        try await session.type("h", "e", "l", "l", "o", "Enter")
        try await session.waitFor("no tenants yet")
        #expect(try await answer(of: url) == "000")

        try await session.type("q")
        try await session.waitFor("left with 0")
    }

    /// The HTTP status that a URL answers with; 000 where nobody does.
    private static func answer(of url: Substring) async throws -> String {
        try await ToolRun.output(of: ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", String(url)])
    }

    /// An editor that writes the example the first time, and the example with a changed variable the second time.
    private static func editor(in folder: URL) throws -> String {
        let example = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("examples/hello.yaml")
        let script = folder.appendingPathComponent("editor")
        let text = """
            #!/bin/sh
            if [ -e '\(folder.path)/edited' ]; then
                sed 's/    - name: web/    - name: web\\n      env: { GREETING: changed }/' '\(example.path)' > "$1"
            else
                cat '\(example.path)' > "$1"
                touch '\(folder.path)/edited'
            fi
            """
        try Data(text.utf8).write(to: script)
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: script.path)
        return script.path
    }
}
