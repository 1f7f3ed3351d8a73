extension Rule {
    /// Words that do not stand in the sources.
    static let words: [Rule] = codeWords + textWords

    // The words are put together from halves, so that this file does not break its own rules.
    private static let notes: [String] = ["FIX" + "ME", "TO" + "DO", "XX" + "X", "HA" + "CK"]
    private static let past: [String] = ["backward" + " compatibility", "backwards" + " compatibility"]
    private static let machinePaths: [String] = ["/wo" + "rk/", "/ho" + "me/", "/Us" + "ers/", "/ro" + "ot/"]
    private static let authors: [String] = [
        "Clau" + "de", "clau" + "de", "Anthro" + "pic", "Chat" + "GPT", "Copi" + "lot", "sub" + "agent",
    ]

    private static let codeWords: [Rule] = [
        .words(
            "try!", "as!", "fatalError", name: "nothing crashes on purpose",
            because: "throw for the world's errors, `precondition` with a sentence for a programmer's",
            in: { $0.isSwift }),
        .words(
            "@unchecked", "nonisolated(unsafe)", name: "the compiler checks every crossing",
            because: "an unchecked crossing is a data race that nobody looks for", in: { $0.isSwift }),
        .words(
            "Task.detached", name: "no work is detached",
            because: "long-lived work is a Service; detached work outlives its owner and swallows its errors",
            in: { $0.isSwift }),
        Rule(
            "no task is stored", because: "make long-lived work a Service in the one ServiceGroup",
            in: { $0.isSwift && $0.isUnder("Sources") }, find: storedTasks(in:)),
        Rule(
            "nobody sleeps on the wall clock",
            because: "sleep on an injected clock; a test advances ManualClock or awaits the event",
            in: { $0.isSwift }, find: sleeps(in:)),
        .words(
            "print(", "debugPrint(", "dump(", "NSLog(", "fputs(", name: "a library never prints",
            because:
                "one byte on the standard output tears the screen; log to the file, or hand the text on",
            in: { $0.isSwift && $0.isUnder("Sources") && !$0.isUnder("Sources/landlord") }),
    ]

    private static let textWords: [Rule] = [
        Rule(
            "no work is left as a note", because: "do it, or write an issue",
            in: { $0.path != "Makefile" && !$0.path.hasSuffix(".json") }
        ) { $0.lines(of: notes, in: \.bytes) },
        Rule(
            "the program has no past", because: "there is nothing to stay compatible with; change it",
            in: { _ in true }
        ) { $0.lines(of: past, in: \.bytes) },
        Rule(
            "a name says what the thing is", because: "Helper, Util and the like name nothing; cfg is no word",
            in: { $0.isSwift }, find: emptyNames(in:)),
        Rule(
            "no path of one machine", because: "the project is built wherever somebody clones it",
            in: { _ in true }, find: machinePaths(in:)),
        Rule(
            "the sources speak of the product", because: "how and by whom a line was typed is not part of it",
            in: { _ in true }
        ) { $0.lines(of: authors, in: \.bytes) },
    ]

    private static func machinePaths(in file: SourceFile) -> [Int] {
        let offsets = machinePaths.flatMap { SourceFile.offsets(of: $0, in: file.bytes) }
        let whole = offsets.filter { $0 == 0 || !isPathPart(file.bytes[$0 - 1]) }
        return Set(whole.map(file.line(at:))).sorted()
    }

    private static func isPathPart(_ byte: UInt8) -> Bool {
        SourceFile.isNamePart(byte) || [UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "}")].contains(byte)
    }

    /// A task kept in a property or variable of a declared type, or put into a property.
    private static func storedTasks(in file: SourceFile) -> [Int] {
        file.lines(of: ["Task"], in: \.code).filter { line in
            let text = file.text(ofLine: line, in: \.code)
            if text.contains("= Task {") || text.contains("= Task(") {
                return !text.contains("let ") && !text.contains("var ")
            }
            guard let name = text.firstRange(of: "Task<") else { return false }
            let before = text[..<name.lowerBound]
            return (before.contains("let ") || before.contains("var ")) && before.contains(":") && !before.contains("=")
        }
    }

    private static func sleeps(in file: SourceFile) -> [Int] {
        let named = file.lines(
            of: ["Thread.sleep", "Task.sleep", "Glibc.sleep", "usleep", "nanosleep", "sleep_for"], in: \.code)
        let bare = SourceFile.offsets(of: "sleep(", in: file.code).filter { offset in
            let before = String(decoding: file.code[max(0, offset - 5)..<offset], as: UTF8.self)
            return !before.hasSuffix(".") && !before.hasSuffix("func ")
        }
        return Set(named + bare.map(file.line(at:))).sorted()
    }

    private static func emptyNames(in file: SourceFile) -> [Int] {
        let words: [String] = ["Help" + "er", "Ut" + "il", "Manager" + "2"]
        if words.contains(where: file.name.contains) || ["types", "common", "cfg"].contains(file.name) { return [1] }
        let parts = words.flatMap { SourceFile.offsets(of: $0, in: file.code, isWhole: false) }
        return Set(file.lines(of: ["cf" + "g"], in: \.code) + parts.map(file.line(at:))).sorted()
    }
}
