import Foundation
import Glibc

/// Keeps the files that an operator edits: in a private folder, readable by nobody else, gone when the console is.
struct DraftFolder: Sendable {
    /// The folder of this console; made when the first file is.
    let path: String

    /// A folder with a name of its own under a directory for temporary files.
    init(under directory: String, number: UInt64) {
        path = "\(directory)/landlord-\(String(number, radix: 36))"
    }

    /// Writes a new file.
    func write(_ text: String, for purpose: SpecDraft.Purpose) -> DraftAnswer {
        let name =
            switch purpose {
            case .provision: "new-tenant"
            case .update(let name): name
            }
        let draft = SpecDraft(purpose: purpose, path: "\(path)/\(name).yaml", written: text)
        do {
            if mkdir(path, 0o700) != 0, errno != EEXIST { throw DraftError.current(path) }
            try isPrivate()
            discard(draft)
            try Self.store(text, at: draft.path)
            return .written(draft)
        } catch {
            return .failed("\(error)")
        }
    }

    /// Writes the text again into the file of a draft.
    func rewrite(_ draft: SpecDraft, _ text: String) throws -> SpecDraft {
        discard(draft)
        try Self.store(text, at: draft.path)
        var rewritten = draft
        rewritten.written = text
        return rewritten
    }

    /// Throws a file away; one that is not there is no harm.
    func discard(_ draft: SpecDraft) { unlink(draft.path) }

    /// Removes the folder with what is left in it.
    func remove() {
        // What cannot be removed is private and in a directory for temporary files.
        try? FileManager.default.removeItem(atPath: path)
    }

    /// A folder that somebody else made or can write is not used: the file could be exchanged for another.
    private func isPrivate() throws {
        var status = stat()
        guard lstat(path, &status) == 0 else { throw DraftError.current(path) }
        let isOurs = status.st_uid == geteuid() && status.st_mode & S_IFMT == S_IFDIR && status.st_mode & 0o077 == 0
        guard isOurs else { throw DraftError(message: "\(path) is not a private folder") }
    }

    private static func store(_ text: String, at path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw DraftError.current(path) }
        defer { close(descriptor) }
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw DraftError.current(path) }
            bytes = bytes.dropFirst(count)
        }
    }
}

/// Why a file for the editor could not be kept.
struct DraftError: Error, CustomStringConvertible {
    let message: String

    /// What the last call of the system says.
    static func current(_ path: String) -> DraftError {
        DraftError(message: "\(path): \(String(cString: strerror(errno)))")
    }

    var description: String { message }
}
