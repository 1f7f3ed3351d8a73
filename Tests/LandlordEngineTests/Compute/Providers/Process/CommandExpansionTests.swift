import Testing

@testable import LandlordEngine

struct CommandExpansionTests {
    static let environment = ["PORT": "20001", "HOME": "/data/a", "EMPTY": "", "A1_b": "x"]

    @Test(arguments: [
        ("plain", "plain"), ("$PORT", "20001"), ("${PORT}", "20001"), ("a${PORT}b", "a20001b"),
        ("$PORT$HOME", "20001/data/a"), ("$HOME/bin:$HOME", "/data/a/bin:/data/a"), ("[$EMPTY]", "[]"),
        ("$$PORT", "$PORT"), ("$", "$"), ("cost: 5$", "cost: 5$"), ("$ x", "$ x"), ("$1", "$1"), ("$A1_b-", "x-"),
        ("$(date)", "$(date)"), ("é$PORT", "é20001"), ("", ""),
    ])
    func `variables are replaced by their values`(text: String, expected: String) throws {
        #expect(try CommandExpansion.expand(text, from: Self.environment) == expected)
    }

    @Test(arguments: [
        ("$NOPE", CommandExpansion.Failure.unknownVariable("NOPE")),
        ("${NOPE}", .unknownVariable("NOPE")), ("$PORTS", .unknownVariable("PORTS")), ("${", .malformed("${")),
        ("${}", .malformed("${}")), ("${PORT", .malformed("${PORT")), ("${1A}", .malformed("${1A}")),
        ("${A-b}", .malformed("${A-b}")),
    ])
    func `an unknown or malformed name is refused`(text: String, failure: CommandExpansion.Failure) {
        #expect(throws: failure) { try CommandExpansion.expand(text, from: Self.environment) }
    }

    @Test func `variables may refer to each other and to what is given`() {
        let (environment, failures) = CommandExpansion.environment(
            given: ["PORT": "20001", "PATH": "/bin", "SECRET": "a$b${c"],
            spec: ["URL": "http://$HOST:$PORT", "HOST": "127.0.0.1", "PATH": "/opt/bin:$PATH", "KEY": "$SECRET"])
        #expect(failures.isEmpty)
        #expect(environment["URL"] == "http://127.0.0.1:20001")
        #expect(environment["PATH"] == "/opt/bin:/bin")
        #expect(environment["KEY"] == "a$b${c")
        #expect(environment["SECRET"] == "a$b${c")
    }

    @Test func `variables that refer back to themselves are refused`() {
        let (_, failures) = CommandExpansion.environment(
            given: [:], spec: ["A": "$B", "B": "$A", "C": "$C", "D": "ok"])
        #expect(failures.map(\.name) == ["A", "B", "C"])
    }
}
