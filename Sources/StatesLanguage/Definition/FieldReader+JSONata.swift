// Fields whose values may be JSONata expressions, or one of both query languages.

extension FieldReader {
    /// A value of a JSONata state whose strings may be expressions.
    func jsonataTemplate(_ name: String, seesErrorOutput: Bool = false) -> JSONataTemplate? {
        object[name].map {
            JSONataTemplateReader(problems: problems, base: base, seesErrorOutput: seesErrorOutput)
                .template($0, place(name))
        }
    }

    /// A field that is a string with an expression; other strings are nothing it takes.
    func jsonataField(_ name: String) -> JSONataField? {
        guard let text = string(name) else { return nil }
        guard JSONataField.isExpression(text) else {
            report(.invalidTemplate, name, "JSONata string must start with {% and end with %}")
            return nil
        }
        return JSONataTemplateReader(problems: problems, base: base, seesErrorOutput: false).field(text, place(name))
    }

    /// A template in the language of the state: `.$` members or expressions.
    func template(_ name: String, _ language: QueryLanguage, seesErrorOutput: Bool = false) -> Template? {
        switch language {
        case .jsonPath: payloadTemplate(name).map(Template.jsonPath)
        case .jsonata: jsonataTemplate(name, seesErrorOutput: seesErrorOutput).map(Template.jsonata)
        }
    }

    /// A number: given, or looked up by `Path` in the one language, or computed in the other.
    func numberField(
        _ name: String, in range: ClosedRange<Double>, _ language: QueryLanguage, isInteger: Bool = true
    ) -> NumberField? {
        let pathName = name + "Path"
        requireOne(of: [name, pathName], isOptional: true)
        if language == .jsonata, case .string? = object[name] {
            return jsonataField(name).map(NumberField.jsonata)
        }
        if has(name) {
            let value =
                isInteger
                ? integer(name, in: Int(range.lowerBound)...Int(range.upperBound)).map(Double.init)
                : number(name, in: range)
            return value.map(NumberField.literal)
        }
        return referencePath(pathName, allowsContext: false).map { .path($0, field: pathName) }
    }

    /// A text: given, or looked up by `Path` in the one language, or computed in the other.
    func textField(_ name: String, _ language: QueryLanguage) -> TextField? {
        let pathName = name + "Path"
        requireOne(of: [name, pathName], isOptional: true)
        if has(name) {
            guard let text = string(name) else { return nil }
            guard language == .jsonata, JSONataField.beginsExpression(text) else { return .literal(text) }
            return jsonataField(name).map(TextField.jsonata)
        }
        guard let text = string(pathName) else { return nil }
        do {
            return .expression(try Expression(parsing: text), field: pathName)
        } catch {
            report(
                .invalidPath, pathName, "Value must be a valid JSONPath. (\(error.message), at byte \(error.offset))")
            return nil
        }
    }
}

/// Compiles the expressions in a value of a JSONata state.
struct JSONataTemplateReader {
    let problems: ProblemCollector
    /// The place of the state, which a field is named relative to.
    let base: JSONPointer
    /// Whether `$states.errorOutput` has a value here, which it has in a rule of `Catch` only.
    let seesErrorOutput: Bool

    func template(_ value: JSONValue, _ place: JSONPointer) -> JSONataTemplate {
        switch value {
        case .null, .bool, .number: return .literal(value)
        case .string(let text):
            guard JSONataField.beginsExpression(text) else { return .literal(value) }
            guard JSONataField.isExpression(text) else {
                problems.add(.invalidTemplate, place, "JSONata string must start with {% and end with %}")
                return .literal(value)
            }
            return field(text, place).map(JSONataTemplate.expression) ?? .literal(value)
        case .array(let elements):
            let parts = elements.enumerated().map { position, element in
                template(element, place.appending(position))
            }
            return parts.allSatisfy { $0.literalValue != nil } ? .literal(value) : .array(parts)
        case .object(let object):
            let members = object.map { key, value in
                JSONataTemplate.Member(key: key, value: template(value, place.appending(key)))
            }
            return members.allSatisfy { $0.value.literalValue != nil } ? .literal(value) : .object(members)
        }
    }

    /// Compiles one string with an expression.
    func field(_ text: String, _ place: JSONPointer) -> JSONataField? {
        let inner = JSONataField.inner(of: text)
        do {
            let expression = try problems.expression(inner)
            checkReferences(of: expression, place)
            return JSONataField(expression: expression, text: inner, field: place.path(from: base))
        } catch {
            problems.add(.invalidJSONata, place, error.message)
            return nil
        }
    }

    /// An expression has no input of its own: it reads `$states` and the variables, and nothing else from outside.
    private func checkReferences(of expression: JSONataExpression, _ place: JSONPointer) {
        for variable in expression.freeVariables {
            switch (variable.name, variable.path.first) {
            case ("", let name?):
                problems.add(
                    .unsupportedJSONata, place, "Reference to '\(name)' at the top level is not supported.")
            case ("", nil): problems.add(.unsupportedJSONata, place, "Reference to '$' is not supported.")
            case ("$", _): problems.add(.unsupportedJSONata, place, "Reference to '$$' is not supported.")
            case ("states", "errorOutput"?) where !seesErrorOutput:
                problems.add(
                    .unsupportedJSONata, place, "Reference to '$states.errorOutput' is not supported.")
            default: continue
            }
        }
    }
}
