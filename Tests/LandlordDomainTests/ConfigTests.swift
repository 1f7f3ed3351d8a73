import LandlordDomain
import LandlordTestSupport
import StatesLanguage
import Testing

struct ConfigHashTests {
    @Test func `nothing, null and an empty mapping are one config`() {
        let empty = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
        #expect(ConfigHash.of(.null) == empty)
        #expect(ConfigHash.of([:]) == empty)
        #expect(ConfigHash.of([]) != empty)
        #expect(ConfigHash.of(["a": .null]) != empty)
    }

    @Test(arguments: [
        ("{\"b\":1,\"a\":{\"d\":[1,2],\"c\":true}}", "{ \"a\": {\"c\": true, \"d\": [1, 2]}, \"b\": 1 }"),
        ("{\"n\":1.0}", "{\"n\":1}"), ("{\"n\":1e2}", "{\"n\":100}"), ("{\"s\":\"\\u00e9\"}", "{\"s\":\"é\"}"),
    ])
    func `order and spelling make no difference`(one: String, other: String) throws {
        #expect(ConfigHash.of(try JSONValue(parsing: one)) == ConfigHash.of(try JSONValue(parsing: other)))
    }

    @Test(arguments: [
        ("[1,2]", "[2,1]"), ("{\"a\":1}", "{\"a\":\"1\"}"), ("9007199254740992", "9007199254740993"),
        ("{\"a\":18446744073709551615}", "{\"a\":18446744073709551616}"), ("{\"a\":null}", "{\"b\":null}"),
    ])
    func `what differs has another hash`(one: String, other: String) throws {
        #expect(ConfigHash.of(try JSONValue(parsing: one)) != ConfigHash.of(try JSONValue(parsing: other)))
    }

    @Test(arguments: [
        (
            #"{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"#
                + #""string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}"#,
            #"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"#
                + #""string":"€$\u000f\nA'B\"\\\\\"/"}"#
        ),
        (
            #"{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}"#,
            "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\u{FB33}\":3}"
        ),
        ("{\"n\":9007199254740993}", "{\"n\":9007199254740993}"),
    ])
    func `the hash is that of the canonical text of RFC 8785`(text: String, canonical: String) throws {
        #expect(ConfigHash.of(try JSONValue(parsing: text)) == SHA256Digest.hex(of: canonical))
    }
}

struct PlanTests {
    private static func plan(_ before: JSONValue?, _ after: JSONValue) -> [Plan.Change] {
        Plan(desired: TenantConfig(document: after), observed: before.map { TenantConfig(document: $0) }).changes
    }

    @Test func `equal configs need no change, in any order of their keys`() {
        #expect(Self.plan(["a": 1, "b": [1]], ["b": [1], "a": 1]).isEmpty)
        #expect(Self.plan(["a": 1], ["a": 1.0]).isEmpty)
    }

    @Test func `fields are added, removed and changed by their path`() {
        #expect(Self.plan(["a": 1], ["a": 1, "b": 2]) == [.init(path: "b", before: nil, after: 2)])
        #expect(Self.plan(["a": 1, "b": 2], ["a": 1]) == [.init(path: "b", before: 2, after: nil)])
        #expect(Self.plan(["a": 1], ["a": "1"]) == [.init(path: "a", before: 1, after: "1")])
        #expect(Self.plan(["a": ["b": 1]], ["a": 1]) == [.init(path: "a", before: ["b": 1], after: 1)])
    }

    @Test func `nested fields and items of lists have paths of their own`() {
        let before: JSONValue = ["compute": ["containers": [["name": "web", "image": "a:1"], ["name": "old"]]]]
        let after: JSONValue = ["compute": ["containers": [["name": "web", "image": "a:2", "args": ["-v"]]]]]
        #expect(
            Self.plan(before, after) == [
                .init(path: "compute.containers[0].image", before: "a:1", after: "a:2"),
                .init(path: "compute.containers[0].args[0]", before: nil, after: "-v"),
                .init(path: "compute.containers[1]", before: ["name": "old"], after: nil),
            ])
    }

    @Test func `a new tenant's plan names every field`() {
        #expect(
            Self.plan(nil, ["a": ["b": 1, "c": [true]], "e": [:]]).map(\.path) == ["a.b", "a.c[0]", "e"])
    }

    @Test func `a plan is empty exactly when the hashes agree`() throws {
        let dice = Dice(5)
        func document(_ depth: Int) -> JSONValue {
            switch dice.below(depth > 0 ? 7 : 4) {
            case 0: return .number(JSONNumber(dice.below(3)))
            case 1: return .string(dice.pick(["", "a"]))
            case 2: return .bool(dice.oneIn(2))
            case 3: return .null
            case 4: return .array((0..<dice.below(3)).map { _ in document(depth - 1) })
            default:
                var object = JSONObject()
                for key in ["x", "y"] where dice.oneIn(2) { object[key] = document(depth - 1) }
                return .object(object)
            }
        }
        for _ in 0..<3_000 {
            let (before, after): (JSONValue, JSONValue) = (["config": document(3)], ["config": document(3)])
            let areEqual = TenantConfig(document: before).hash == TenantConfig(document: after).hash
            #expect(Self.plan(before, after).isEmpty == areEqual, "\(before.serialized()) to \(after.serialized())")
        }
    }
}
