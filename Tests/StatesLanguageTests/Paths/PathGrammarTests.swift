import StatesLanguage
import Testing

/// The whole grammar of paths, seen through a Pass state's `Parameters`.
///
/// AWS evaluates paths with Jayway's JsonPath, so its documentation (github.com/json-path/JsonPath, "Operators",
/// "Filter Operators", "What is Returned When?") says what is expected where the States Language's own does not.
@Suite struct PathGrammarTests {
    /// The example of Jayway's documentation, shortened.
    static let store = #"""
        {"store":{"book":[{"category":"reference","author":"Rees","title":"Sayings","price":8.95},
        {"category":"fiction","author":"Waugh","title":"Sword","price":12.99},
        {"category":"fiction","author":"Melville","title":"Moby","isbn":"0-553","price":8.99},
        {"category":"fiction","author":"Tolkien","title":"Ring","isbn":"0-395","price":22.99}],
        "bicycle":{"color":"red","price":19.95}},"expensive":10,"tags":["a","b"],"none":null}
        """#

    private func run(_ path: String, input: String = PathGrammarTests.store) throws -> DrivenRun {
        let quoted = JSONValue.string(path).serialized()
        let machine = try StateMachine.single("{\"Type\":\"Pass\",\"End\":true,\"Parameters\":{\"x.$\":\(quoted)}}")
        return DrivenRun(machine, input: try JSONValue(parsing: input))
    }

    private func expect(_ path: String, _ expected: String, input: String = PathGrammarTests.store) throws {
        let run = try run(path, input: input)
        #expect(run.output?["x"]?.serialized() == expected, "\(path): \(run.cause ?? "")")
    }

    @Test(arguments: [
        ("$.store.book[*].author", #"["Rees","Waugh","Melville","Tolkien"]"#),
        ("$..author", #"["Rees","Waugh","Melville","Tolkien"]"#), ("$.store..price", "[8.95,12.99,8.99,22.99,19.95]"),
        ("$..book[2].title", #"["Moby"]"#), ("$..book[-2].title", #"["Moby"]"#),
        ("$..book[0,1].title", #"["Sayings","Sword"]"#),
        ("$..book[:2].title", #"["Sayings","Sword"]"#), ("$..book[1:2].title", #"["Sword"]"#),
        ("$..book[-2:].title", #"["Moby","Ring"]"#), ("$..book[2:].title", #"["Moby","Ring"]"#),
        ("$..['color']", #"["red"]"#), ("$.store.['bicycle'].color", #""red""#), ("$..zz", "[]"),
        ("$.tags[*]", #"["a","b"]"#),
        ("$.store.bicycle.*", #"["red",19.95]"#), ("$.store.bicycle..*", #"["red",19.95]"#), ("$.tags.zz[*]", "nil"),
        ("$.store.bicycle['color','price']", #"{"color":"red","price":19.95}"#),
        ("$.store.book[0]['title','none']", #"{"title":"Sayings"}"#),
        ("$.store.book[?(@.isbn)]['title']", #"["Moby","Ring"]"#),
        ("$..['color','price']", #"[{"color":"red","price":19.95}]"#),
        ("$.expensive[*]", "[]"), ("$..[0].title", #"["Sayings"]"#), ("$.store.book[*].isbn", #"["0-553","0-395"]"#),
    ])
    func `steps select in the order of the text`(path: String, expected: String) throws {
        if expected == "nil" {
            #expect(try run(path).output == nil)
        } else {
            try expect(path, expected)
        }
    }

    @Test(arguments: [
        ("@.price < 10", #"["Sayings","Moby"]"#), ("@.price <= 8.99", #"["Sayings","Moby"]"#),
        ("@.price > 12.99", #"["Ring"]"#),
        ("@.price >= 12.99", #"["Sword","Ring"]"#), ("@.category == 'reference'", #"["Sayings"]"#),
        (#"@.category != "fiction""#, #"["Sayings"]"#), ("@['category'] == 'reference'", #"["Sayings"]"#),
        ("@.isbn", #"["Moby","Ring"]"#), ("!@.isbn", #"["Sayings","Sword"]"#),
        ("!(@.price < 10)", #"["Sword","Ring"]"#),
        ("@.price < 10 && @.category == 'fiction'", #"["Moby"]"#),
        ("@.price<9&&@.isbn||@.author=='Tolkien'", #"["Moby","Ring"]"#),
        ("@.isbn && (@.price < 10 || @.price > 20)", #"["Moby","Ring"]"#),
        ("@.price <= $.expensive", #"["Sayings","Moby"]"#),
        ("@.category in ['reference', 'x']", #"["Sayings"]"#),
        ("@.category nin ['reference']", #"["Sword","Moby","Ring"]"#),
        ("'fiction' == @.category", #"["Sword","Moby","Ring"]"#), ("@.title size 4", #"["Moby","Ring"]"#),
        ("@.title contains 'in'", #"["Sayings","Ring"]"#),
        ("@.title empty false", #"["Sayings","Sword","Moby","Ring"]"#),
        ("@.title < 'N'", #"["Moby"]"#), ("@.title >= 'Sayings'", #"["Sayings","Sword"]"#),
        ("@.price == '8.95'", #"["Sayings"]"#),
        ("@.none == null", "[]"), ("@.none != null", #"["Sayings","Sword","Moby","Ring"]"#), ("@.title > 5", "[]"),
        ("@.category==reference", #"["Sayings"]"#), ("@..isbn empty false", #"["Moby","Ring"]"#),
    ])
    func `a filter keeps what fulfils it`(filter: String, expected: String) throws {
        try expect("$.store.book[?(\(filter))].title", expected)
        try expect("$..book[?( \(filter) )].title", expected)
    }

    @Test(arguments: [
        ("$[?(@.a == 1)]", #"[{"a":1}]"#), ("$[?(@.a subsetof [1,2,3])]", #"[{"a":[1,2]}]"#),
        ("$[?(@.a anyof [2,9])]", #"[{"a":[1,2]}]"#), ("$[?(@.a noneof [8,9])]", #"[{"a":[1,2]}]"#),
        ("$[?(@.a all [2])]", #"[{"a":[1,2]}]"#), ("$[?(@.a contains 2)]", #"[{"a":[1,2]}]"#),
        ("$[?(@.a == [1,2])]", #"[{"a":[1,2]}]"#),
        ("$[?(@.a == {'b': 1})]", #"[{"a":{"b":1}}]"#), ("$[?(@.a == null)]", #"[{"a":null}]"#),
        ("$[?(@.a == true)]", #"[{"a":true}]"#), ("$[?(@.a[?(@.b)])]", #"[{"a":[1,2]},{"a":{"b":1}}]"#),
        ("$[?(@.a size 2)]", #"[{"a":[1,2]}]"#),
        // Amazon documents under "Reference Paths" that `@` alone matches objects and no scalars.
        ("$[?(@ == 7)]", "[]"), ("$[?(@.a == -0.5e1)]", #"[{"a":-5}]"#),
    ])
    func `a filter compares values of all kinds`(path: String, expected: String) throws {
        let input = #"[{"a":1},{"a":[1,2]},{"a":{"b":1}},{"a":null},{"a":true},{"a":-5},7]"#
        try expect(path, expected, input: input)
    }

    @Test func `a filter on an object asks for the object itself`() throws {
        try expect("$.store.bicycle[?(@.color == 'red')].price", "[19.95]")
        try expect("$.store.bicycle[?(@.color == 'blue')].price", "[]")
        try expect("$..[?(@.color)].price", "[19.95]")
    }

    @Test(arguments: [
        (#"$['a\'b']"#, "1"), (#"$["c\"d"]"#, "2"), (#"$['e\\f']"#, "3"), (#"$['\u00e9']"#, "4"), (#"$["é"]"#, "4"),
        ("$.é", "4"),
        (#"$['g\nh']"#, "5"), ("$['*']", "6"), ("$['$']", "7"), ("$.日本", "8"), ("$['']", "9"), ("$.a-b_c", "10"),
    ])
    func `names are quoted, escaped and of any script`(path: String, expected: String) throws {
        let input = #"{"a'b":1,"c\"d":2,"e\\f":3,"é":4,"g\nh":5,"*":6,"$":7,"日本":8,"":9,"a-b_c":10}"#
        try expect(path, expected, input: input)
    }

    /// Jayway's JsonPath, README, Filter Operators: `=~` holds when the whole left side matches the expression.
    @Test(arguments: [
        ("$[?(@.t =~ /a.*/)].n", "[1,3]"), ("$[?(@.t =~ /A.*/i)].n", "[1,3]"), ("$[?(@.t =~ /A.*/)].n", "[]"),
        ("$[?(@.t =~ /b/)].n", "[]"), ("$[?(@.t =~ /.*b.*/)].n", "[1,2]"), (#"$[?(@.t =~ /b\/c/)].n"#, "[2]"),
        ("$[?(@.n =~ /[12]/)].n", "[1,2]"), ("$[?(!(@.t =~ /a.*/))].n", "[2,4]"),
        ("$[?(@.t =~ /a.*/ && @.n > 1)].n", "[3]"), ("$[?(@.none =~ /x*/)].n", "[1,2,3,4]"),
        (#"$[?(@.t =~ /a\)?b/)].n"#, "[1]"),
    ])
    func `a filter matches by regular expression`(path: String, expected: String) throws {
        try expect(path, expected, input: #"[{"t":"ab","n":1},{"t":"b/c","n":2},{"t":"ad","n":3},{"t":"","n":4}]"#)
    }

    @Test func `a regular expression that backtracks for ever ends the path`() throws {
        let text = String(repeating: "a", count: 40)
        let run = try run("$[?(@.t =~ /(a+)+b/)]", input: #"[{"t":"\#(text)"}]"#)
        #expect(run.error == "States.Runtime")
        #expect(run.cause?.contains("takes too many steps") == true)
    }

    @Test(arguments: [
        "$[?(@.a == )]", "$[?@.a]", "$[?()]", "$[?(@.a)", "$[?(1)]", "$[?(@.a =~ /x)]", "$[?(@.a =~ 'x')]",
        "$[?(@.a =~ /(/)]", "$[?(@.a =~ /x/g)]",
        "$[?(@.a ~ 1)]",
        "$[?(@.a == [1)]",
        "$[?(@.a & @.b)]", "$[0:9:2]", "$[:]", "$...a", "$[(@.length-1)]", "$['a' 'b']", "$[1,'a']",
        "$.a[?(@.b == 'c)]",
        "$9", "$-a", "$a-b", "$.a.", "@.a", "$[?(@.a == 1 2)]",
    ])
    func `what is no path is refused`(path: String) {
        #expect(throws: DefinitionError.self) { try run(path) }
    }

    /// The first is an AWS error text of awsdocs/aws-step-functions-developer-guide#5, the second of re:Post question
    /// QUYiQKP0XfThWEc_ahsMnLOA; the last is what is shown there for `Parameters`.
    @Test(arguments: [
        "$.tags.length()", "$.tags.sum()", "$.tags.concat($.a, 'b')", "$.store.none", "$.none.x", "$.tags[2]",
    ])
    func `a function is a name that nothing has`(path: String) throws {
        let run = try run(path, input: #"{"tags":["a","b"],"store":{},"none":null}"#)
        #expect(run.error == "States.Runtime")
        let input = #"{"tags":["a","b"],"store":{},"none":null}"#
        #expect(
            run.cause == "An error occurred while executing the state 'S' (entered at the event id #2). The JSONPath "
                + "'\(path)' specified for the field 'x.$' could not be found in the input '\(input)'")
    }

    /// Gist deric4/733eb129a10b13530cebaa3b70031c77 shows the console's error.
    @Test func `several names can only end a path`() throws {
        let run = try run("$['store', 'tags'].v")
        #expect(run.error == "States.Runtime")
        #expect(run.cause?.hasSuffix("Multi properties can only be used as path leafs: $['store', 'tags']") == true)
    }

    @Test func `no path is applied to a null input`() throws {
        for path in ["$", "$.a"] {
            let run = try run(path, input: "null")
            #expect(run.error == "States.Runtime")
            #expect(run.cause?.hasSuffix("Unable to apply Path transformation to null or empty input.") == true)
        }
        #expect(try run("$$.State.Name", input: "null").output == ["x": "S"])
    }
}

// MARK: Limits

extension PathGrammarTests {
    private func array(_ count: Int, of element: String) -> String {
        "[" + Array(repeating: element, count: count).joined(separator: ",") + "]"
    }

    @Test func `a path that selects a million nodes is refused`() throws {
        let selected = try run("$[*][*][*]", input: array(1_000, of: array(10, of: "[1,2,3,4,5,6,7,8,9,0]")))
        #expect(selected.output?["x"]?.arrayValue?.count == 100_000)
        let tooMany = try run("$[*]..[*]", input: array(1_000, of: array(10, of: "[1,2,3,4,5,6,7,8,9,0,1]")))
        #expect(tooMany.error == "States.Runtime")
        #expect(tooMany.cause?.contains("selects more than 100000 nodes") == true)
    }

    @Test func `a path that looks at a million nodes is refused`() throws {
        let input = array(2_000, of: #"{"a":1}"#)
        #expect(try run("$[?(@.a == $[0].a)]", input: input).output?["x"]?.arrayValue?.count == 2_000)
        let run = try run("$[?(2 in $..a)]", input: input)
        #expect(run.error == "States.Runtime")
        #expect(run.cause?.contains("looks at more than 1000000 nodes") == true)
    }

    @Test func `filters and steps are bounded`() throws {
        func nested(_ count: Int) -> String {
            "$[?" + String(repeating: "(", count: count) + "@.a" + String(repeating: ")", count: count) + "]"
        }
        #expect(try run(nested(20), input: #"[{"a":1}]"#).output?["x"] == [["a": 1]])
        #expect(throws: DefinitionError.self) { try run(nested(21)) }
        let thousand = String(repeating: "[0]", count: 1_000)
        #expect(try run("$" + thousand).error == "States.Runtime")
        #expect(throws: DefinitionError.self) { try run("$[0]" + thousand) }
        let long = "$[?(" + Array(repeating: "@.a == 1", count: 5_000).joined(separator: " && ") + ")]"
        #expect(try run(long, input: #"[{"a":1}]"#).output?["x"] == [["a": 1]])
    }
}
