/// The language in which a state's fields look things up.
public enum QueryLanguage: String, Sendable, Hashable, CaseIterable {
    /// Paths and intrinsic functions, in fields whose names end in `.$` or `Path`.
    case jsonPath = "JSONPath"
    /// Expressions between `{%` and `%}`.
    case jsonata = "JSONata"
}
