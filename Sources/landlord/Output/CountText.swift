/// Counts things in words.
enum CountText {
    /// `1 run`, `2 runs`.
    static func text(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}
