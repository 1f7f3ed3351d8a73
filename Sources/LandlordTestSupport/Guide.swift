import Foundation

/// A document of `docs/`, for tests that hold what it says against the code.
public struct Guide: Sendable {
    /// The whole document.
    public let text: String

    /// Reads a document of this project.
    public init(_ name: String) throws {
        text = try String(contentsOf: Self.root.appending(path: "docs/\(name)"), encoding: .utf8)
    }

    /// A file of this project.
    public static func source(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// Where a file of this project is.
    public static func path(_ path: String) throws -> String { root.appending(path: path).path }

    /// Whether the project has a file or a folder.
    public static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appending(path: path).path)
    }

    /// The folder that holds `Package.swift`, found from where this file was compiled.
    private static var root: URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    }

    /// The rows of the tables under a heading, without their heads: one list of trimmed cells for each.
    ///
    /// - Parameter heading: The heading's text without its marks; its own subsections belong to it.
    /// - Returns: No row where there is no such heading.
    public func rows(under heading: String) -> [[String]] {
        var level = 0
        var rows: [[String]] = []
        for line in text.split(separator: "\n") {
            let marks = line.prefix { $0 == "#" }.count
            if marks > 0 {
                if line.dropFirst(marks).trimmingCharacters(in: .whitespaces) == heading {
                    level = marks
                } else if level > 0, marks <= level {
                    break
                }
            } else if level > 0, line.hasPrefix("|") {
                rows.append(
                    line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
                        .map { $0.trimmingCharacters(in: .whitespaces) })
            }
        }
        return Self.withoutHeads(rows)
    }

    /// The contents of the blocks that are fenced as some language.
    public func blocks(of language: String) -> [String] {
        text.components(separatedBy: "```\(language)\n").dropFirst().compactMap { rest in
            rest.range(of: "```").map { String(rest[..<$0.lowerBound]) }
        }
    }

    /// The words of a text that stand between backquotes.
    public static func codes(in text: String) -> [String] {
        text.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }.map { String($0.element) }
    }

    /// A table's head is the row above its line of hyphens.
    private static func withoutHeads(_ rows: [[String]]) -> [[String]] {
        var kept: [[String]] = []
        for row in rows {
            if row.allSatisfy({ !$0.isEmpty && $0.allSatisfy { $0 == "-" || $0 == ":" } }) {
                kept.removeLast()
            } else {
                kept.append(row)
            }
        }
        return kept
    }
}
