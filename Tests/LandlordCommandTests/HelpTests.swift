import Testing

@Suite(.timeLimit(.minutes(3)))
struct HelpTests {
    static let commands: [String] = [
        "", "tenant", "tenant apply", "tenant list", "tenant get", "tenant describe", "tenant plan", "tenant history",
        "tenant logs", "tenant retry", "tenant archive", "tenant delete", "tenant wait", "execution", "execution list",
        "execution get", "execution history", "execution cancel", "execution retry", "callback", "callback list",
        "callback get", "callback attempts", "workflow", "workflow list", "workflow get", "workflow history",
        "workflow cancel", "workflow definitions", "workflow drain", "workflow open", "workflow move", "workflow lint",
        "workflow run", "workflow test-state", "provider", "provider list", "provider schema", "migrate",
        "migrate status", "migrate up", "verify", "doctor", "serve", "demo", "completion",
    ]

    @Test(arguments: commands)
    func `every command explains itself`(_ command: String) async throws {
        let home = try Home()
        let words = command.split(separator: " ").map(String.init)
        let end = try await home.run(words + ["--help"])
        #expect(end.code == 0)
        #expect(end.output.contains("USAGE: landlord \(command)"))
        #expect(end.problems == "")
    }

    @Test func `the version is one line`() async throws {
        let end = try await Home().run(["--version"])
        #expect(end.code == 0)
        #expect(end.output.split(separator: "\n").count == 1)
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func `completion is written for each shell`(_ shell: String) async throws {
        let end = try await Home().run(["completion", shell])
        #expect(end.code == 0)
        #expect(end.output.contains("landlord"))
    }
}
