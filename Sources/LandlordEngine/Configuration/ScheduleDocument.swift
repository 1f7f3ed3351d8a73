public import LandlordDomain

/// Reads a schedule from YAML or JSON, and answers every mistake with the line where it stands.
public enum ScheduleDocument {
    /// Reads a schedule.
    ///
    /// - Parameters:
    ///   - bytes: The text in UTF-8.
    ///   - file: The name for messages.
    /// - Returns: The schedule, when nothing is wrong with it.
    /// - Throws: Everything that is wrong with it, in the order of the document.
    public static func read(_ bytes: [UInt8], file: String) throws(DocumentError) -> ScheduleSpec {
        try SpecDocument.read(
            bytes, file: file, shape: "a schedule has a name, a workflow, and cron or every"
        ) { json throws(InvalidSpec) in
            try ScheduleSpec(json: json)
        }
    }
}
