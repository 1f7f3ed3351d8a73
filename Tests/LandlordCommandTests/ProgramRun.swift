import Foundation
import LandlordTestSupport
import StatesLanguage
import Testing

/// The built program in a home of its own.
final class Home: Sendable {
    private let directory: TemporaryDirectory

    /// Makes an empty home.
    init() throws {
        directory = try TemporaryDirectory()
    }

    /// The database that commands use where nothing else is said.
    var database: String { directory.file("state/landlord/landlord.db") }

    /// A path in the home.
    func file(_ name: String) -> String { directory.file(name) }

    /// Writes a file.
    ///
    /// - Returns: Its path.
    func write(_ text: String, to name: String) throws -> String {
        let path = file(name)
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    /// Writes the spec of a tenant of the mock provider.
    func spec(_ name: String, script: String = "{}", image: String = "app:1") throws -> String {
        try write(
            """
            name: \(name)
            labels: { plan: pro }
            compute:
              provider: mock
              containers:
                - name: web
                  image: \(image)
                  ports: [{ name: http, container_port: 8080 }]
              provider_config: \(script)
            """, to: "\(name).yaml")
    }

    /// Runs the program to its end.
    @discardableResult
    func run(_ arguments: [String], input: String = "", output: String? = nil) async throws -> ProgramEnd {
        let number = UUID().uuidString
        let (out, problems) = (output ?? file("out-\(number)"), file("err-\(number)"))
        let process = try start(
            arguments, input: try OpenFile(reading: try write(input, to: "in-\(number)")),
            output: try OpenFile(writing: out), errors: try OpenFile(writing: problems))
        let code = await process.end()
        return ProgramEnd(
            code: code, output: output == nil ? try String(contentsOfFile: out, encoding: .utf8) : "",
            problems: try String(contentsOfFile: problems, encoding: .utf8))
    }

    /// Runs the program and takes its output for JSON.
    func json(_ arguments: [String]) async throws -> JSONValue {
        let end = try await run(arguments + ["-o", "json"])
        try #require(end.code == 0, "\(arguments): \(end.problems)")
        return try JSONValue(parsing: end.output)
    }

    /// Starts the program.
    func start(
        _ arguments: [String], input: OpenFile? = nil, output: OpenFile, errors: OpenFile? = nil
    ) throws -> ChildProcess {
        let nothing = try OpenFile(reading: "/dev/null")
        let nowhere = try OpenFile(writing: "/dev/null")
        return try ChildProcess(
            try Self.program, arguments,
            environment: [
                "HOME": directory.path, "XDG_STATE_HOME": file("state"), "XDG_CONFIG_HOME": file("config"),
                "PATH": "/usr/bin:/bin", "TMPDIR": directory.path, "USER": "tester",
            ], input: input ?? nothing, output: output,
            errors: errors ?? nowhere)
    }

    /// The program beside the test bundle.
    static var program: String {
        get throws {
            let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            return URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent("landlord").path
        }
    }
}

/// How a run of the program ended.
struct ProgramEnd: Sendable {
    /// The exit code; 128 and the signal's number where a signal ended it.
    let code: Int32
    /// What it wrote to the standard output.
    let output: String
    /// What it wrote to the standard error.
    let problems: String

    /// The lines of the standard error.
    var problemLines: [Substring] { problems.split(separator: "\n") }
}

extension Process {
    /// Starts the process and waits for its end.
    func end() async throws -> Int32 {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Int32, any Error>) in
            terminationHandler = { process in
                let isSignal = process.terminationReason == .uncaughtSignal
                continuation.resume(returning: (isSignal ? 128 : 0) + process.terminationStatus)
            }
            do {
                try run()
            } catch {
                terminationHandler = nil
                continuation.resume(throwing: error)
            }
        }
    }
}
