import Foundation
import LandlordEngine
import Testing

/// The main job as an operator does it: the built program, a real terminal, a real process that serves HTTP.
@Suite(.timeLimit(.minutes(3)))
struct ConsoleInTerminalTests {
    @Test func `a tenant is provisioned, serves, is updated and deleted from the terminal`() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("terminal-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }  // A leftover folder harms nobody.
        let session = try TerminalSession(folder: folder, editor: try Self.editor(in: folder))
        defer { session.close() }

        try session.waitFor("driving here")
        try session.type("P")
        try session.waitFor("Provision hello")
        try session.type("y")
        let ready = try session.waitFor("the tenant to be ready") {
            $0.contains("✓ ready ") && $0.contains("127.0.0.1:")
        }

        let url = try #require(ready.firstMatch(of: /http:\/\/127\.0\.0\.1:\d+/)).output
        let code = try BuiltProgram.output(
            of: "/usr/bin/env", ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", String(url)])
        #expect(code == "200")

        try session.type("U")
        try session.waitFor("Update hello")
        try session.type("y")
        try session.waitFor("version 2 to be ready") {
            $0.contains("✓ ready ") && $0.contains("1 ready") && !$0.contains(" v1 ")
        }

        try session.type("D")
        try session.waitFor("Delete hello")
        try session.type("h", "e", "l", "l", "o", "Enter")
        try session.waitFor("no tenants yet")
        let after = try BuiltProgram.output(
            of: "/usr/bin/env", ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", String(url)])
        #expect(after == "000")

        try session.type("q")
        try session.waitFor("left with 0")
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
