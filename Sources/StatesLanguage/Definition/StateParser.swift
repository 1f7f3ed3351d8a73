/// Reads one state of a definition.
struct StateParser {
    let reader: FieldReader
    let builder: FlowBuilder
    let flow: Int
    let position: Int
    let depth: Int
    /// The language of the state's fields.
    let language: QueryLanguage

    init(reader: FieldReader, builder: FlowBuilder, flow: Int, position: Int, depth: Int) {
        self.reader = reader
        self.builder = builder
        self.flow = flow
        self.position = position
        self.depth = depth
        switch reader.object["QueryLanguage"] {
        case nil: language = builder.queryLanguage
        case let value?: language = value == .string(QueryLanguage.jsonPath.rawValue) ? .jsonPath : .jsonata
        }
    }

    /// The state, or nil when there are problems with it that leave nothing to build.
    func parse(name: String) -> State? {
        reader.require("Type")
        guard let typeName = reader.string("Type") else { return nil }
        guard let type = StateType(rawValue: typeName) else {
            reader.report(
                .invalidValue, "Type",
                "The field 'Type' should have one of these values: "
                    + "[Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map]")
            return nil
        }
        StateFields(reader: reader, type: type, language: language).check(machine: builder.queryLanguage)
        let comment = reader.string("Comment")
        let inputPath = pathField("InputPath")
        let outputPath = pathField("OutputPath")
        let output = language == .jsonata ? reader.jsonataTemplate("Output").map(Template.jsonata) : nil
        let assign = assignment(reader)
        let extensions = extensions(of: type)
        guard let body = body(of: type) else { return nil }
        return State(
            name: name, type: type, comment: comment, queryLanguage: language, place: reader.pointer,
            source: .object(reader.object), flow: flow, inputPath: inputPath, outputPath: outputPath, output: output,
            assign: assign, extensions: extensions, body: body)
    }

    private func body(of type: StateType) -> State.Body? {
        switch type {
        case .task: task().map(State.Body.task)
        case .pass: pass().map(State.Body.pass)
        case .choice: choice().map(State.Body.choice)
        case .wait: wait().map(State.Body.wait)
        case .succeed: .succeed
        case .fail: .fail(fail())
        case .parallel: parallel().map(State.Body.parallel)
        case .map: map().map(State.Body.map)
        }
    }

    // MARK: Shared fields

    private func pathField(_ name: String) -> PathField {
        guard language == .jsonPath else { return .whole }
        switch reader.object[name] {
        case nil: return .whole
        case .null?: return .nothing
        default:
            guard let path = reader.path(name), !path.isWholeInput else { return .whole }
            return .path(path)
        }
    }

    func resultPath(_ reader: FieldReader) -> ResultPathField {
        switch reader.object["ResultPath"] {
        case nil: return .replace
        case .null?: return .discard
        default: break
        }
        guard let text = reader.string("ResultPath") else { return .replace }
        do {
            let path = try ReferencePath(parsing: text)
            return text == "$" ? .replace : .path(path)
        } catch {
            reader.report(
                .invalidPath, "ResultPath",
                "Value is not a Reference Path: \(error.message), at byte \(error.offset)")
            return .replace
        }
    }

    func assignment(_ reader: FieldReader, seesErrorOutput: Bool = false) -> Template? {
        guard let value = reader.object["Assign"] else { return nil }
        guard case .object(let object) = value else {
            reader.report(.wrongType, "Assign", "Expected value of type [OBJECT]")
            return nil
        }
        for key in object.keys {
            let name = language == .jsonPath && key.hasSuffix(".$") ? String(key.dropLast(2)) : key
            VariableRules.check(name, reader.place("Assign").appending(key), reader.problems)
        }
        return reader.template("Assign", language, seesErrorOutput: seesErrorOutput)
    }

    func target(_ reader: FieldReader, _ field: String) -> Int? {
        guard let name = reader.string(field) else { return nil }
        guard let position = builder.flows[flow].positions[ByteKey(text: name)] else {
            reader.report(.missingTarget, field, "Missing '\(field)' target: \(name)")
            return nil
        }
        return position
    }

    func next() -> Target? {
        let isEnd = reader.boolean("End")
        if reader.has("Next") && isEnd == true {
            reader.reportHere(
                .conflictingFields, "End", "There should only be one of the following fields: [Next, End]")
            return nil
        }
        if isEnd == true { return .end }
        if reader.has("End") && isEnd == nil { return nil }
        guard reader.has("Next") else {
            reader.problems.add(
                .missingField, reader.pointer,
                "This object should have only one of the following fields: [Next, End]")
            return nil
        }
        return target(reader, "Next").map(Target.state)
    }

    // MARK: States

    private func pass() -> PassBody? {
        let isPath = language == .jsonPath
        let parameters = isPath ? reader.payloadTemplate("Parameters") : nil
        let resultPath = isPath ? resultPath(reader) : .replace
        guard let next = next() else { return nil }
        return PassBody(
            result: isPath ? reader.object["Result"] : nil, parameters: parameters, resultPath: resultPath, next: next)
    }

    private func wait() -> WaitBody? {
        let names =
            language == .jsonPath
            ? ["SecondsPath", "Seconds", "TimestampPath", "Timestamp"] : ["Seconds", "Timestamp"]
        reader.requireOne(of: names)
        let delay = delay()
        guard let next = next(), let delay else { return nil }
        return WaitBody(delay: delay, next: next)
    }

    private func delay() -> WaitBody.Delay? {
        if reader.has("Seconds") || reader.has("SecondsPath") {
            return reader.numberField("Seconds", in: 0...99_999_999, language).map(WaitBody.Delay.seconds)
        }
        guard reader.has("Timestamp") else {
            return reader.referencePath("TimestampPath").map(WaitBody.Delay.untilPath)
        }
        guard let text = reader.string("Timestamp") else { return nil }
        if language == .jsonata, text.hasPrefix("{%") {
            return reader.jsonataField("Timestamp").map(WaitBody.Delay.untilJSONata)
        }
        guard let moment = Timestamp(rfc3339: text) else {
            reader.report(.invalidValue, "Timestamp", "'\(text)' is not a timestamp of RFC 3339")
            return nil
        }
        return .until(moment)
    }

    private func fail() -> FailBody {
        FailBody(error: reader.textField("Error", language), cause: reader.textField("Cause", language))
    }

    private func choice() -> ChoiceBody? {
        reader.require("Choices")
        guard reader.has("Choices") else { return nil }
        let readers = reader.objects("Choices")
        if reader.object["Choices"]?.arrayValue?.isEmpty == true {
            reader.report(.invalidValue, "Choices", "Value cannot be empty")
        }
        let rules = readers.map(rule)
        let fallback = target(reader, "Default")
        let complete = rules.compactMap(\.self)
        guard complete.count == rules.count else { return nil }
        return ChoiceBody(rules: complete, fallback: fallback)
    }

    private func rule(_ reader: FieldReader) -> ChoiceRule? {
        reader.require("Next")
        let test: ChoiceRule.Test?
        var output: Template?
        switch language {
        case .jsonPath:
            test = ConditionParser(reader: reader, isTop: true).parse().map(ChoiceRule.Test.condition)
        case .jsonata:
            test = jsonataTest(reader)
            output = reader.jsonataTemplate("Output").map(Template.jsonata)
        }
        let assign = assignment(reader)
        guard let next = target(reader, "Next"), let test else { return nil }
        return ChoiceRule(test: test, next: next, assign: assign, output: output)
    }

    /// The fields of a rule of a Choice state; those of the other language are reported by themselves.
    private static let ruleFields = Set([
        "And", "Assign", "Comment", "Condition", "Next", "Not", "Or", "Output", "Variable",
    ]).union(ChoiceOperator.byName.keys)

    private func jsonataTest(_ reader: FieldReader) -> ChoiceRule.Test? {
        for name in ["Variable", "And", "Or", "Not"] where reader.has(name) {
            reader.reportHere(.wrongQueryLanguage, name, StateFields.message(name, only: .jsonPath, in: .jsonata))
        }
        reader.refuseFields(except: Self.ruleFields)
        switch reader.object["Condition"] {
        case nil:
            reader.require("Condition")
            return nil
        case .bool(let truth)?: return .constant(truth)
        case .string?: return reader.jsonataField("Condition").map(ChoiceRule.Test.jsonata)
        default:
            reader.report(.wrongType, "Condition", "Expected value of type [STRING]")
            return nil
        }
    }
}
