import Foundation
import StatesLanguage
import Testing

@Suite(.timeLimit(.minutes(5)))
struct BadInputTests {
    struct Sample: Sendable, CustomTestStringConvertible {
        let arguments: [String]
        var input = ""
        let code: Int32
        /// What the message says.
        let says: String

        init(_ arguments: String..., input: String = "", code: Int32, says: String) {
            self.arguments = arguments
            self.input = input
            self.code = code
            self.says = says
        }

        var testDescription: String { arguments.joined(separator: " ") }
    }

    /// Refused before the database is touched.
    static let early: [Sample] = [
        Sample(code: 64, says: "needs a terminal"),
        Sample("tenent", "list", code: 64, says: "did you mean 'tenant'"),
        Sample("tenant", "lst", code: 64, says: "did you mean 'list'"),
        Sample("tenant", "list", "--wat", code: 64, says: "--wat"),
        Sample("tenant", "get", code: 64, says: "<name>"),
        Sample("tenant", "list", "surplus", code: 64, says: "surplus"),
        Sample("tenant", "list", "-o", "xml", code: 64, says: "xml"),
        Sample("tenant", "list", "--limit", "0", code: 64, says: "at least 1"),
        Sample("tenant", "list", "--limit", "many", code: 64, says: "many"),
        Sample("tenant", "list", "--after", "nowhere", code: 64, says: "not a place in this list"),
        Sample("tenant", "list", "--status", "redy", code: 64, says: "did you mean 'ready'"),
        Sample("tenant", "list", "--selector", "plan", code: 64, says: "key=value"),
        Sample("tenant", "list", "--filter", "age<24h", code: 64, says: "'age<24h'"),
        Sample("tenant", "wait", "acme", "--for", "happy", code: 64, says: "happy"),
        Sample("tenant", "wait", "acme", "--for", "ready", "--timeout", "60", code: 64, says: "30s"),
        Sample("callback", "list", "--filter", "status:deed", code: 64, says: "did you mean 'dead'"),
        Sample("callback", "list", "--filter", "atempts>=3", code: 64, says: "did you mean 'attempts'"),
        Sample("callback", "list", "--filter", "age<24", code: 64, says: "24h"),
        Sample("callback", "retry", code: 64, says: "--all"),
        Sample("callback", "retry", "cb-1", "--all", code: 64, says: "not both"),
        Sample("callback", "retry", "cb-1", "--canary", code: 64, says: "need '--all'"),
        Sample("callback", "retry", "cb-1", "--filter", "acme", code: 64, says: "needs '--all'"),
        Sample("callback", "retry", "--all", "--rate", "0", code: 64, says: "--rate"),
        Sample("callback", "retry", "--all", "--max-retries", "-1", code: 64, says: "--max-retries"),
        Sample("callback", "retry", "--all", "--filter=-acme", code: 64, says: "'-acme' negates"),
        Sample("callback", "discard", code: 64, says: "--all"),
        Sample("tenant", "apply", "-f", "missing.yaml", code: 66, says: "there is no such file"),
        Sample("tenant", "apply", "-f", "/", code: 66, says: "is a directory"),
        Sample("tenant", "apply", "-f", "-", input: "", code: 65, says: "is empty"),
        Sample("tenant", "apply", "-f", "-", input: "{", code: 65, says: "not YAML"),
        Sample("tenant", "apply", "-f", "-", input: "[1]", code: 65, says: "mapping"),
        Sample("tenant", "apply", "-f", "-", input: "name: a\u{1}b", code: 65, says: "U+0001"),
        Sample(
            "tenant", "apply", "-f", "-", input: String(repeating: "a", count: 10_000_000), code: 65,
            says: "larger than 1048576"),
        Sample("tenant", "list", "--config", "missing.yaml", code: 66, says: "there is no such file"),
        Sample("tenant", "list", "--database", "", code: 64, says: "must not be empty"),
        Sample("tenant", "list", "--database", "postgres://u:hidden@h/d", code: 69, says: "********"),
        Sample("completion", "ksh", code: 64, says: "ksh"),
        Sample("demo", "--tenants", "0", "--no-console", code: 64, says: "--tenants"),
        Sample("demo", code: 64, says: "needs a terminal"),
    ]

    @Test(arguments: early)
    func `what is wrong in itself is told in one line and makes no database`(_ sample: Sample) async throws {
        let home = try Home()
        let end = try await home.run(sample.arguments, input: sample.input)
        #expect(end.code == sample.code)
        #expect(end.problemLines.count == 1)
        #expect(end.problems.contains(sample.says), "\(end.problems)")
        #expect(!end.problems.contains("hidden"))
        #expect(end.output == "")
        #expect(!FileManager.default.fileExists(atPath: home.database))
    }

    /// Refused because of what is stored.
    static let late: [Sample] = [
        Sample("tenant", "get", "nobody", code: 66, says: "no tenant 'nobody'"),
        Sample("tenant", "get", "a\u{1B}[31mb", code: 66, says: "a\\x1B[31mb"),
        Sample("tenant", "get", String(repeating: "n", count: 1_000), code: 66, says: "no tenant"),
        Sample("tenant", "history", "nobody", code: 66, says: "no tenant"),
        Sample("tenant", "logs", "nobody", code: 66, says: "no tenant"),
        Sample("tenant", "delete", "nobody", code: 66, says: "no tenant"),
        Sample("tenant", "wait", "nobody", "--for", "ready", code: 66, says: "no tenant"),
        Sample("tenant", "retry", "acme", code: 65, says: "only a failed tenant"),
        Sample("tenant", "wait", "acme", "--for", "ready", "--timeout", "1ms", code: 124, says: "still requested"),
        Sample("execution", "get", "x-0", code: 66, says: "no execution 'x-0'"),
        Sample("execution", "retry", "x-0", code: 66, says: "no execution"),
        Sample("execution", "list", "--tenant", "nobody", code: 66, says: "no tenant"),
        Sample("callback", "attempts", "cb-0", code: 66, says: "no callback"),
        Sample("workflow", "cancel", "nothing", code: 66, says: "no run"),
        Sample("provider", "schema", "dokker", code: 66, says: "there is mock, process"),
        Sample(
            "tenant", "apply", "-f", "-",
            input: "name: b\ncompute: { provider: mok, containers: [{ name: w, image: i }] }", code: 65,
            says: "did you mean 'mock'"),
    ]

    @Test func `what does not fit what is stored is told in one line and changes nothing`() async throws {
        let home = try Home()
        // Nobody drives this database, so nothing but a command can change it.
        _ = try await home.run([
            "tenant", "apply", "-f", try home.spec("acme", script: "{ delay_milliseconds: 60000 }"),
        ])
        let before = try await home.json(["tenant", "list"])["items"]?[0]
        for sample in Self.late where sample.code != 124 {
            let end = try await home.run(sample.arguments, input: sample.input)
            #expect(end.code == sample.code, "\(sample.testDescription)")
            #expect(end.problemLines.count == 1, "\(sample.testDescription): \(end.problems)")
            #expect(end.problems.contains(sample.says), "\(sample.testDescription): \(end.problems)")
            #expect(!end.problems.contains("\u{1B}"))
            #expect(end.output == "")
        }
        #expect(try await home.json(["tenant", "list"])["items"] == .array([try #require(before)]))
    }

    @Test func `every problem of a spec is told with its line`() async throws {
        let home = try Home()
        let path = try home.write(
            "name: Bad_\ncompute:\n  provider: mock\n  containers:\n    - name: web\n      imge: x\n", to: "bad.yaml")
        let end = try await home.run(["tenant", "apply", "-f", path])
        #expect(end.code == 65)
        #expect(end.problemLines.count == 2)
        #expect(end.problemLines.first?.hasPrefix("\(path):1: name: ") == true)
        #expect(end.problemLines.last?.hasPrefix("\(path):6: compute.containers[0].imge: ") == true)
    }

    @Test func `files that are no database of ours are refused and stay as they are`() async throws {
        let home = try Home()
        let path = try home.write("hello, I am a letter\n", to: "letter.db")
        let end = try await home.run(["tenant", "list", "--database", path])
        #expect(end.code == 65)
        #expect(end.problemLines.count == 1)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "hello, I am a letter\n")
        #expect(try await home.run(["tenant", "list", "--database", home.file("")]).code == 73)
        #expect(try await home.run(["tenant", "list", "--database", "/proc/nowhere/l.db"]).code == 73)
    }

    @Test func `a full disk behind the output is an error, and nobody behind it is the end`() async throws {
        let home = try Home()
        let end = try await home.run(["tenant", "list"], output: "/dev/full")
        #expect(end.code == 74)
        #expect(end.problemLines.count == 1)
        let process: ChildProcess
        do {
            // The reading end is closed before the program writes: it has a database to make first.
            let (_, writing) = try OpenFile.pipe()
            process = try home.start(["tenant", "list"], output: writing)
        }
        #expect(await process.end() == 128 + SIGPIPE)
    }
}
