import LandlordTUI
import Testing

@Suite("Themes")
struct ThemeTests {
    private static let palette: [String: ThemeColor] = ["ink": .rgb(red: 1, green: 2, blue: 3), "paper": .standard]

    @Test(arguments: [
        ("none", StyleSpec()),
        ("-", StyleSpec()),
        ("default", StyleSpec()),
        ("red", StyleSpec(foreground: .named(.red))),
        ("bright-black", StyleSpec(foreground: .named(.brightBlack))),
        ("16", StyleSpec(foreground: .indexed(16))),
        ("255", StyleSpec(foreground: .indexed(255))),
        ("#8ec07c", StyleSpec(foreground: .rgb(red: 0x8E, green: 0xC0, blue: 0x7C))),
        ("$ink on $paper", StyleSpec(foreground: .rgb(red: 1, green: 2, blue: 3))),
        ("red on white bold", StyleSpec(foreground: .named(.red), background: .named(.white), attributes: .bold)),
        ("on blue", StyleSpec(background: .named(.blue))),
        ("bold reverse", StyleSpec(attributes: [.bold, .reverse])),
        ("cyan  underline italic dim", StyleSpec(foreground: .named(.cyan), attributes: [.underline, .italic, .dim])),
    ])
    func `a style is a colour, a background and attributes`(text: String, style: StyleSpec) throws {
        #expect(try StyleSpec(parsing: text, palette: Self.palette) == style)
    }

    @Test(arguments: [
        ("", "is empty"), ("reed", "\"reed\" is not a colour"), ("15", "\"15\" is not a colour"),
        ("256", "\"256\" is not a colour"), ("#12345", "is not a colour"), ("#12345g", "is not a colour"),
        ("$mist", "\"$mist\" is not in the palette"), ("red on", "names no colour"),
        ("red blue", "is not an attribute"),
        ("red bold on blue", "\"on\" is not an attribute"), ("#+12345", "is not a colour"),
    ])
    func `what is not a style is refused with a reason`(text: String, reason: String) {
        let error = #expect(throws: StyleProblem.self) { try StyleSpec(parsing: text, palette: Self.palette) }
        #expect(error?.message.contains(reason) == true)
    }

    @Test func `a file's problems are reported all at once with their keys`() {
        let document = ThemeDocument(
            source: "harbour.yaml",
            root: [
                "name": .scalar("harbour"), "variant": .scalar("dusk"), "colour": .scalar("red"),
                "palette": .mapping(["teal": .scalar("teel"), "rose": .scalar("#e06c75")]),
                "ui": .mapping(["titel": .scalar("red"), "text": .scalar("$teal"), "key": .scalar("$rose")]),
                "status": .mapping(["failed": .sequence([.scalar("red")]), "ready": .scalar("green")]),
                "mono": .mapping(["status.failed": .scalar("loud")]),
            ])
        let (definition, problems) = ThemeDefinition.read(document, fallbackName: "x")
        #expect(
            problems.map(\.path) == [
                "colour", "mono.status.failed", "palette.teal", "status.failed", "ui.text", "ui.titel", "variant",
            ])
        #expect(definition.name == "harbour")
        #expect(definition.styles[.ready] == StyleSpec(foreground: .named(.green)))
        #expect(definition.styles[.key] == StyleSpec(foreground: .rgb(red: 0xE0, green: 0x6C, blue: 0x75)))
    }

    @Test func `nested keys read as dotted ones`() {
        let document = ThemeDocument(
            source: "a", root: ["ui": .mapping(["toast": .mapping(["error": .scalar("red")])])])
        #expect(ThemeDefinition.read(document, fallbackName: "a").definition.styles[.toastError] != nil)
    }

    @Test func `missing roles come from the theme it inherits from, and in the end from the built-in one`() {
        func document(_ name: String, inherits: String, _ ui: [String: String]) -> ThemeDocument {
            ThemeDocument(
                source: name,
                root: ["inherits": .scalar(inherits), "ui": .mapping(ui.mapValues { .scalar($0) })])
        }
        let files = [
            "child": document("child", inherits: "parent", ["title": "red"]),
            "parent": document("parent", inherits: "terminal", ["title": "blue", "key": "blue"]),
        ]
        let finding = ThemeCatalog.find("child") { files[$0] }
        #expect(finding.problems.isEmpty)
        let theme = Theme(chain: finding.chain, depth: .sixteen, glyphs: .ascii)
        #expect(theme.name == "child")
        #expect(theme[.title].foreground == .named(.red))
        #expect(theme[.key].foreground == .named(.blue))
        #expect(theme[.failed] == Theme.builtIn(depth: .sixteen)[.failed])
    }

    @Test func `inheritance that never ends is a problem and not a hang`() {
        let finding = ThemeCatalog.find("a") { name in
            ThemeDocument(source: name, root: ["inherits": .scalar(name == "a" ? "b" : "a")])
        }
        #expect(finding.problems.map(\.message) == ["never ends: a > b > a"])
        #expect(finding.chain.map(\.name) == ["a", "b"])
    }

    @Test func `a theme that is not there is a problem, and the built-in one needs no file`() {
        #expect(ThemeCatalog.find("gone") { _ in nil }.problems.map(\.message) == ["no theme is named \"gone\""])
        #expect(ThemeCatalog.find("terminal") { _ in nil } == ThemeCatalog.Finding(chain: [], problems: []))
    }

    @Test(arguments: ColorDepth.allCases)
    func `the built-in theme styles every role within the depth`(depth: ColorDepth) {
        let theme = Theme.builtIn(depth: depth)
        for role in Role.allCases {
            let style = theme[role]
            #expect(style.role == role)
            for color in [style.foreground, style.background] {
                switch (color, depth) {
                case (.standard, _), (.named, .sixteen), (.named, .indexed256): break
                case (.named(let name), .eight): #expect(name.rawValue < 8)
                default: Issue.record("\(role) is \(color) at \(depth)")
                }
            }
        }
        #expect(Set(ThemeDefinition.builtIn.styles.keys) == Set(Role.allCases))
    }

    @Test(arguments: [
        (ThemeColor.rgb(red: 0, green: 0, blue: 0), UInt8(16)), (.rgb(red: 255, green: 255, blue: 255), 231),
        (.rgb(red: 255, green: 0, blue: 0), 196), (.rgb(red: 8, green: 8, blue: 8), 232),
        (.rgb(red: 0x2A, green: 0xA1, blue: 0x98), 36), (.indexed(99), 99),
    ])
    func `a true colour becomes the nearest fixed one`(color: ThemeColor, index: UInt8) {
        let definition = ThemeDefinition(name: "x", styles: [.title: StyleSpec(foreground: color)])
        let theme = Theme(chain: [definition], depth: .indexed256, glyphs: .ascii)
        #expect(theme[.title].foreground == .indexed(index))
    }

    @Test func `fallbacks replace a style on few colours and without any`() {
        let definition = ThemeDefinition(
            name: "x",
            styles: [.failed: StyleSpec(foreground: .indexed(200)), .protected: StyleSpec(background: .named(.red))],
            fallback16: [.failed: StyleSpec(foreground: .named(.brightRed))],
            mono: [.failed: StyleSpec(attributes: .bold)])
        func style(_ role: Role, _ depth: ColorDepth) -> Style {
            Theme(chain: [definition], depth: depth, glyphs: .ascii)[role]
        }
        #expect(style(.failed, .indexed256).foreground == .indexed(200))
        #expect(style(.failed, .sixteen).foreground == .named(.brightRed))
        #expect(style(.failed, .eight) == Style(role: .failed, foreground: .named(.red), attributes: .bold))
        #expect(style(.failed, .mono) == Style(role: .failed, attributes: .bold))
        #expect(style(.protected, .mono).attributes == .reverse)
    }

    @Test(arguments: [
        (256, "", ColorDepth.indexed256), (16_777_216, "", .indexed256), (88, "", .sixteen), (8, "", .eight),
        (0, "", .mono), (256, "1", .mono),
    ])
    func `the depth is what the terminal shows, unless the user wants no colours`(
        colors: Int, wish: String, depth: ColorDepth
    ) {
        #expect(ColorDepth(colors: colors, environment: ["NO_COLOR": wish]) == depth)
    }

    @Test func `themes are looked for at home first, then where data is installed, then beside the program`() {
        let environment = ["HOME": "/users/ana", "XDG_DATA_DIRS": "/opt/share:relative:/usr/share/"]
        #expect(
            ThemeCatalog.candidates(for: "nord", environment: environment, executablePath: "/opt/bin/landlord") == [
                "/users/ana/.config/landlord/themes/nord.yaml", "/opt/share/landlord/themes/nord.yaml",
                "/usr/share/landlord/themes/nord.yaml", "/opt/bin/../share/landlord/themes/nord.yaml",
                "./themes/nord.yaml",
            ])
        #expect(ThemeCatalog.candidates(for: "my.yaml", environment: [:], executablePath: "") == ["my.yaml"])
        #expect(
            ThemeCatalog.directories(
                environment: ["HOME": "/h", "XDG_CONFIG_HOME": "/c/", "XDG_DATA_DIRS": ""], executablePath: "landlord")
                == [
                    "/c/landlord/themes", "/usr/local/share/landlord/themes", "/usr/share/landlord/themes", "./themes",
                ])
    }

    @Test func `an option wins over the environment`() {
        let environment = ["LANDLORD_THEME": "nord"]
        #expect(ThemeCatalog.wantedName(option: "mono", environment: environment) == "mono")
        #expect(ThemeCatalog.wantedName(option: nil, environment: environment) == "nord")
        #expect(ThemeCatalog.wantedName(option: nil, environment: [:]) == "terminal")
    }

    @Test func `roles have a letter of their own`() {
        #expect(Set(Role.allCases.map(\.letter)).count == Role.allCases.count)
    }

    @Test(arguments: StatusMark.allCases)
    func `a status is a glyph of one column with an ASCII twin, a word and a role`(mark: StatusMark) {
        #expect(mark.text(.unicode).width == mark.text(.ascii).width)
        #expect(mark.text(.ascii).string.utf8.allSatisfy { $0 < 0x7F })
        #expect(!mark.word.isEmpty)
        #expect(mark.role.rawValue.hasPrefix("status."))
        #expect(mark.text(.ascii, word: "updating").string.hasSuffix(" updating"))
    }

    @Test func `the ASCII twins hold only ASCII and are as many`() {
        let ascii = [
            GlyphSet.ascii.horizontal, GlyphSet.ascii.vertical, GlyphSet.ascii.ellipsis, GlyphSet.ascii.cursor,
            GlyphSet.ascii.mark, GlyphSet.ascii.arrow,
        ]
        #expect((ascii + GlyphSet.ascii.levels).allSatisfy { $0.scalars.allSatisfy(\.isASCII) })
        #expect(GlyphSet.unicode.level(0) == GlyphSet.unicode.levels.first)
        #expect(GlyphSet.unicode.level(0.01) == GlyphSet.unicode.levels[1])
        #expect(GlyphSet.ascii.level(1) == GlyphSet.ascii.levels.last)
        #expect(GlyphSet.ascii.level(7) == GlyphSet.ascii.levels.last)
    }
}
