/// The variables that an expression can read without binding them: `$states` and the workflow's own.
///
/// Making one copies nothing.
public struct JSONataVariables: Sendable, Hashable {
    private let states: JSONValue?
    private let others: JSONObject

    /// Makes variables from the value of `$states`, if there is one, and an object of all others.
    public init(states: JSONValue? = nil, _ others: JSONObject = JSONObject()) {
        self.states = states
        self.others = others
    }

    /// The value of a variable, named without its `$`.
    public subscript(name: String) -> JSONValue? {
        if let states, name == "states" { return states }
        return others[name]
    }
}
