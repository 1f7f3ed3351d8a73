import Foundation

/// The files of the project that the rules look at.
enum Project {
    /// The folder that holds `Package.swift`, found from where this file was compiled.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Every text file of ours, read once for all rules.
    static let files: [SourceFile] = paths.compactMap { path in
        // A file that vanishes between the listing and the reading is an editor's; there is nothing to check in it.
        guard let data = try? Data(contentsOf: root.appending(path: path)) else { return nil }
        return SourceFile(path: path, bytes: Array(data))
    }

    /// Every path of ours, whatever it holds.
    static let paths: [String] = {
        let single = [
            "Package.swift", "Makefile", ".ci/run", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE",
            ".gitignore", "Fuzz/Package.swift",
        ]
        let folders = ["Sources", "Tests", "Benchmarks", "Fuzz/Sources", "scripts", "docs", "examples", "themes"]
        let existing = single.filter { FileManager.default.fileExists(atPath: root.appending(path: $0).path) }
        return (existing + folders.flatMap(listing(of:))).sorted()
    }()

    private static func listing(of folder: String) -> [String] {
        let start = root.appending(path: folder)
        let keys: [URLResourceKey] = [.isRegularFileKey]
        guard
            let walk = FileManager.default.enumerator(
                at: start, includingPropertiesForKeys: keys, options: [.skipsHiddenFiles])
        else { return [] }
        let prefix = start.standardizedFileURL.path + "/"
        return walk.compactMap { entry in
            guard let file = entry as? URL else { return nil }
            if file.pathComponents.contains(where: { $0.hasPrefix(".build") }) { return nil }
            // A file whose kind cannot be read has vanished since the listing.
            guard (try? file.resourceValues(forKeys: Set(keys)))?.isRegularFile == true else { return nil }
            return folder + "/" + file.standardizedFileURL.path.dropFirst(prefix.count)
        }
    }
}
