import Foundation
import LandlordDomain
import StatesLanguage

/// Finds the values behind a spec's references to secrets, at the moment when they are needed.
///
/// The values go from here into the environment of a process, by way of a socket and the memory of its supervisor, or
/// into the signature of a webhook. They are in no file, no row, no message and no log.
struct SecretResolver: Sendable {
    /// A variable of the engine's own environment.
    let variable: @Sendable (_ name: String) -> String?

    /// Files are read up to this size.
    static let byteLimit = 65_536

    /// Why a secret could not be read, in words that tell nothing of its value.
    struct Missing: Error {
        let reason: String

        init(_ reason: String) { self.reason = reason }
    }

    /// The variables that the secrets become.
    ///
    /// - Throws: `INVALID_CONFIGURATION`, naming the secret and its place but nothing of its value.
    func resolve(_ secrets: [SecretReference]) throws(ComputeError) -> [String: String] {
        var values: [String: String] = [:]
        for secret in secrets {
            do throws(Missing) {
                values[secret.variable] = try value(at: secret.source, key: secret.key)
            } catch {
                throw ComputeError(
                    .invalidConfiguration,
                    "The secret '\(secret.name)' could not be read from '\(secret.source)': \(error.reason).")
            }
        }
        return values
    }

    /// The value at `env:NAME` or `file:PATH`, or the entry of that name in it.
    func value(at source: String, key: String? = nil) throws(Missing) -> String {
        let text: String
        if source.hasPrefix("env:") {
            guard let value = variable(String(source.dropFirst(4))) else {
                throw Missing("the engine's environment has no such variable")
            }
            text = value
        } else {
            text = try contents(of: String(source.dropFirst(5)))
        }
        guard let key else { return try checked(text) }
        guard let value = Self.entry(key, in: text) else { throw Missing("it has no entry '\(key)'") }
        return try checked(value)
    }

    private func contents(of path: String) throws(Missing) -> String {
        let data: Data
        do {
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            // The file is only read; that it cannot be closed has no consequence.
            defer { try? file.close() }
            data = try file.read(upToCount: Self.byteLimit + 1) ?? Data()
        } catch { throw Missing("the file cannot be read") }
        guard data.count <= Self.byteLimit else { throw Missing("the file is over \(Self.byteLimit) bytes") }
        guard let text = String(bytes: data, encoding: .utf8) else { throw Missing("the file is not text") }
        // Editors end a file with a line's end that is not part of the secret.
        if text.hasSuffix("\r\n") || text.hasSuffix("\n") { return String(text.dropLast()) }
        return text
    }

    private func checked(_ value: String) throws(Missing) -> String {
        guard !value.utf8.contains(0) else { throw Missing("it holds a NUL character") }
        return value
    }

    /// An entry of a source that holds several: a JSON object, or lines of `KEY=value`.
    private static func entry(_ key: String, in text: String) -> String? {
        // Not JSON means that it is the other form; the parser's complaint is of no use.
        if let object = try? JSONValue(parsing: text) { return object[key]?.stringValue }
        for line in text.split(whereSeparator: \.isNewline) where line.hasPrefix(key + "=") {
            return String(line.dropFirst(key.count + 1))
        }
        return nil
    }
}
