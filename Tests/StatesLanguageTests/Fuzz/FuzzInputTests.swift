import Foundation
import Testing

/// The inputs that were kept of fuzzing, without libFuzzer.
///
/// `FuzzTarget.swift` is that of the package `Fuzz`.
@Suite struct FuzzInputTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fuzz")

    /// What was written by hand, each in a file of its own.
    private func written(_ target: FuzzTarget) throws -> [[UInt8]] {
        let folder = Self.folder.appending(path: "corpus/\(target.rawValue)")
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map {
            Array(try Data(contentsOf: folder.appending(path: $0)))
        }
    }

    /// What libFuzzer found, each in a line.
    private func kept(_ target: FuzzTarget) throws -> [[UInt8]] {
        let text = try String(contentsOf: Self.folder.appending(path: "kept/\(target.rawValue)"), encoding: .utf8)
        return try text.split(separator: "\n").map { Array(try #require(Data(base64Encoded: String($0)))) }
    }

    @Test(arguments: FuzzTarget.allCases)
    func `an input that was kept breaks nothing`(target: FuzzTarget) throws {
        let inputs = try written(target) + kept(target)
        #expect(inputs.count > 300)
        for input in inputs {
            #expect(throws: Never.self, "\(Data(input).base64EncodedString())") { try target.check(input) }
        }
    }
}
