import LandlordDomain
import Testing

struct ScheduleFilterTests {
    @Test func `words, statuses and a workflow must all hold`() throws {
        let query = try ScheduleFilter.parse(
            "status:paused,ended workflow:order nightly", into: ScheduleQuery(limit: 7))
        #expect(query == ScheduleQuery(statuses: [.paused, .ended], workflowID: "order", words: ["nightly"], limit: 7))
        #expect(try ScheduleFilter.parse("") == ScheduleQuery())
    }

    @Test(arguments: [
        ("status:broken", "'status:broken' names no status; there is active, paused, ended"),
        ("status:paused status:ended", "'status:ended' asks for 'status' a second time"),
        ("workflow:a workflow:b", "'workflow:b' asks for 'workflow' a second time"),
        ("zone:utc", "'zone:utc' asks for 'zone', which this list does not know; there is status:, workflow:"),
    ])
    func `what cannot be served is refused by name`(text: String, problem: String) {
        #expect {
            try ScheduleFilter.parse(text)
        } throws: { error in
            "\(error)".hasPrefix(problem)
        }
    }
}
