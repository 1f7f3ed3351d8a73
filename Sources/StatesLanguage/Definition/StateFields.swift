/// Which fields a state may have, by its type and its query language.
struct StateFields {
    let reader: FieldReader
    let type: StateType
    let language: QueryLanguage

    private static let flow: Set<String> = ["Next", "End"]
    private static let shared: Set<String> = ["Comment", "QueryLanguage", "Type"]
    private static let data: Set<String> = ["InputPath", "OutputPath", "Output"]
    private static let results: Set<String> = ["Catch", "Parameters", "ResultPath", "ResultSelector", "Retry"]

    static let known: [StateType: Set<String>] = [
        .task: shared.union(flow).union(data).union(results).union([
            "Arguments", "Assign", "Credentials", "Extensions", "HeartbeatSeconds", "HeartbeatSecondsPath", "Resource",
            "TimeoutSeconds", "TimeoutSecondsPath",
        ]),
        .pass: shared.union(flow).union(data).union(["Assign", "Parameters", "Result", "ResultPath"]),
        .choice: shared.union(data).union(["Assign", "Choices", "Default"]),
        .wait: shared.union(flow).union(data).union([
            "Assign", "Seconds", "SecondsPath", "Timestamp", "TimestampPath",
        ]),
        .succeed: shared.union(data),
        .fail: shared.union(["Cause", "CausePath", "Error", "ErrorPath"]),
        .parallel: shared.union(flow).union(data).union(results).union([
            "Arguments", "Assign", "Branches", "Extensions",
        ]),
        .map: shared.union(flow).union(data).union(results).union([
            "Assign", "Extensions", "ItemBatcher", "ItemProcessor", "ItemReader", "ItemSelector", "Items", "ItemsPath",
            "Iterator",
            "Label", "MaxConcurrency", "MaxConcurrencyPath", "ResultWriter", "ToleratedFailureCount",
            "ToleratedFailureCountPath", "ToleratedFailurePercentage", "ToleratedFailurePercentagePath",
        ]),
    ]

    /// The fields of each language that the other does not have.
    static let exclusive: [QueryLanguage: Set<String>] = [
        .jsonPath: [
            "CausePath", "ErrorPath", "HeartbeatSecondsPath", "InputPath", "ItemsPath", "MaxConcurrencyPath",
            "MaxInputBytesPerBatchPath", "MaxItemsPath", "MaxItemsPerBatchPath", "OutputPath", "Parameters", "Result",
            "ResultPath", "ResultSelector", "SecondsPath", "TimeoutSecondsPath", "TimestampPath",
            "ToleratedFailureCountPath", "ToleratedFailurePercentagePath",
        ],
        .jsonata: ["Arguments", "Items", "Output"],
    ]

    static func message(_ field: String, only owner: QueryLanguage, in language: QueryLanguage) -> String {
        "The QueryLanguage is set to '\(language.rawValue)', but field '\(field)' is only supported for the "
            + "'\(owner.rawValue)' QueryLanguage"
    }

    /// Reports the fields that the state cannot have.
    func check(machine: QueryLanguage) {
        let known = Self.known[type] ?? Self.shared
        reader.refuseFields(except: known)
        _ = DefinitionParser.queryLanguage(reader)
        if machine == .jsonata && language == .jsonPath {
            reader.reportHere(
                .wrongQueryLanguage, "QueryLanguage",
                "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine")
            return
        }
        Self.checkLanguage(of: reader, language, among: known)
    }

    /// Reports the fields of an object that belong to the other language.
    static func checkLanguage(of reader: FieldReader, _ language: QueryLanguage, among known: Set<String>) {
        let other: QueryLanguage = language == .jsonPath ? .jsonata : .jsonPath
        let foreign = exclusive[other] ?? []
        for key in reader.object.keys where foreign.contains(key) && known.contains(key) {
            reader.reportHere(.wrongQueryLanguage, key, message(key, only: other, in: language))
        }
    }
}
