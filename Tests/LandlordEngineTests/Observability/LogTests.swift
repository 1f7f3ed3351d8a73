import Foundation
import Logging
import StatesLanguage
import Testing

@testable import LandlordEngine

@Suite struct LogTests {
    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "landlord-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(atPath: folder) } }
        try body(folder)
    }

    private func lines(_ path: String) throws -> [JSONValue] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
            try JSONValue(parsing: String($0))
        }
    }

    private func numbers(_ path: String) throws -> [Int] {
        try lines(path).compactMap { line in line["n"]?.intValue }
    }

    private func logger(_ file: LogFile, level: Logger.Level = .info) -> Logger {
        Logger(label: "test") { label in
            JSONLinesLogHandler(
                label: label, file: file, level: level, now: { Timestamp(millisecondsSinceEpoch: 0) })
        }
    }

    @Test func `a line is one JSON object with the data beside the message`() throws {
        try withFolder { folder in
            let file = LogFile(path: folder + "/a.log")
            var logger = logger(file)
            logger[metadataKey: LogKeys.tenant] = "acme"
            logger.info(
                "Callback parked\n\u{1b}",
                metadata: [LogKeys.attempt: .stringConvertible(3), "list": ["a", "b"], "message": "not the message"])
            logger.debug("Below the level")
            let line = try #require(try lines(file.path).first)
            #expect(try lines(file.path).count == 1)
            #expect(line["timestamp"] == "1970-01-01T00:00:00.000Z")
            #expect(line["level"] == "info")
            #expect(line["logger"] == "test")
            #expect(line["message"] == "Callback parked\n\u{1b}")
            #expect(line["tenant"] == "acme")
            #expect(line["attempt"] == 3)
            #expect(line["list"] == ["a", "b"])
        }
    }

    @Test func `the level and the data belong to one logger`() throws {
        try withFolder { folder in
            let file = LogFile(path: folder + "/a.log")
            var first = logger(file)
            var second = first
            first.logLevel = .debug
            second.logLevel = .error
            first[metadataKey: "a"] = "1"
            #expect(first.logLevel == .debug)
            #expect(second[metadataKey: "a"] == nil)
        }
    }

    @Test func `a long text is cut`() throws {
        try withFolder { folder in
            let file = LogFile(path: folder + "/a.log")
            logger(file).info("Long", metadata: ["text": .string(String(repeating: "é", count: 100_000))])
            let text = try #require(try lines(file.path).first?["text"]?.stringValue)
            #expect(text.utf8.count <= JSONLinesLogHandler.textByteLimit + 6)
            #expect(text.hasSuffix("…"))
        }
    }

    @Test func `only the owner may read a log`() throws {
        try withFolder { folder in
            let path = folder + "/a.log"
            try Data().write(to: URL(filePath: path))
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
            LogFile(path: path).append(Array("{}".utf8))
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        }
    }

    @Test func `a full log becomes an archive and the oldest falls away`() throws {
        try withFolder { folder in
            let path = folder + "/a.log"
            let file = LogFile(path: path, options: .init(byteLimit: 20, archiveLimit: 2))
            for number in 0..<8 { file.append(Array("{\"n\":\(number)}".utf8)) }
            let kept = try [path, path + ".1", path + ".2"].map(numbers)
            #expect(kept == [[6, 7], [4, 5], [2, 3]])
            #expect(!FileManager.default.fileExists(atPath: path + ".3"))
        }
    }

    @Test func `a log that another process has moved is opened again when it is full`() throws {
        try withFolder { folder in
            let path = folder + "/a.log"
            let file = LogFile(path: path, options: .init(byteLimit: 20, archiveLimit: 2))
            file.append(Array("{\"n\":0}".utf8))
            try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
            try Data("{\"n\":9}\n".utf8).write(to: URL(filePath: path))
            for number in 1...2 { file.append(Array("{\"n\":\(number)}".utf8)) }
            let kept = try [path + ".1", path].map(numbers)
            #expect(kept == [[0, 1], [9, 2]])
        }
    }

    @Test func `lines that could not be written are counted and told`() throws {
        try withFolder { folder in
            let path = folder + "/later/a.log"
            let file = LogFile(path: path)
            file.append(Array("{\"n\":0}".utf8))
            file.append(Array("{\"n\":1}".utf8))
            #expect(file.lostCount == 2)
            try FileManager.default.createDirectory(atPath: folder + "/later", withIntermediateDirectories: true)
            file.append(Array("{\"n\":2}".utf8))
            #expect(file.lostCount == 0)
            let written = try lines(path)
            #expect(written.first?["count"] == 2)
            #expect(written.last?["n"] == 2)
        }
    }

    @Test func `a log is never written through a link`() throws {
        try withFolder { folder in
            try FileManager.default.createSymbolicLink(atPath: folder + "/a.log", withDestinationPath: folder + "/b")
            let file = LogFile(path: folder + "/a.log")
            file.append(Array("{}".utf8))
            #expect(file.lostCount == 1)
            #expect(!FileManager.default.fileExists(atPath: folder + "/b"))
        }
    }
}
