import LandlordDomain
import StatesLanguage
import Testing

struct CallbackFilterTests {
    @Test func `the terms of the guide are all served together`() throws {
        let query = try CallbackFilter.parse(
            #"status:dead tenant:acme error~"503" destination:Hooks.acme.io attempts>=3 age<24h operation:update two"#)
        #expect(query.statuses == [.dead])
        #expect(query.tenantName == "acme")
        #expect(query.errorWords == ["503"])
        #expect(query.host == "hooks.acme.io")
        #expect(query.attempts == 3...Int.max)
        #expect(query.ageBelow == .seconds(86_400))
        #expect(query.operations == [.update])
        #expect(query.words == ["two"])
    }

    @Test(arguments: [
        ("attempts:4", 4...4), ("attempts=4", 4...4), ("attempts>3", 4...Int.max), ("attempts>=4 attempts<=9", 4...9),
        ("attempts<9", 0...8), ("attempts<=9 attempts<3", 0...2),
    ])
    func `a number of attempts is a range`(text: String, range: ClosedRange<Int>) throws {
        #expect(try CallbackFilter.parse(text).attempts == range)
    }

    @Test func `an age is seen from now`() throws {
        let query = try CallbackFilter.parse("age>30m age<7d age<2d")
        let births = query.births(asOf: Case.now)
        #expect(births.after == Case.now.advanced(by: .seconds(-172_800)))
        #expect(births.before == Case.now.advanced(by: .seconds(-1_800)))
    }

    @Test func `an error is asked for by code, by cause and by its words`() throws {
        let query = try CallbackFilter.parse("error:timeout,HTTP_STATUS error~reset cause:abc execution:x-1")
        #expect(query.errorCodes == [.timeout, .httpStatus])
        #expect((query.fingerprint, query.executionID) == ("abc", ComputeExecution.ID("x-1")))
    }

    @Test(arguments: [
        ("status:deed", "status:deed", 0), ("acme atempts>=3", "atempts>=3", 5), ("attempts>=x", "attempts>=x", 0),
        ("attempts<0", "attempts<0", 0), ("attempts:3 attempts:4", "attempts:4", 11), ("attempts~3", "attempts~3", 0),
        ("age<24", "age<24", 0), ("age:24h", "age:24h", 0), ("tenant:a tenant:b", "tenant:b", 9),
        ("tenant~a", "tenant~a", 0), ("error:no", "error:no", 0), ("-status:dead", "-status:dead", 0),
        ("status:dead or acme", "or", 12), ("\"open", "\"open", 0), ("operation:destroy", "operation:destroy", 0),
        ("age<99999999999999999999d", "age<99999999999999999999d", 0), ("attempts>=-1", "attempts>=-1", 0),
    ])
    func `a filter that cannot be served is refused by its part`(text: String, token: String, offset: Int) {
        #expect {
            try CallbackFilter.parse(text)
        } throws: { error in
            guard let problem = error as? FilterProblem else { return false }
            return problem.token == token && problem.offset == offset && !problem.message.isEmpty
        }
    }
}

struct ErrorFingerprintTests {
    private static func fingerprint(
        _ message: String, code: DeliveryFailure.Code = .timeout, status: Int? = nil, host: String = "a.example",
        _ operation: ComputeOperation = .update
    ) -> String {
        ErrorFingerprint.of(DeliveryFailure(code, message, statusCode: status), host: host, operation: operation)
    }

    @Test(arguments: [
        ("no task of run 'acme-1-provision' has this token", "no task of run # has this token"),
        ("https://a.example:8443 did not answer within 30s", "https://a.example:# did not answer within #"),
        ("the receiver's own words", "the receiver's own words"), ("cb-0123abcd failed", "# failed"),
        ("it said \"x\" and 'y'", "it said # and #"), ("", ""),
    ])
    func `a message counts without what differs from one callback to the next`(message: String, normal: String) {
        #expect(ErrorFingerprint.normalised(message) == normal)
    }

    @Test func `what is alike has one cause, and what differs has another`() {
        let one = Self.fingerprint("run 'a' at 1")
        #expect(one == Self.fingerprint("run 'b' at 22"))
        let others = [
            Self.fingerprint("walk 'a' at 1"), Self.fingerprint("run 'a' at 1", code: .connectionLost),
            Self.fingerprint("run 'a' at 1", host: "b.example"), Self.fingerprint("run 'a' at 1", .delete),
            Self.fingerprint("run 'a' at 1", code: .httpStatus, status: 500),
            Self.fingerprint("run 'a' at 1", code: .httpStatus, status: 503),
        ]
        #expect(Set(others + [one]).count == 7)
    }
}
