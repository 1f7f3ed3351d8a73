public import LandlordDomain

extension ComputeError {
    /// Translates whatever a provider met into the words that all providers share, in this one table.
    ///
    /// Typed errors first; the text of an unknown error is the last resort, because texts change and overlap.
    public init(translating error: any Error) {
        switch error {
        case let error as ComputeError: self = error
        case is CancellationError: self.init(.cancelled, "the operation was cancelled")
        case let error as InvalidSpec:
            self.init(.invalidConfiguration, error.violations.map(\.description).joined(separator: "; "))
        case let error as RegistryError: self.init(.invalidConfiguration, error.description)
        case let error as RepositoryError: self.init(translating: error)
        default:
            let text = "\(error)"
            let code = Self.textTable.first { row in row.words.contains { text.lowercased().contains($0) } }?.code
            self.init(code ?? .unknown, Self.sentence(for: code ?? .unknown), providerError: text)
        }
    }

    private init(translating error: RepositoryError) {
        switch error {
        case .busy, .stale, .fenced: self.init(.providerUnavailable, "the database is busy")
        case .full: self.init(.resourceExhausted, "the disk is full")
        case .notFound: self.init(.resourceNotFound, "the record does not exist")
        case .conflict(let what): self.init(.invalidConfiguration, "\(what) exists already")
        case .unusable(let reason): self.init(.unknown, "the database cannot be used", providerError: reason)
        }
    }

    /// Ordered so that the more telling words win: "invalid timeout value" is a bad config and not a timeout.
    private static let textTable: [(words: [String], code: Code)] = [
        (["invalid", "malformed", "validation"], .invalidConfiguration),
        (["quota", "exhausted", "limit exceeded", "no space left", "too many open files"], .resourceExhausted),
        (["not found", "notfound", "no such"], .resourceNotFound),
        (["timeout", "timed out", "deadline exceeded"], .providerTimeout),
        (["unavailable", "connection refused", "connection reset", "throttl", "rate exceeded"], .providerUnavailable),
    ]

    private static func sentence(for code: Code) -> String {
        switch code {
        case .providerTimeout: "the provider did not answer in time"
        case .providerUnavailable: "the provider is not available"
        case .resourceExhausted: "the provider has no room left"
        case .invalidConfiguration: "the provider refused the configuration"
        case .resourceNotFound: "the provider does not know what it was asked for"
        case .cancelled: "the operation was cancelled"
        case .unknown: "the provider failed"
        }
    }
}
