import LandlordDomain
import StatesLanguage

/// What was typed after `:`.
enum TypedCommand {
    /// What a line asks for.
    enum Wish: Sendable {
        case nothing
        /// What a key does, with the text that it would ask for.
        case binding(Binding, String)
        case filter(String)
        case order(ListOrder)
        case redrive(RedriveOptions)
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
            let orders = ListOrder.all(in: scope)
            if let order = orders.first(where: { $0.name == argument }) { return .order(order) }
            let names = orders.map(\.name).joined(separator: ", ")
            return .unknown(names.isEmpty ? "this screen has one order only" : "sort takes one of \(names)")
        case "redrive" where !argument.isEmpty:
            let (options, problem) = RedriveOptions.read(argument)
            return problem.map { .unknown($0) } ?? .redrive(options)
        case "q":
            return read("quit", in: scope)
        default: break
        }
        let bindings = Bindings.bindings(in: scope)
        if let binding = bindings.first(where: { $0.verb == verb }) {
            guard argument.isEmpty || binding.takesText else { return .unknown("'\(verb)' takes nothing behind it") }
            return .binding(binding, argument)
        }
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
