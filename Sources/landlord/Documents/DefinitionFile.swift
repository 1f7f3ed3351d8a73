import LandlordEngine
import StatesLanguage

/// A definition in a file, as JSON or as YAML, or on the standard input.
///
/// JSON is read by the States Language's own reader, which knows the characters of every place; YAML by the one that
/// reads tenant specs, with its limits.
struct DefinitionFile {
    /// More is not read at all; what is between the limit of definitions and this is a finding.
    private static let sizeLimit = 8 << 20

    /// The name for messages.
    let file: String
    private let bytes: [UInt8]

    /// Reads a file; `-` is the standard input.
    init(_ file: String) throws(DocumentError) {
        self.file = file
        bytes = try BoundedFile.read(file, limit: Self.sizeLimit)
    }

    /// By its name, or else by how it begins.
    private var isYAML: Bool {
        if file.hasSuffix(".yaml") || file.hasSuffix(".yml") { return true }
        if file.hasSuffix(".json") { return false }
        let first = bytes.first { $0 > 0x20 }
        return first != UInt8(ascii: "{") && first != UInt8(ascii: "[")
    }

    /// What the linter finds, in the order of the text.
    func findings(_ linter: Linter) -> [LintFinding] {
        guard isYAML, bytes.count <= StateMachine.definitionByteLimit else { return linter.findings(in: bytes) }
        do {
            let document = try YAMLDocument.read(bytes, file: file)
            let placed = linter.findings(in: document.json).map { finding in
                let place = document.place(ofPointer: finding.pointer)
                return finding.placed(line: place.line, column: place.column)
            }
            return Linter.ordered(placed)
        } catch {
            return error.problems.map { LintFinding.unreadable($0.message, line: $0.line ?? 1) }
        }
    }

    /// The document; a failure names every problem with its line.
    func document() throws(Failure) -> JSONValue {
        do {
            if isYAML { return try YAMLDocument.read(bytes, file: file).json }
            return try JSONValue(parsing: bytes)
        } catch let error as JSONParseError {
            throw Failure(.data, problems: ["\(file):\(error.line):\(error.column): \(error.message)"])
        } catch {
            throw Failure(translating: error)
        }
    }

    /// The machine; a failure names every problem with its line.
    func machine() throws(Failure) -> StateMachine {
        let document = try document()
        do {
            return try StateMachine(definition: document)
        } catch {
            let errors = findings(Linter()).filter { $0.severity == .error }
            throw Failure(.data, problems: errors.map { $0.text(in: file) })
        }
    }
}

extension LintFinding {
    /// The finding in one line, as compilers print them.
    func text(in file: String) -> String {
        let place = line.map { line in "\(file):\(line):\(column ?? 1)" } ?? file
        let hint = suggestion.map { " (\($0))" } ?? ""
        return "\(place): \(severity.rawValue) \(code): \(message)\(hint)" + (pointer.isEmpty ? "" : " [\(pointer)]")
    }
}

/// A JSON value that an option gives, or a file that it names with `@`.
enum OptionJSON {
    /// Reads the value of an option.
    static func value(_ text: String, of option: String) throws(Failure) -> JSONValue {
        do {
            guard text.hasPrefix("@") else { return try JSONValue(parsing: text) }
            return try JSONValue(parsing: BoundedFile.read(String(text.dropFirst()), limit: 8 << 20))
        } catch let error as JSONParseError {
            let place = text.hasPrefix("@") ? String(text.dropFirst()) : option
            throw Failure(.data, "\(place): \(error)")
        } catch {
            throw Failure(translating: error)
        }
    }

    /// Reads an option that must be an object.
    static func object(_ text: String, of option: String) throws(Failure) -> JSONObject {
        guard case .object(let object) = try value(text, of: option) else {
            throw Failure(.data, "\(option): an object is expected")
        }
        return object
    }
}
