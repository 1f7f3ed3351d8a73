import Dispatch
import Glibc
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
        var (reading, writing): (OpenFile, OpenFile?) = try OpenFile.pipe()
        let process = try start(arguments, output: try #require(writing))
        // The program alone writes now, so that its end is the end of the pipe.
        writing = nil
        let said = await reading.text(upTo: words)
        #expect(said.contains(words))
        do {
            try await body()
        } catch {
            kill(process.id, SIGKILL)
            _ = await process.end()
            throw error
        }
        kill(process.id, signal())
        return await process.end()
    }
}

extension OpenFile {
    /// What comes until some words, or until the end.
    func text(upTo words: String) async -> String {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                var bytes: [UInt8] = []
                while !String(decoding: bytes, as: UTF8.self).contains(words) {
                    let part = self.next()
                    if part.isEmpty { break }
                    bytes += part
                }
                continuation.resume(returning: String(decoding: bytes, as: UTF8.self))
            }
        }
    }
}
