import LandlordDomain
import StatesLanguage

/// Compares schedules with their histories, of which the newest thousand lines are kept.
enum ScheduleVerification {
    private typealias Finding = VerificationReport.Finding

    static func window(_ reader: any SQLReader, _ place: String) throws(RepositoryError) -> VerifiedWindow {
        var window = VerifiedWindow()
        let rows = try reader.query(
            "\(DatabaseScheduleRepository.select) WHERE name > ? ORDER BY name LIMIT ?",
            [.text(place), .integer(DatabaseVerifier.window)])
        for row in rows {
            let name = try row.text("name")
            (window.count, window.last) = (window.count + 1, name)
            do throws(RepositoryError) {
                window.findings += try findings(try DatabaseScheduleRepository.schedule(row), reader)
            } catch {
                window.findings.append(.init(.unreadable, "schedule \(name)", error.description))
            }
        }
        return window
    }

    private static func findings(
        _ schedule: Schedule, _ reader: any SQLReader
    ) throws(RepositoryError) -> [Finding] {
        let name = schedule.spec.name
        let subject = "schedule \(name)"
        let lines = try reader.first(
            """
            SELECT count(*) AS count, coalesce(min(line), 0) AS first, coalesce(max(line), 0) AS last
            FROM schedule_history WHERE schedule = ?
            """, [.text(name)])
        let (count, first, last) = (try lines?.count("count"), try lines?.count("first"), try lines?.count("last"))
        let kept = min(schedule.lineCount, DatabaseScheduleRepository.historyLimit)
        guard last == schedule.lineCount, count == kept, first == schedule.lineCount - kept + 1 else {
            let message =
                "it has \(count ?? 0) lines of history up to \(last ?? 0) where its row counts \(schedule.lineCount)"
            return [.init(.missingHistory, subject, message)]
        }
        let history = try DatabaseScheduleRepository.history(of: name, limit: kept, reader)
        let turn = history.first { [.paused, .resumed, .created].contains($0.kind) }
        let lastStart = history.first { $0.kind == .started }
        let isAlike: [(String, Bool)] = [
            ("pause", turn == nil || (turn?.kind == .paused) == (schedule.pause != nil)),
            ("pause", schedule.pause == nil || turn == nil || turn?.actor == schedule.pause?.actor),
            ("last_run_id", lastStart == nil || lastStart?.runID == schedule.lastRunID),
        ]
        return isAlike.filter { !$0.1 }.map { field, _ in
            Finding(.unlikeHistory, subject, "its \(field) is not what its history leads to")
        }
    }
}
