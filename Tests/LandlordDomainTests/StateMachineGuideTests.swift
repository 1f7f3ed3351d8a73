import LandlordDomain
import LandlordTestSupport
import Testing

/// `docs/state-machines.md` says what the code's tables say, row by row.
@Suite struct StateMachineGuideTests {
    private static let machines: [(heading: String, legal: [String: Set<String>])] = [
        ("Tenant", words(TenantLifecycle.legal)),
        ("Compute execution", words(ComputeExecutionStatus.legal)),
        ("Workflow execution", words(WorkflowExecutionStatus.legal)),
        ("Callback", words(CallbackStatus.legal)),
        ("Bulk operation", words(CallbackOperationStatus.legal)),
    ]

    @Test(arguments: machines)
    func `the drawing of a state machine is its table`(heading: String, legal: [String: Set<String>]) throws {
        let rows = try Guide("state-machines.md").rows(under: heading)
        #expect(rows.count == legal.count)
        for row in rows {
            let from = try #require(Guide.codes(in: row[0]).first)
            #expect(Set(Guide.codes(in: row[1])) == legal[from], "\(heading): \(from)")
        }
    }

    private static func words<Status: RawRepresentable<String>>(
        _ legal: [Status: Set<Status>]
    ) -> [String: Set<String>] {
        var words: [String: Set<String>] = [:]
        for (from, to) in legal { words[from.rawValue] = Set(to.map(\.rawValue)) }
        return words
    }
}
