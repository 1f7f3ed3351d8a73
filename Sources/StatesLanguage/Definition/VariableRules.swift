/// The rules on the names of variables, and on which may be assigned where.
struct VariableRules {
    /// The most characters of a variable's name.
    static let nameLimit = 80

    let states: [State]
    let flows: [StateFlow]
    let problems: ProblemCollector

    /// Checks one name.
    static func check(_ name: String, _ place: JSONPointer, _ problems: ProblemCollector) {
        if name == "states" {
            problems.add(.reservedVariable, place, "Cannot assign to reserved variable '$states'.")
            return
        }
        if name.unicodeScalars.count > nameLimit {
            problems.add(
                .invalidVariable, place,
                "Invalid variable name '\(name)': the variable name exceeds \(nameLimit) characters.")
        }
        if !isName(name) {
            problems.add(
                .invalidVariable, place,
                "Invalid variable name '\(name)': the variable name contains invalid characters.")
        }
    }

    /// Tells whether a text is a name: a letter first, then letters, digits and underscores (Unicode's, UAX 31).
    static func isName(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, first.beginsName else { return false }
        return text.unicodeScalars.allSatisfy(\.continuesName)
    }

    /// Checks that no branch assigns a variable that a scope around it assigns.
    ///
    /// A branch that runs as executions of its own has no scope around it.
    func check(_ scopes: [(owner: Int?, isSeparate: Bool)]) {
        var assigned: [Set<String>] = Array(repeating: [], count: flows.count)
        // By index, because to hand a state out is to copy it.
        let assignments = states.indices.map { states[$0].assignments }
        for (position, found) in assignments.enumerated() where !found.isEmpty {
            assigned[states[position].flow].formUnion(found.map(\.name))
        }
        for (position, found) in assignments.enumerated() where !found.isEmpty {
            var flow = states[position].flow
            while !scopes[flow].isSeparate, let owner = scopes[flow].owner {
                flow = states[owner].flow
                for (name, place) in found where assigned[flow].contains(name) {
                    problems.add(
                        .invalidVariable, place,
                        "Invalid variable name '\(name)': the variable is assigned in an outer scope.")
                }
            }
        }
    }
}

extension Template {
    /// The names of the members of an assignment.
    var memberNames: [String] {
        switch self {
        case .jsonPath(.object(let members)): members.map(\.key)
        case .jsonata(.object(let members)): members.map(\.key)
        case .jsonPath(.literal(.object(let object))), .jsonata(.literal(.object(let object))): object.keys
        default: []
        }
    }
}

extension State {
    /// The variables the state assigns, each once, with the place of the (last) assignment.
    fileprivate var assignments: [(name: String, place: JSONPointer)] {
        var found: [(name: String, place: JSONPointer)] = []
        var positions: [String: Int] = [:]
        func note(_ template: Template?, _ holder: JSONPointer) {
            guard let template else { return }
            let place = holder.appending("Assign")
            // The names of one assignment in JSONata differ from each other, so that the first needs no index.
            if found.isEmpty, case .jsonata = template {
                found = template.memberNames.map { ($0, place) }
                return
            }
            if positions.isEmpty {
                for (position, known) in found.enumerated() { positions[known.name] = position }
            }
            for name in template.memberNames {
                if let known = positions[name] {
                    found[known].place = place
                } else {
                    positions[name] = found.count
                    found.append((name, place))
                }
            }
        }
        note(assign, place)
        if let catchers = resultRules?.catchers, catchers.contains(where: { $0.assign != nil }) {
            let rules = place.appending("Catch")
            for (position, catcher) in catchers.enumerated() { note(catcher.assign, rules.appending(position)) }
        }
        if case .choice(let choice) = body, choice.rules.contains(where: { $0.assign != nil }) {
            let rules = place.appending("Choices")
            for (position, rule) in choice.rules.enumerated() { note(rule.assign, rules.appending(position)) }
        }
        return found
    }
}
