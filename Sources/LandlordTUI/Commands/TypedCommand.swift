import LandlordDomain
import StatesLanguage

/// What was typed after `:`.
enum TypedCommand {
    /// What a line asks for.
    enum Wish: Sendable {
        case nothing
        case binding(Binding)
        case filter(String)
        case order(TenantQuery.Order)
        /// No command; the text says what is near.
        case unknown(String)
    }

    /// Reads a line.
    ///
    /// Every verb is one of the table's, or a word with an argument that a key would ask for.
    static func read(_ text: String, in scope: Scope) -> Wish {
        let words = text.split(separator: " ", maxSplits: 1).map(String.init)
        guard let verb = words.first else { return .nothing }
        let argument = words.count > 1 ? words[1] : ""
        switch verb {
        case "filter" where !argument.isEmpty:
            return .filter(argument)
        case "sort":
            if let order = TenantQuery.Order(rawValue: argument) { return .order(order) }
            let names = TenantQuery.Order.allCases.map(\.rawValue).joined(separator: ", ")
            return .unknown("sort takes one of \(names)")
        case "q":
            return read("quit", in: scope)
        default: break
        }
        let bindings = Bindings.bindings(in: scope)
        if let binding = bindings.first(where: { $0.verb == verb }) { return .binding(binding) }
        if Bindings.all.contains(where: { $0.verb == verb }) {
            return .unknown("'\(verb)' can do nothing on this screen")
        }
        let near = Suggestion.nearest(to: verb, among: bindings.map(\.verb))
        return .unknown("'\(verb)' is not a command" + (near.map { "; did you mean '\($0)'?" } ?? ""))
    }

    /// What would complete the verb that is being typed.
    static func completion(of text: String, in scope: Scope) -> String {
        guard !text.isEmpty, !text.contains(" ") else { return "" }
        let verbs = (Bindings.bindings(in: scope).map(\.verb) + ["sort"]).filter { $0.hasPrefix(text) }
        return verbs.min { ($0.count, $0) < ($1.count, $1) }.map { String($0.dropFirst(text.count)) } ?? ""
    }
}
