import Foundation
import LandlordDomain
import LandlordTestSupport
import StatesLanguage
import Testing

@testable import LandlordEngine

@Suite(.timeLimit(.minutes(1)))
struct HealthProbeTests {
    @Test(arguments: [
        ("HTTP/1.0 200 OK\r\n", true), ("HTTP/1.1 399 X\r\n", true), ("HTTP/1.1 199 X\r\n", false),
        ("HTTP/1.1 400 X\r\n", false), ("HTTP/1.1 204\n", true), ("SSH-2.0-x\r\n", false), ("", false),
        ("HTTP/1.1 abc\r\n", false),
    ])
    func `an answer is judged by its status`(line: String, isHealthy: Bool) {
        #expect(HealthProbe.judge(Array(line.utf8)).isHealthy == isHealthy)
    }

    @Test(arguments: [
        (["true"], HealthProbe.Answer.healthy), (["sh", "-c", "exit 3"], .unhealthy("exit code 3")),
        (["sh", "-c", "kill -9 $$"], .unhealthy("signal 9")),
        (["no-such-program"], .unhealthy("No such file or directory")),
        (["sh", "-c", "yes | head -c 300000"], .healthy),
    ])
    func `a command is judged by its end`(command: [String], answer: HealthProbe.Answer) async throws {
        #expect(try await ask(command, timeout: .seconds(20)) == answer)
    }

    @Test func `a command that takes too long is ended with all that it started`() async throws {
        let place = try TemporaryDirectory()
        let file = place.file("pid")
        let script = "setsid sh -c 'echo $$ > \(file).new; mv \(file).new \(file); exec sleep 600' & wait"
        let news = try #require(DescriptorEvent.news(ofDirectory: place.path))
        async let answer = ask(["sh", "-c", script], timeout: .seconds(2))
        for await _ in news where FileManager.default.fileExists(atPath: place.file("pid")) { break }
        let text = try String(contentsOfFile: place.file("pid"), encoding: .utf8)
        let stray = Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)).flatMap(ProcessIdentity.holder)
        #expect(try await answer.isHealthy == false)
        try await ended(stray)
    }

    @Test func `nobody at the port is unhealthy`() async throws {
        let port = try PortPlan(ports: [], owner: "", previous: []) { _ in true }
        #expect(port.assignments.isEmpty)
        for probe in [
            HealthProbe.tcp(port: 1, timeout: .seconds(5)), .http(port: 1, path: "/", timeout: .seconds(5)),
        ] {
            let answer = try await probe.ask(supervisor: BuiltSupervisor.path, on: ContinuousClock())
            #expect(answer == .unhealthy("Connection refused"))
        }
    }

    private func ask(_ command: [String], timeout: Duration) async throws -> HealthProbe.Answer {
        try await HealthProbe.exec(
            arguments: command, environment: ["PATH": "/usr/bin:/bin"], directory: "/", timeout: timeout
        ).ask(supervisor: BuiltSupervisor.path, on: ContinuousClock())
    }
}

struct SecretResolverTests {
    private let resolver = SecretResolver { ["KEY": "value", "JSON": #"{"a":"b"}"#][$0] }

    private func reference(_ source: String, key: String? = nil) throws -> SecretReference {
        var secret: JSONObject = ["name": "S", "source": .string(source)]
        if let key { secret["key"] = .string(key) }
        let spec = try ComputeSpec(json: [
            "containers": [["name": "a", "command": ["x"]]], "secrets": [.object(secret)],
        ])
        return spec.secrets[0]
    }

    @Test func `values come from variables, files and entries of both`() throws {
        let place = try TemporaryDirectory()
        try "first\n".write(toFile: place.file("plain"), atomically: true, encoding: .utf8)
        try "A=1\nB=2=3\n".write(toFile: place.file("lines"), atomically: true, encoding: .utf8)
        #expect(try resolver.resolve([reference("env:KEY")]) == ["S": "value"])
        #expect(try resolver.resolve([reference("env:JSON", key: "a")]) == ["S": "b"])
        #expect(try resolver.resolve([reference("file:\(place.file("plain"))")]) == ["S": "first"])
        #expect(try resolver.resolve([reference("file:\(place.file("lines"))", key: "B")]) == ["S": "2=3"])
    }

    @Test(arguments: ["env:NOPE", "file:/no/such/file", "file:/dev/zero"])
    func `a secret that cannot be read is named`(source: String) throws {
        let secret = try reference(source)
        #expect {
            try resolver.resolve([secret])
        } throws: { error in
            let error = error as? ComputeError
            return error?.code == .invalidConfiguration && error?.message.contains("'S'") == true
        }
    }
}
