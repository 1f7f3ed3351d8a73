/// Findings in the Static Analysis Results Interchange Format, which code hosts and editors read.
///
/// The form is that of SARIF 2.1.0 (OASIS). Columns count characters, which the run says with `columnKind`.
public struct LintSARIF: Sendable {
    /// The file as its reader names it.
    public let file: String
    /// The version of the tool.
    public let version: String

    /// Names the file that was looked at.
    public init(file: String, version: String) {
        self.file = file
        self.version = version
    }

    /// The document for findings.
    public func document(_ findings: [LintFinding]) -> JSONValue {
        var indexes: [String: Int] = [:]
        for (index, rule) in LintRule.all.enumerated() { indexes[rule.code] = index }
        return [
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
            "runs": [
                [
                    "tool": [
                        "driver": [
                            "name": "landlord", "semanticVersion": .string(version), "version": .string(version),
                            "rules": .array(LintRule.all.map(Self.rule)),
                        ]
                    ],
                    "columnKind": "unicodeCodePoints",
                    "results": .array(findings.map { result($0, index: indexes[$0.code]) }),
                ]
            ],
        ]
    }

    private static func rule(_ rule: LintRule) -> JSONValue {
        // The help travels with the document: a reader need not find this project's pages.
        [
            "id": .string(rule.code), "name": .string(rule.code),
            "shortDescription": ["text": .string(rule.title + ".")], "fullDescription": ["text": .string(rule.reason)],
            "help": [
                "text": .string("\(rule.title). \(rule.reason)"),
                "markdown": .string("**\(rule.title).** \(rule.reason)\n\nExamples: docs/workflow-lint.md"),
            ],
            "defaultConfiguration": ["level": .string(level(rule.severity))],
        ]
    }

    private func result(_ finding: LintFinding, index: Int?) -> JSONValue {
        let text = finding.suggestion.map { "\(finding.message) (\($0))" } ?? finding.message
        var place: JSONObject = ["artifactLocation": ["uri": .string(Self.uri(file))]]
        if let line = finding.line {
            var region: JSONObject = ["startLine": .number(JSONNumber(line))]
            if let column = finding.column { region["startColumn"] = .number(JSONNumber(column)) }
            place["region"] = .object(region)
        }
        var result: JSONObject = [
            "ruleId": .string(finding.code), "level": .string(Self.level(finding.severity)),
            "message": ["text": .string(text)],
            "locations": [
                [
                    "physicalLocation": .object(place),
                    "logicalLocations": [["fullyQualifiedName": .string(finding.pointer)]],
                ]
            ],
        ]
        if let index { result["ruleIndex"] = .number(JSONNumber(index)) }
        return .object(result)
    }

    private static func level(_ severity: LintFinding.Severity) -> String {
        switch severity {
        case .error: "error"
        case .warning: "warning"
        case .info: "note"
        }
    }

    /// A file's name as a reference that a URI may have.
    private static func uri(_ file: String) -> String {
        var text = ""
        for byte in file.utf8 {
            let scalar = Unicode.Scalar(byte)
            let isPlain =
                scalar.isASCII && (scalar.properties.isAlphabetic || "0123456789-._~/".unicodeScalars.contains(scalar))
            if isPlain {
                text.unicodeScalars.append(scalar)
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                text += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return text
    }
}
