import LandlordDomain
import Testing

struct RunFilterTests {
    @Test func `words, statuses and a workflow must all hold`() throws {
        let query = try RunFilter.parse(
            #"status:failed,running workflow:order bank "no money""#, into: WorkflowRunQuery(limit: 7))
        #expect(query.statuses == [.failed, .running])
        #expect(query.workflowID == "order")
        #expect(query.words == ["bank", "no money"])
        #expect(query.limit == 7)
        #expect(try RunFilter.parse("") == WorkflowRunQuery())
    }

    @Test(arguments: [
        ("status:broken", "'status:broken' names no status; "),
        ("status:failed status:running", "'status:running' asks for 'status' a second time"),
        ("workflow:a workflow:b", "'workflow:b' asks for 'workflow' a second time"),
        ("workflow~a", "'workflow~a' cannot use '~'; write 'workflow:...'"),
        ("tenant:a", "'tenant:a' asks for 'tenant', which this list does not know; there is status:, workflow:"),
    ])
    func `what cannot be served is refused by name`(text: String, problem: String) {
        #expect {
            try RunFilter.parse(text)
        } throws: { error in
            "\(error)".hasPrefix(problem)
        }
    }
}
