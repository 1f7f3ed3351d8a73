import StatesLanguage
import Testing

@Suite struct JSONLocationsTests {
    static let text = """
        {
          "StartAt": "A",
          "Stätes": {"A": {"Type": "Pass", "a/b~c": [1, {"x":null} , true]},
            "\\u0042": "b" },
          "": -1.5e3
        }
        """

    @Test(arguments: [
        ("", 1, 1), ("/StartAt", 2, 14), ("/Stätes", 3, 13), ("/Stätes/A", 3, 19), ("/Stätes/A/Type", 3, 28),
        ("/Stätes/A/a~1b~0c", 3, 45), ("/Stätes/A/a~1b~0c/0", 3, 46), ("/Stätes/A/a~1b~0c/1/x", 3, 54),
        ("/Stätes/A/a~1b~0c/2", 3, 62), ("/Stätes/B", 4, 15), ("/", 5, 7),
    ])
    func `a value is found where it begins`(pointer: String, line: Int, column: Int) throws {
        let place = try #require(try JSONLocations(Self.text).value(at: pointer))
        #expect(place.line == line)
        #expect(place.column == column)
    }

    @Test(arguments: [("/StartAt", 2, 3), ("/Stätes/A/Type", 3, 20), ("/Stätes/B", 4, 5), ("/", 5, 3)])
    func `a member's name is found where it begins`(pointer: String, line: Int, column: Int) throws {
        let place = try #require(try JSONLocations(Self.text).key(at: pointer))
        #expect(place.line == line)
        #expect(place.column == column)
    }

    @Test(arguments: [
        "/None", "StartAt", "/StartAt/0", "/Stätes/A/a~1b~0c/3", "/Stätes/A/a~1b~0c/01", "/Stätes/A/a~1b~0c/-",
    ])
    func `a pointer to nothing has no place of its own`(pointer: String) throws {
        let locations = try JSONLocations(Self.text)
        #expect(locations.value(at: pointer) == nil)
        #expect(locations.key(at: pointer) == nil)
    }

    @Test func `what has no name of its own has no place for it`() throws {
        let locations = try JSONLocations(Self.text)
        #expect(locations.key(at: "") == nil)
        #expect(locations.key(at: "/Stätes/A/a~1b~0c/0") == nil)
    }

    @Test func `the nearest place is that of what is around`() throws {
        let locations = try JSONLocations(Self.text)
        #expect(locations.nearest(to: "/Stätes/A/None/x") == locations.value(at: "/Stätes/A"))
        #expect(locations.nearest(to: "/None") == locations.value(at: ""))
        #expect(locations.nearest(to: "/StartAt") == locations.value(at: "/StartAt"))
    }

    @Test func `a text that is not JSON has no places`() {
        #expect(throws: JSONParseError.self) { try JSONLocations("{") }
    }

    @Test func `every value of a random text is found`() throws {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<300 {
            let value = JSONValue.random(using: &random, depth: 4)
            for text in [value.serialized(), value.pretty()] {
                try expectAll(of: value, in: JSONLocations(text), at: "", text)
            }
        }
    }

    private func expectAll(of value: JSONValue, in locations: JSONLocations, at pointer: String, _ text: String) throws
    {
        let place = try #require(locations.value(at: pointer), "\(pointer) of \(text)")
        let line = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)[place.line - 1]
        let rest = String(String.UnicodeScalarView(line.dropFirst(place.column - 1)))
        switch value {
        case .array(let elements):
            #expect(rest.unicodeScalars.first == "[")
            for (position, element) in elements.enumerated() {
                try expectAll(of: element, in: locations, at: pointer + "/\(position)", text)
            }
        case .object(let object):
            #expect(rest.unicodeScalars.first == "{")
            for (key, element) in object {
                let name = key.split(separator: "~", omittingEmptySubsequences: false).joined(separator: "~0")
                    .split(separator: "/", omittingEmptySubsequences: false).joined(separator: "~1")
                try expectAll(of: element, in: locations, at: pointer + "/" + name, text)
            }
        case .null, .bool, .number, .string: #expect(rest.hasPrefix(value.serialized()))
        }
    }
}
