import StatesLanguage

/// The name under which a waiting task is answered.
///
/// The database keeps its digest where it is looked up.
package enum TaskToken {
    /// The digest that finds the task.
    package static func hash(_ token: String) -> String { SHA256Digest.hex(of: token) }
}
