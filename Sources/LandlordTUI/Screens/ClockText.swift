import StatesLanguage

/// Writes moments, in UTC as every log does.
enum ClockText {
    /// The time of day, as `11:44:02.118`.
    static func time(_ timestamp: Timestamp) -> String {
        let text = timestamp.rfc3339
        guard let start = text.firstIndex(of: "T") else { return text }
        let clock = text[text.index(after: start)...].prefix { $0 != "Z" && $0 != "+" }
        return String(clock)
    }

    /// The day and the time, as `2026-01-02 11:44:02`.
    static func dateAndTime(_ timestamp: Timestamp) -> String {
        timestamp.rfc3339.prefix(10) + " " + time(timestamp).prefix(8)
    }
}
