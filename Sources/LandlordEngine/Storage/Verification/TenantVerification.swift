import LandlordDomain
import StatesLanguage

/// Compares tenants with their transitions.
enum TenantVerification {
    static func window(_ reader: any SQLReader, _ place: String) throws(RepositoryError) -> VerifiedWindow {
        var window = VerifiedWindow()
        let rows = try reader.query(
            "SELECT \(TenantRow.columns) FROM tenants WHERE id > ? ORDER BY id LIMIT ?",
            [.text(place), .integer(DatabaseVerifier.window)])
        for row in rows {
            let id = try row.text("id")
            (window.count, window.last) = (window.count + 1, id)
            let subject = "tenant \(try row.text("name")) (\(id))"
            do throws(RepositoryError) {
                window.findings += findings(try TenantRow.tenant(row), subject, try history(of: id, reader))
            } catch {
                window.findings.append(.init(.unreadable, subject, error.description))
            }
        }
        return window
    }

    private typealias Line = (number: Int, transition: TenantTransition)

    private static func history(of id: String, _ reader: any SQLReader) throws(RepositoryError) -> [Line] {
        var lines: [Line] = []
        let rows = try reader.query(
            "SELECT \(TenantTransitionRow.columns) FROM tenant_transitions WHERE tenant_id = ? ORDER BY sequence",
            [.text(id)])
        for row in rows { lines.append((try row.count("sequence"), try TenantTransitionRow.transition(row))) }
        return lines
    }

    private static func findings(
        _ tenant: Tenant, _ subject: String, _ history: [Line]
    ) -> [VerificationReport.Finding] {
        var findings: [VerificationReport.Finding] = []
        func add(_ kind: VerificationReport.Finding.Kind, _ message: String) {
            findings.append(.init(kind, subject, message))
        }
        var status: TenantStatus?
        for (index, line) in history.enumerated() {
            let (number, transition) = line
            if number != index + 1 {
                add(.missingHistory, "transition \(index + 1) is missing; the next one is \(number)")
                return findings
            }
            if transition.from != status {
                add(
                    .missingHistory, "transition \(number) begins at \(words(transition.from)), not at \(words(status))"
                )
            }
            if let from = transition.from, !TenantLifecycle.legal[from, default: []].contains(transition.to) {
                add(.illegalStep, "transition \(number) goes from \(from.rawValue) to \(transition.to.rawValue)")
            }
            if ConfigHash.of(transition.desired) != transition.desiredHash
                || transition.observed.map(ConfigHash.of) != transition.observedHash
            {
                add(.hash, "the config of transition \(number) is not the one that its hash was made of")
            }
            status = transition.to
        }
        guard let last = history.last?.transition else {
            add(.missingHistory, "it is \(tenant.status.rawValue) without any history")
            return findings
        }
        if last.to != tenant.status {
            add(.unlikeHistory, "it is \(tenant.status.rawValue), but its history ends with \(last.to.rawValue)")
        } else if last.createdAt != tenant.statusSince {
            add(.unlikeHistory, "it has its status since \(tenant.statusSince), its history since \(last.createdAt)")
        }
        if ConfigHash.of(tenant.desired.document) != tenant.desired.hash {
            add(.hash, "its desired config is not the one that its hash was made of")
        }
        if let observed = tenant.observed, ConfigHash.of(observed.document) != observed.hash {
            add(.hash, "its observed config is not the one that its hash was made of")
        }
        return findings
    }

    private static func words(_ status: TenantStatus?) -> String { status?.rawValue ?? "nothing" }
}
