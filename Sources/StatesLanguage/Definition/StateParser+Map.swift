// Map states: what they iterate over, how, and where items and results are.

extension StateParser {
    /// The most characters of a label.
    private static let labelLimit = 40

    func map() -> MapBody? {
        reader.requireOne(of: ["ItemProcessor", "Iterator"])
        reader.requireOne(of: ["ItemSelector", "Parameters"], isOptional: true)
        let processor = processor()
        let items = items()
        let itemReader = itemReader()
        let selectorName = reader.has("ItemSelector") || language == .jsonata ? "ItemSelector" : "Parameters"
        let selector = reader.template(selectorName, language)
        let batcher = batcher()
        let concurrency = reader.numberField("MaxConcurrency", in: 0...99_999_999, language)
        let count = reader.numberField("ToleratedFailureCount", in: 0...99_999_999, language)
        let percentage = reader.numberField("ToleratedFailurePercentage", in: 0...100, language, isInteger: false)
        let writer = writer()
        let label = label()
        let rules = resultRules()
        guard let processor, let rules else { return nil }
        return MapBody(
            processor: processor.flow, isDistributed: processor.isDistributed, items: items, reader: itemReader,
            selector: selector, batcher: batcher, maxConcurrency: concurrency, toleratedCount: count,
            toleratedPercentage: percentage, writer: writer, label: label, rules: rules)
    }

    private func processor() -> (flow: Int, isDistributed: Bool)? {
        let name = reader.has("ItemProcessor") ? "ItemProcessor" : "Iterator"
        guard let child = reader.child(name) else { return nil }
        child.refuseFields(except: ["Comment", "ProcessorConfig", "StartAt", "States"])
        let isDistributed = isDistributed(child)
        let flow = builder.flow(child, depth: depth + 1, owner: position, isSeparate: isDistributed)
        return flow.map { ($0, isDistributed) }
    }

    private func isDistributed(_ reader: FieldReader) -> Bool {
        guard let child = reader.child("ProcessorConfig") else { return false }
        child.refuseFields(except: ["ExecutionType", "Mode"])
        let mode = child.word("Mode", of: ["INLINE", "DISTRIBUTED"])
        _ = child.word("ExecutionType", of: ["STANDARD", "EXPRESS"])
        if mode == "DISTRIBUTED" {
            child.require("ExecutionType")
        } else if child.has("ExecutionType") {
            child.reportHere(.unknownField, "ExecutionType", "Field 'ExecutionType' is not supported")
        }
        return mode == "DISTRIBUTED"
    }

    private func items() -> MapBody.Items {
        guard language == .jsonata else { return .path(reader.referencePath("ItemsPath")) }
        switch reader.object["Items"] {
        case nil: return .jsonata(nil)
        case .array?, .object?: return .jsonata(reader.jsonataTemplate("Items"))
        case .string?: return .jsonata(reader.jsonataField("Items").map(JSONataTemplate.expression))
        default:
            reader.report(.wrongType, "Items", "Expected value of type [ARRAY]")
            return .jsonata(nil)
        }
    }

    private func label() -> String? {
        guard let label = reader.string("Label") else { return nil }
        if label.unicodeScalars.count > Self.labelLimit {
            reader.report(
                .invalidValue, "Label",
                "The label exceeds the \(Self.labelLimit)-character limit allowed by the service")
        }
        builder.addLabel(label, reader)
        return label
    }

    // MARK: Items and results outside the data

    private func itemReader() -> ItemReader? {
        guard let child = reader.child("ItemReader") else { return nil }
        let known: Set = ["Arguments", "Parameters", "ReaderConfig", "Resource"]
        child.refuseFields(except: known)
        StateFields.checkLanguage(of: child, language, among: known)
        child.require("Resource")
        let resource = child.string("Resource")
        let allowed = ["s3:getObject", "s3:listObjectsV2"]
        if let resource, !allowed.contains(where: { resource.hasSuffix(":states:::" + $0) }) {
            child.report(
                .invalidValue, "Resource", "The field 'Resource' does not match any of the allowed values")
        }
        let configuration = child.child("ReaderConfig")
        let maxItems = configuration.flatMap(readerConfiguration)
        let arguments = child.template(language == .jsonPath ? "Parameters" : "Arguments", language)
        var written = configuration?.object ?? [:]
        for name in ["MaxItems", "MaxItemsPath"] { written[name] = nil }
        return resource.map {
            ItemReader(
                resource: TaskResource($0), arguments: arguments, configuration: .object(written), maxItems: maxItems)
        }
    }

    private func readerConfiguration(_ reader: FieldReader) -> NumberField? {
        let known: Set = [
            "CSVDelimiter", "CSVHeaderLocation", "CSVHeaders", "InputType", "ItemsPointer", "ManifestType", "MaxItems",
            "MaxItemsPath", "Transformation",
        ]
        reader.refuseFields(except: known)
        StateFields.checkLanguage(of: reader, language, among: known)
        let type = reader.word("InputType", of: ["CSV", "JSON", "JSONL", "MANIFEST", "PARQUET"])
        let location = reader.word("CSVHeaderLocation", of: ["FIRST_ROW", "GIVEN"])
        if type == "CSV", !reader.has("CSVHeaderLocation") {
            reader.problems.add(
                .missingField, reader.pointer, "The field 'CSVHeaderLocation' is required")
        }
        if type == "JSON" || type == "JSONL", reader.has("CSVHeaderLocation") {
            reader.reportHere(.unknownField, "CSVHeaderLocation", "Field 'CSVHeaderLocation' is not supported")
        }
        if location == "GIVEN" { reader.require("CSVHeaders") }
        _ = reader.word("CSVDelimiter", of: ["COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"])
        return reader.numberField("MaxItems", in: 0...100_000_000, language)
    }

    private func batcher() -> ItemBatcher? {
        guard let child = reader.child("ItemBatcher") else { return nil }
        let known: Set = [
            "BatchInput", "MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath", "MaxItemsPerBatch",
            "MaxItemsPerBatchPath",
        ]
        child.refuseFields(except: known)
        StateFields.checkLanguage(of: child, language, among: known)
        if !known.subtracting(["BatchInput"]).contains(where: child.has) {
            child.problems.add(
                .missingField, child.pointer,
                "At least one of these fields is required: [MaxItemsPerBatch, MaxInputBytesPerBatch]")
        }
        return ItemBatcher(
            maxItems: child.numberField("MaxItemsPerBatch", in: 0...99_999_999, language),
            maxBytes: child.numberField("MaxInputBytesPerBatch", in: 0...262_144, language),
            input: child.template("BatchInput", language))
    }

    private func writer() -> ResultWriter? {
        guard let child = reader.child("ResultWriter") else { return nil }
        let known: Set = ["Arguments", "Parameters", "Resource", "WriterConfig"]
        child.refuseFields(except: known)
        StateFields.checkLanguage(of: child, language, among: known)
        if !child.has("Resource") && !child.has("WriterConfig") { child.require("Resource") }
        if let configuration = child.child("WriterConfig") {
            configuration.refuseFields(except: ["OutputType", "Transformation"])
            _ = configuration.word("OutputType", of: ["JSON", "JSONL"])
            _ = configuration.word("Transformation", of: ["NONE", "COMPACT", "FLATTEN"])
        }
        let resource = child.string("Resource")
        if let resource, !resource.hasSuffix(":states:::s3:putObject") {
            child.report(
                .invalidValue, "Resource", "The field 'Resource' does not match any of the allowed values")
        }
        return ResultWriter(
            resource: resource.map(TaskResource.init),
            arguments: child.template(language == .jsonPath ? "Parameters" : "Arguments", language),
            configuration: child.object["WriterConfig"])
    }
}
