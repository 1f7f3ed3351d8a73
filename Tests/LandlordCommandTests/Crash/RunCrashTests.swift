import Foundation
import Glibc
import LandlordTestSupport
import StatesLanguage
import Synchronization
import Testing

/// Many runs in flight while the process that drives them is killed again and again: every run ends, each request has
/// one key however often it is made, and the logs verify.
///
/// `LANDLORD_RUNS` says how many runs there are.
@Suite(.timeLimit(.minutes(20)), .serialized)
struct RunCrashTests {
    private static let killCount = 12

    private static func leaf(_ address: String) -> String {
        func ask(_ path: String, _ next: String) -> String {
            #"{"Type":"Task","Resource":"landlord:http","ResultPath":null,\#(next),"#
                + #""Parameters":{"Method":"POST","ApiEndpoint":"\#(address)\#(path)"},"#
                + #""Retry":[{"ErrorEquals":["States.ALL"],"IntervalSeconds":1}]}"#
        }
        let (first, second) = (ask("/a", #""Next":"W""#), ask("/b", #""End":true"#))
        return #"{"StartAt":"A","States":{"A":\#(first),"W":{"Type":"Wait","Seconds":1,"Next":"B"},"B":\#(second)}}"#
    }

    private static let tree = #"""
        {"StartAt":"M","States":{"M":{"Type":"Map","ItemsPath":"$.items","End":true,"ItemProcessor":{"StartAt":"C",
            "States":{"C":{"Type":"Task","Resource":"landlord:workflow.sync","End":true,
                "Parameters":{"Workflow":"leaf","Input":{"n.$":"$"}}}}}}}}
        """#

    @Test func `runs that are in flight when their driver is killed all end, and nothing is done under two keys`()
        async throws
    {
        let count = ProcessInfo.processInfo.environment["LANDLORD_RUNS"].flatMap(Int.init) ?? 150
        let home = try Home()
        let (requests, feed) = AsyncStream.makeStream(of: String.self)
        let endpoint = WebhookEndpoint(keepsRequests: false) { request in
            feed.yield("\(request.target) \(request.headers["idempotency-key"] ?? "")")
            return .status(200, body: "ok")
        }
        let port = try await endpoint.open()
        let config = try home.write("callbacks: { allow_loopback_http: true }\n", to: "config.yaml")
        let leaf = try home.write(Self.leaf("http://127.0.0.1:\(port)"), to: "leaf.json")
        let tree = try home.write(Self.tree, to: "tree.json")
        let items = (0..<count).map(String.init).joined(separator: ",")
        let input = try home.write("{\"items\":[\(items)]}", to: "input.json")
        #expect(try await home.run(["workflow", "start", leaf, "--name", "first"]).code == 0)
        #expect(try await home.run(["workflow", "start", tree, "--name", "t", "--input", "@\(input)"]).code == 0)

        var keys: [String: Int] = [:]
        var iterator = requests.makeAsyncIterator()
        for _ in 0..<Self.killCount {
            let nowhere = try OpenFile(writing: "/dev/null")
            let driver = try home.start(["serve", "--config", config], output: nowhere)
            // It is killed when it has made some more requests: while answers are on their way and runs begin.
            for _ in 0..<max(1, count / Self.killCount) {
                guard let key = await iterator.next() else { break }
                keys[key, default: 0] += 1
            }
            kill(driver.id, SIGKILL)
            _ = await driver.end()
        }
        let end = try await home.run([
            "workflow", "start", tree, "--name", "t", "--input", "@\(input)", "--wait", "--timeout", "10m", "--config",
            config,
        ])
        #expect(end.code == 0, "\(end.problems)")
        feed.finish()
        while let key = await iterator.next() { keys[key, default: 0] += 1 }
        // The tree and the first one are no children; each child has made two requests, the first one its own.
        #expect(keys.count >= 2 * count && keys.count <= 2 * count + 2, "\(keys.count) keys")
        let repeated = keys.values.filter { $0 > 1 }.count
        print("\(count) runs, \(Self.killCount) kills, \(repeated) requests repeated under their key")
        let listed = try await home.json(["workflow", "list", "--status", "failed,cancelled,timed_out"])
        #expect(listed["items"]?.arrayValue?.isEmpty == true)
        #expect(try await home.run(["verify"]).code == 0)
        await endpoint.close()
    }
}
