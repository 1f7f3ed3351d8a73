public import Logging
import Synchronization

/// The providers of one kind, by name.
///
/// Safe from any thread; a name is given once (seed 001, group 2; seed 003).
public final class Registry<Provider: Sendable>: Sendable {
    private let kind: String
    private let logger: Logger
    private let providers = Mutex<[String: Provider]>([:])

    /// An empty registry of one kind of provider: `compute` or `workflow`.
    public init(of kind: String, logger: Logger) {
        self.kind = kind
        self.logger = logger
    }

    /// Gives a provider its name.
    ///
    /// - Throws: `RegistryError.conflict` where the name is taken, `.emptyName` where there is none.
    public func register(_ provider: Provider, named name: String) throws(RegistryError) {
        guard !name.isEmpty else { throw .emptyName(kind: kind) }
        let isNew = providers.withLock { providers in
            if providers[name] != nil { return false }
            providers[name] = provider
            return true
        }
        guard isNew else { throw .conflict(kind: kind, name: name) }
        logger.debug("Provider registered", metadata: [LogKeys.provider: "\(name)", "kind": "\(kind)"])
    }

    /// The provider with this name.
    ///
    /// - Throws: `RegistryError.notFound`, with the names that there are.
    public func provider(named name: String) throws(RegistryError) -> Provider {
        guard let provider = providers.withLock({ $0[name] }) else {
            throw .notFound(kind: kind, name: name, known: names)
        }
        return provider
    }

    /// Whether a provider has this name.
    public func has(_ name: String) -> Bool { providers.withLock { $0[name] != nil } }

    /// Every name, in order.
    public var names: [String] { providers.withLock { $0.keys.sorted() } }
}

/// Why a registry refused.
public enum RegistryError: Error, Sendable, Hashable, CustomStringConvertible {
    /// No provider has this name.
    case notFound(kind: String, name: String, known: [String])
    /// A provider has this name already.
    case conflict(kind: String, name: String)
    /// A provider must have a name.
    case emptyName(kind: String)

    /// The refusal as a sentence.
    public var description: String {
        switch self {
        case .notFound(let kind, let name, let known):
            "there is no \(kind) provider '\(name)'; there is \(known.joined(separator: ", "))"
        case .conflict(let kind, let name): "there is a \(kind) provider '\(name)' already"
        case .emptyName(let kind): "a \(kind) provider must have a name"
        }
    }
}
