import LandlordDomain
import Testing

@testable import LandlordEngine

struct ComputeErrorTableTests {
    private struct Foreign: Error, CustomStringConvertible {
        let description: String
    }

    @Test(arguments: [
        ("invalid timeout value", ComputeError.Code.invalidConfiguration), ("INVALID argument", .invalidConfiguration),
        ("request timed out", .providerTimeout), ("TIMEOUT after 3s", .providerTimeout),
        ("context deadline exceeded", .providerTimeout), ("quota reached for instances", .resourceExhausted),
        ("write: No space left on device", .resourceExhausted), ("service limit exceeded", .resourceExhausted),
        ("ThrottlingException", .providerUnavailable), ("dial tcp: connection refused", .providerUnavailable),
        ("Rate exceeded", .providerUnavailable), ("no such container: web", .resourceNotFound),
        ("ServiceNotFoundException", .resourceNotFound), ("something odd", .unknown), ("", .unknown),
    ])
    func `a foreign text gets a code of ours and keeps its own words`(text: String, code: ComputeError.Code) {
        let error = ComputeError(translating: Foreign(description: text))
        #expect(error.code == code)
        #expect(error.providerError == text)
    }

    @Test func `typed errors need no text`() {
        let own = ComputeError(.resourceExhausted, "full")
        #expect(ComputeError(translating: own) == own)
        #expect(own.errorClass == .manualIntervention)
        #expect(ComputeError(translating: CancellationError()).code == .cancelled)
        let invalid = InvalidSpec([Violation("a", "is wrong"), Violation("b", "too")])
        #expect(ComputeError(translating: invalid).message == "a: is wrong; b: too")
        #expect(ComputeError(translating: RegistryError.emptyName(kind: "x")).code == .invalidConfiguration)
    }

    @Test(arguments: [
        (RepositoryError.busy, ComputeError.Code.providerUnavailable), (.stale, .providerUnavailable),
        (.fenced, .providerUnavailable), (.full, .resourceExhausted), (.notFound, .resourceNotFound),
        (.conflict("a"), .invalidConfiguration), (.unusable("b"), .unknown),
    ])
    func `the database's errors are the provider's where it keeps records`(
        error: RepositoryError, code: ComputeError.Code
    ) {
        #expect(ComputeError(translating: error).code == code)
    }
}
