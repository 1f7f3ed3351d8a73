/// What paths and expressions can see while a state is evaluated.
struct Scope {
    /// The value of `$`.
    let input: JSONValue
    /// The value of `$$`.
    let context: ContextObject
    /// The workflow variables that can be read here, by their names without `$`; inner scopes are merged over outer
    /// ones.
    var variables: JSONObject = [:]
}
