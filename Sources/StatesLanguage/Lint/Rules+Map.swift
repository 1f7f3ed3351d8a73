extension LintRule {
    static let mapRules: [LintRule] = [
        distributedFieldInline, inlineConcurrency, obsoleteField, readerFieldUnused, readerArguments, labelCharacters,
        oneBranch, toleratesEverything,
    ]

    private static let distributedFieldInline = LintRule(
        "DISTRIBUTED_FIELD_INLINE", .warning, "A field of distributed Maps stands in an inline Map",
        why: "ItemReader, ItemBatcher, ResultWriter, Label and tolerated failures have no effect, or "
            + "are refused, unless ProcessorConfig sets the Mode to DISTRIBUTED.", on: [.map],
        state: { state, _, report in
            guard !state.isDistributed else { return }
            let names = [
                "ItemReader", "ItemBatcher", "ResultWriter", "Label", "ToleratedFailureCount",
                "ToleratedFailureCountPath", "ToleratedFailurePercentage", "ToleratedFailurePercentagePath",
            ]
            for name in names where state.has(name) {
                report.add(
                    state.pointer(to: name), "'\(name)' is for distributed Maps",
                    suggestion: "set ProcessorConfig to {\"Mode\": \"DISTRIBUTED\", \"ExecutionType\": \"STANDARD\"}")
            }
        })

    private static let inlineConcurrency = LintRule(
        "CONCURRENCY_TOO_HIGH", .info, "MaxConcurrency is above what the mode does",
        why: "An inline Map runs 40 iterations at a time at most, a distributed one 10,000.", on: [.map],
        state: { state, _, report in
            let limit = state.isDistributed ? 10_000 : 40
            guard let concurrency = state.number("MaxConcurrency"), concurrency > Double(limit) else { return }
            report.add(state.pointer(to: "MaxConcurrency"), "not more than \(limit) iterations run at a time")
        })

    private static let obsoleteField = LintRule(
        "OBSOLETE_FIELD", .info, "A field of a Map has a newer name",
        why: "AWS keeps Iterator and Parameters of Map states for old definitions; new ones use "
            + "ItemProcessor and ItemSelector.", on: [.map],
        state: { state, _, report in
            for (old, new) in [("Iterator", "ItemProcessor"), ("Parameters", "ItemSelector")] where state.has(old) {
                report.add(state.pointer(to: old), "'\(old)' of Map states is obsolete", suggestion: "use \(new)")
            }
        })

    private static let readerFieldUnused = LintRule(
        "READER_FIELD_UNUSED", .warning, "A field of ReaderConfig does not belong to its InputType",
        why: "CSV fields mean nothing for other types, CSVHeaders are read only when "
            + "CSVHeaderLocation is GIVEN, and ItemsPointer is for JSON.", on: [.map],
        state: { state, _, report in
            guard case .object(let fields)? = state["ItemReader"]?["ReaderConfig"] else { return }
            let type = fields["InputType"]?.stringValue
            for name in ["CSVDelimiter", "CSVHeaders"] where fields[name] != nil && type != nil && type != "CSV" {
                report.add(
                    state.pointer(to: "ItemReader", "ReaderConfig", name), "'\(name)' means nothing for \(type ?? "")")
            }
            if type == "CSV", fields["CSVHeaders"] != nil, fields["CSVHeaderLocation"]?.stringValue == "FIRST_ROW" {
                report.add(
                    state.pointer(to: "ItemReader", "ReaderConfig", "CSVHeaders"),
                    "the headers are read from the first row", suggestion: "set CSVHeaderLocation to GIVEN")
            }
            if fields["ItemsPointer"] != nil, let type, type != "JSON" {
                report.add(
                    state.pointer(to: "ItemReader", "ReaderConfig", "ItemsPointer"), "'ItemsPointer' is for JSON only")
            }
        })

    private static let readerArguments = LintRule(
        "READER_ARGUMENTS", .warning, "An ItemReader or ResultWriter does not say which bucket or object",
        why: "s3:getObject needs Bucket and Key; s3:listObjectsV2 and s3:putObject need Bucket.", on: [.map],
        state: { state, _, report in
            for field in ["ItemReader", "ResultWriter"] {
                guard case .object(let object)? = state[field], let resource = object["Resource"]?.stringValue else {
                    continue
                }
                if case .string? = object[state.argumentsField] { continue }
                let needed = resource.hasSuffix(":getObject") ? ["Bucket", "Key"] : ["Bucket"]
                let given = object[state.argumentsField]
                for name in needed where given?[name] == nil && given?[name + ".$"] == nil {
                    report.add(state.pointer(to: field), "'\(name)' is missing in \(state.argumentsField)")
                }
            }
        })

    private static let labelCharacters = LintRule(
        "LABEL_CHARACTERS", .error, "The Label of a Map has characters that a label may not have",
        why: "The label becomes a part of an ARN: no spaces, no wildcards, no brackets, no special "
            + "characters, no control characters.", on: [.map],
        state: { state, _, report in
            guard let label = state.string("Label"),
                let scalar = label.unicodeScalars.first(where: NameRules.isForbidden)
            else { return }
            report.add(state.pointer(to: "Label"), "Label contains the invalid character '\(scalar)'")
        })

    private static let oneBranch = LintRule(
        "ONE_BRANCH", .info, "A Parallel state has a single branch",
        why: "Nothing runs beside it, and its result is a list of one. It may be meant: one Catch for "
            + "several states.",
        on: [.parallel],
        state: { state, _, report in
            guard state["Branches"]?.arrayValue?.count == 1, !state.has("Catch"), !state.has("Retry") else { return }
            report.add(state.pointer(to: "Branches"), "'\(state.name)' has a single branch and neither Retry nor Catch")
        })

    private static let toleratesEverything = LintRule(
        "TOLERATES_EVERYTHING", .warning, "A Map tolerates that every item fails",
        why: "With 100 percent the Map succeeds whatever happens.", on: [.map],
        state: { state, _, report in
            guard state.number("ToleratedFailurePercentage") == 100 else { return }
            report.add(
                state.pointer(to: "ToleratedFailurePercentage"), "'\(state.name)' succeeds even when every item fails")
        })
}

extension LintedState {
    /// Whether the iterations of a Map run as executions of their own.
    var isDistributed: Bool {
        (self["ItemProcessor"] ?? self["Iterator"])?["ProcessorConfig"]?["Mode"]?.stringValue == "DISTRIBUTED"
    }
}
