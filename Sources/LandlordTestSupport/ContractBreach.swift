/// A promise of a contract that a provider did not keep.
public struct ContractBreach: Error, Sendable, Hashable, CustomStringConvertible {
    /// Which promise, as a sentence.
    public let promise: String
    /// What happened instead.
    public let found: String

    /// The promise and what happened.
    public var description: String { "\(promise): \(found)" }
}
