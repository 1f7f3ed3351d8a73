import LandlordTUI
import Testing

@Suite("Keys")
struct KeyDecoderTests {
    private static func scalars(_ text: String) -> [RawKey] { text.unicodeScalars.map { .scalar($0.value) } }

    @Test(arguments: [
        ("j", [Key.character("j")]),
        ("P", [.character("P")]),
        ("é", [.character("é")]),
        ("作", [.character("作")]),
        ("\r", [.enter]),
        ("\n", [.enter]),
        ("\t", [.tab]),
        ("\u{7F}", [.backspace]),
        ("\u{8}", [.backspace]),
        ("\u{3}", [.control("c")]),
        ("\u{1A}", [.control("z")]),
        ("\u{0}", [.control(" ")]),
        ("\u{1C}", [.control("\\")]),
        ("\u{1B}", [.escape]),
        ("\u{1B}\u{1B}", [.escape, .escape]),
        ("\u{1B}x", [.alt("x")]),
        ("\u{1B}\u{3}", [.escape, .control("c")]),
        ("\u{1B}[A", [.up]),
        ("\u{1B}[1;5D", [.left]),
        ("\u{1B}OR", [.function(3)]),
        ("\u{1B}[99~D", [.character("D")]),
        ("\u{1B}[?1;2cj", [.character("j")]),
        ("\u{1B}[", [.alt("[")]),
        ("\u{85}", []),
        ("\u{202E}", []),
    ])
    func `what one reading brings becomes keys`(input: String, keys: [Key]) {
        var decoder = KeyDecoder()
        #expect(decoder.decode(Self.scalars(input)) == keys)
    }

    @Test func `no letter of an unknown sequence is a key that changes something`() {
        for final in UInt32(0x40)...0x7E {
            var decoder = KeyDecoder()
            let keys = decoder.decode(Self.scalars("\u{1B}[12;7") + [.scalar(final)])
            #expect(!keys.contains { if case .character = $0 { true } else { false } })
        }
    }

    @Test func `a paste is one key, also over several readings`() {
        var decoder = KeyDecoder()
        #expect(decoder.decode([.pasteBegin] + Self.scalars("D\ry")) == [])
        #expect(decoder.isPasting)
        #expect(
            decoder.decode(Self.scalars("\u{1B}x") + [.pasteEnd, .scalar(0x6A)]) == [
                .paste("D\ny\u{1B}x"), .character("j"),
            ])
        #expect(!decoder.isPasting)
    }

    @Test func `a paste has a limit`() throws {
        var decoder = KeyDecoder()
        let long = Array(repeating: RawKey.scalar(0x61), count: KeyDecoder.pasteLimit + 10)
        let keys = decoder.decode([.pasteBegin] + long + [.pasteEnd])
        guard case .paste(let text) = try #require(keys.first) else {
            Issue.record("not a paste: \(keys)")
            return
        }
        #expect(text.count == KeyDecoder.pasteLimit)
    }

    @Test(arguments: [
        "P", "j", "space", "ctrl-c", "ctrl-space", "ctrl-]", "alt-x", "enter", "esc", "tab", "S-tab", "backspace",
        "del",
        "pgup", "pgdn", "home", "end", "up", "down", "left", "right", "f1", "f12", "/", "?", "[", "é", "f",
    ])
    func `every key has a name that reads back`(name: String) throws {
        let key = try #require(Key(name: name))
        #expect(key.name == name)
    }

    @Test(arguments: [
        ("pagedown", Key.pageDown), ("shift-tab", .backTab), ("delete", .delete), ("insert", .insert),
    ])
    func `some keys have a second name`(name: String, key: Key) {
        #expect(Key(name: name) == key)
    }

    @Test(arguments: ["", "ctrl-", "ctrl-C", "ctrl-1", "f0", "f25", "pg", "\u{1B}", "\n"])
    func `other names are refused`(name: String) {
        #expect(Key(name: name) == nil)
    }
}
