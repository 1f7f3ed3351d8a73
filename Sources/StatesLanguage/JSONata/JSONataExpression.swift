struct JSONataError: Error, Sendable, Hashable {
    let code: String
    let message: String
}
public struct JSONataExpression: Sendable, Hashable {
    let text: String
    init(parsing text: String) throws(JSONataError) { self.text = text }
}
