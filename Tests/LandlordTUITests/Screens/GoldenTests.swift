import Foundation
import LandlordDomain
import LandlordTestSupport
import StatesLanguage
import Testing

@testable import LandlordTUI

/// Whole screens against files that a person has looked at.
///
/// `LANDLORD_RECORD=1 swift test --filter Golden` writes them again; the change is then reviewed as any other.
@Suite("Golden screens")
struct GoldenTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Goldens")

    static let sizes = [
        Size(rows: 24, columns: 80), Size(rows: 48, columns: 160), Size(rows: 10, columns: 40),
        Size(rows: 5, columns: 20),
    ]

    /// The screens by name.
    static let scenes = [
        "first", "tenants", "tenant-overview", "tenant-plan", "tenant-transitions", "executions", "execution",
        "help", "delete", "plan", "causes", "callbacks", "callback-overview", "callback-attempts", "callback-payload",
        "callback-audit", "redrive", "discard", "operations", "runs", "run-graph", "run-timeline", "run-history",
        "run-raw", "run-pending", "run-data", "run-cancel", "approvals", "approval", "schedules", "schedule",
        "schedule-delete",
    ]

    static func journey(_ scene: String, _ size: Size) throws -> Journey {
        if scene == "first" { return Journey(rows: size.rows, columns: size.columns) }
        var journey = try Journey.fleet(rows: size.rows, columns: size.columns)
        let tenants = try Journey.tenants()
        let execution = Journey.execution(of: tenants[1])
        switch scene {
        case "tenants":
            journey.press(.down, .space)
            if let tenant = journey.model.tenants.selected {
                journey.send(.loaded(.tenant(tenant.id, TenantFacts(tenant: tenant, transitions: [], executions: []))))
            }
        case "tenant-overview", "tenant-plan", "tenant-transitions":
            if scene == "tenant-overview" { journey.press(.down, .down) }
            journey.press(.enter)
            let tenant = try #require(journey.model.selectedTenant)
            let step = TenantLifecycle.birth(of: tenant, by: "ana")
            journey.send(
                .loaded(.tenant(tenant.id, TenantFacts(tenant: tenant, transitions: [step], executions: []))))
            if scene == "tenant-plan" { journey.press(.character("]")) }
            if scene == "tenant-transitions" { journey.press(.character("]"), .character("]")) }
        case "executions":
            journey.press(.character("3"))
            let running = Journey.execution(of: tenants[3], attempt: 2)
            let page = Page(items: [running, try ended(execution)], next: nil)
            journey.send(.loaded(.executions(journey.model.executionQuery, anchors: nil, page)))
        case "execution":
            journey.press(.character("3"))
            let failed = try ended(execution)
            journey.send(
                .loaded(.executions(journey.model.executionQuery, anchors: nil, Page(items: [failed], next: nil))))
            journey.press(.enter)
            journey.send(.loaded(.execution(failed.id, try facts(execution))))
        case let name where name.hasPrefix("run"): try RunScene.show(name, in: &journey)
        case "approvals", "approval": try ApprovalScene.show(scene, in: &journey)
        case let name where name.hasPrefix("schedule"): try ScheduleScene.show(name, in: &journey)
        case "help": journey.press(.character("?"))
        case "delete": journey.press(.character("D"))
        case "plan":
            let spec = try TenantSpec.sample("zeta")
            let draft = SpecDraft(purpose: .provision, path: "/tmp/x.yaml", written: "")
            let plan = Plan(desired: spec.config, observed: nil)
            journey.send(.draft(.planned(draft, spec, plan, isNew: true)))
        default: return try deadLetters(scene, size)
        }
        return journey
    }

    private static func deadLetters(_ scene: String, _ size: Size) throws -> Journey {
        var journey = try Journey.atCauses(rows: size.rows, columns: size.columns)
        switch scene {
        case "causes": break
        case "redrive":
            journey.press(.character("C"))
            journey.answerPreview(count: 1_301, ended: 5)
        case "operations":
            journey.send(.loaded(.operations([Journey.operation()])))
            journey.press(.character("O"))
        default:
            journey = try Journey.atCallbacks(rows: size.rows, columns: size.columns)
            if scene == "callbacks" {
                journey.press(.down, .space)
                journey.send(.loaded(.operations([Journey.operation()])))
            }
            if scene == "discard" { journey.press(.character("D")) }
            guard scene.hasPrefix("callback-") else { break }
            journey.press(.enter)
            let callback = try #require(journey.model.selectedCallback)
            journey.send(.loaded(.callback(callback.id, Journey.facts(of: callback))))
            let tabs = CallbackDetail.Tab.allCases.map { "callback-\($0.rawValue.lowercased())" }
            for _ in 0..<(tabs.firstIndex(of: scene) ?? 0) { journey.press(.character("]")) }
        }
        return journey
    }

    private static let error = ComputeError(
        .invalidConfiguration, "the command does not exist", providerError: "exec: no such file")

    private static func ended(_ execution: ComputeExecution) throws -> ComputeExecution {
        let started = try execution.started(at: Journey.start.advanced(by: .seconds(-40))).0
        return try started.ended(.failed(error, ComputeResult()), at: Journey.start.advanced(by: .seconds(-38))).0
    }

    private static func facts(_ execution: ComputeExecution) throws -> ExecutionFacts {
        let (started, second) = try execution.started(at: Journey.start.advanced(by: .seconds(-40)))
        let (progressed, third) = started.progressed("step 1/3: ports", at: Journey.start.advanced(by: .seconds(-39)))
        let (failed, last) = try progressed.ended(
            .failed(error, ComputeResult()), at: Journey.start.advanced(by: .seconds(-38)))
        return ExecutionFacts(
            execution: failed, history: [execution.birth(), second, third, last], run: nil, runHistory: [])
    }

    @Test(arguments: scenes, sizes)
    func `a screen is as its golden file says`(scene: String, size: Size) throws {
        let journey = try Self.journey(scene, size)
        let golden = journey.frame().golden(theme: "terminal")
        let file = Self.folder.appending(path: "\(scene)-\(size).txt")
        if ProcessInfo.processInfo.environment["LANDLORD_RECORD"] != nil {
            try golden.write(to: file, atomically: true, encoding: .utf8)
        }
        let expected = try String(contentsOf: file, encoding: .utf8)
        #expect(golden == expected, "\(file.lastPathComponent)")
    }

    @Test(arguments: scenes)
    func `a screen that was made small and large again is the same screen`(scene: String) throws {
        var journey = try Self.journey(scene, Size(rows: 24, columns: 80))
        let before = journey.frame()
        for size in [Size(rows: 1, columns: 1), Size(rows: 0, columns: 0), Size(rows: 60, columns: 200)] {
            journey.send(.resize(size))
            #expect(journey.frame().size == size)
        }
        journey.send(.resize(Size(rows: 24, columns: 80)))
        #expect(journey.frame() == before)
    }
}
