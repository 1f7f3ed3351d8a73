import StatesLanguage
import Testing

/// Whether the conformance table leaves nothing of the language out.
@Suite struct CoverageTests {
    /// The fields of the specification, by what has them; of a Choice also those of its rules.
    private static let fields: [(owner: String, names: String)] = [
        ("Machine", "StartAt States Comment Version TimeoutSeconds QueryLanguage"),
        (
            "Task",
            "Type Comment QueryLanguage Resource Parameters Arguments Credentials InputPath OutputPath ResultPath "
                + "ResultSelector TimeoutSeconds TimeoutSecondsPath HeartbeatSeconds HeartbeatSecondsPath Retry Catch "
                + "Assign Output Next End"
        ),
        ("Pass", "Type Comment QueryLanguage Result Parameters InputPath OutputPath ResultPath Assign Output Next End"),
        (
            "Choice",
            "Type Comment QueryLanguage Choices Default InputPath OutputPath Assign Output Next Variable Condition "
                + "And Or Not StringMatches IsNull IsPresent IsNumeric IsString IsBoolean IsTimestamp BooleanEquals "
                + "BooleanEqualsPath "
                + ["String", "Numeric", "Timestamp"].flatMap { kind in
                    ["Equals", "LessThan", "GreaterThan", "LessThanEquals", "GreaterThanEquals"].flatMap {
                        [kind + $0, kind + $0 + "Path"]
                    }
                }.joined(separator: " ")
        ),
        (
            "Wait",
            "Type Comment QueryLanguage Seconds SecondsPath Timestamp TimestampPath InputPath OutputPath Assign Output "
                + "Next End"
        ),
        ("Succeed", "Type Comment QueryLanguage InputPath OutputPath Output"),
        ("Fail", "Type Comment QueryLanguage Error ErrorPath Cause CausePath"),
        (
            "Parallel",
            "Type Comment QueryLanguage Branches Parameters Arguments InputPath OutputPath ResultPath ResultSelector "
                + "Retry Catch Assign Output Next End"
        ),
        (
            "Map",
            "Type Comment QueryLanguage ItemProcessor Iterator ItemsPath Items ItemSelector Parameters MaxConcurrency "
                + "MaxConcurrencyPath ToleratedFailureCount ToleratedFailureCountPath ToleratedFailurePercentage "
                + "ToleratedFailurePercentagePath ItemReader ItemBatcher ResultWriter Label InputPath OutputPath "
                + "ResultPath ResultSelector Retry Catch Assign Output Next End"
        ),
        ("ProcessorConfig", "Mode ExecutionType"),
        ("ItemReader", "Resource Parameters Arguments"),
        ("ReaderConfig", "InputType CSVHeaderLocation CSVHeaders CSVDelimiter MaxItems MaxItemsPath"),
        (
            "ItemBatcher",
            "MaxItemsPerBatch MaxItemsPerBatchPath MaxInputBytesPerBatch MaxInputBytesPerBatchPath BatchInput"
        ),
        ("ResultWriter", "Resource Parameters Arguments WriterConfig"),
        ("Retry", "ErrorEquals IntervalSeconds MaxAttempts BackoffRate MaxDelaySeconds JitterStrategy"),
        ("Catch", "ErrorEquals Next ResultPath Output Assign"),
    ]

    private static let intrinsics =
        "Format StringToJson JsonToString Array ArrayPartition ArrayContains ArrayRange ArrayGetItem ArrayLength "
        + "ArrayUnique Base64Encode Base64Decode Hash JsonMerge MathRandom MathAdd StringSplit UUID"

    private static let errors =
        "ALL HeartbeatTimeout Timeout TaskFailed Permissions ResultPathMatchFailure ParameterPathFailure BranchFailed "
        + "NoChoiceMatched IntrinsicFailure ExceedToleratedFailureThreshold ItemReaderFailed ResultWriterFailed "
        + "QueryEvaluationError Runtime DataLimitExceeded Http.StatusCode"

    /// The functions that Step Functions adds or changes.
    private static let added = "partition range hash random uuid parse"

    /// The functions of docs.jsonata.org, but for `$eval`, which Step Functions does not have.
    private static let functions =
        "string length substring substringBefore substringAfter uppercase lowercase trim pad join base64encode "
        + "base64decode encodeUrl encodeUrlComponent decodeUrl decodeUrlComponent contains split match replace number "
        + "abs floor ceil round power sqrt sum max min average formatNumber formatBase formatInteger parseInteger "
        + "count append sort reverse shuffle distinct zip keys lookup spread merge sift each error assert type boolean "
        + "not exists clone map filter single reduce now millis fromMillis toMillis"

    private static func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }

    private static let names: [String] =
        fields.flatMap { owner, names in words(names).map { "\(owner).\($0)" } }
        + words(intrinsics).map { "States." + $0 } + words(errors).map { "States." + $0 }
        + words(added).map { "$" + $0 }

    @Test(arguments: names) func `the table has a success and a failure of each part`(name: String) {
        let rows = ConformanceTable.cases.filter { $0.covers.contains(name) }
        #expect(rows.contains { $0.isSuccess }, "no row shows \(name) at work")
        #expect(rows.contains { !$0.isSuccess }, "no row shows \(name) failing")
    }

    @Test func `the table covers nothing that the language does not have`() {
        let known = Set(Self.names)
        for row in ConformanceTable.cases {
            for name in row.covers { #expect(known.contains(name), "\(row.name) covers \(name)") }
        }
    }

    @Test(arguments: words(functions)) func `the reference cases have each function at work`(name: String) throws {
        let call = try Regex("\\$\(name)\\b")
        let cases = ReferenceCases.all.filter { $0.expression.contains(call) }
        #expect(cases.contains { !$0.expected.hasPrefix("!") })
    }

    @Test(arguments: words(functions)) func `the reference cases have each function failing`(name: String) throws {
        let call = try Regex("\\$\(name)\\b")
        let cases = ReferenceCases.all.filter { $0.expression.contains(call) }
        #expect(cases.contains { $0.expected.hasPrefix("!") })
    }
}
