import Foundation

/// Finds and runs the program that the package has built.
enum BuiltProgram {
    /// Why the program cannot be run.
    struct Missing: Error, CustomStringConvertible {
        let description: String
    }

    /// The program beside the test bundle.
    static func url() throws -> URL {
        let bundles = ([Bundle.main] + Bundle.allBundles).map { $0.bundleURL.deletingLastPathComponent() }
        let own = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        let candidates = (bundles + [own]).map { $0.appendingPathComponent("landlord") }
        guard let found = candidates.first(where: { FileManager.default.isExecutableFile(atPath: $0.path) }) else {
            throw Missing(description: "the program was not built: \(candidates.map(\.path))")
        }
        return found
    }

    /// Runs a command to its end and gives what it wrote.
    static func output(of program: String, _ arguments: [String]) throws -> String {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: bytes, as: UTF8.self)
    }
}
