import Foundation
import StatesLanguage
import Testing

@Suite(.timeLimit(.minutes(2)))
struct SignalTests {
    @Test func `serve drives, lets another wait for it, and ends with 0`() async throws {
        let home = try Home()
        let spec = try home.spec("acme")
        let code = try await home.during(["serve"], says: "drives ") {
            let end = try await home.run(["tenant", "apply", "-f", spec, "--wait"])
            #expect(end.code == 0, "\(end.problems)")
            let doctor = try await home.json(["doctor"])
            #expect(doctor["database"]?["driver"]?.stringValue?.hasPrefix("process ") == true)
        } endingWith: {
            SIGTERM
        }
        #expect(code == 0)
    }

    @Test func `Ctrl-C ends the wait and not the tenant`() async throws {
        let home = try Home()
        let spec = try home.spec("slow", script: "{ delay_milliseconds: 600000 }")
        let code = try await home.during(["tenant", "apply", "-f", spec, "--wait"], says: "tenant slow created") {
        } endingWith: {
            SIGINT
        }
        #expect(code == 130)
        #expect(try await home.json(["tenant", "get", "slow"])["status"] != "failed")
    }
}

extension Home {
    /// Starts the program, waits until it says something, does `body`, and sends a signal.
    ///
    /// - Returns: The exit code.
    func during(
        _ arguments: [String], says words: String, _ body: () async throws -> Void, endingWith signal: () -> Int32
    ) async throws -> Int32 {
        let process = try process(arguments)
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        let (ends, end) = AsyncStream<Int32>.makeStream()
        process.terminationHandler = { process in
            let isSignal = process.terminationReason == .uncaughtSignal
            end.yield((isSignal ? 128 : 0) + process.terminationStatus)
            end.finish()
        }
        let (texts, text) = AsyncStream<String>.makeStream()
        pipe.fileHandleForReading.readabilityHandler = { handle in
            let data = handle.availableData
            if data.isEmpty { text.finish() } else { text.yield(String(decoding: data, as: UTF8.self)) }
        }
        try process.run()
        var said = ""
        for await part in texts {
            said += part
            if said.contains(words) { break }
        }
        #expect(said.contains(words))
        do {
            try await body()
        } catch {
            kill(process.processIdentifier, SIGKILL)
            throw error
        }
        kill(process.processIdentifier, signal())
        for await code in ends { return code }
        return -1
    }
}
