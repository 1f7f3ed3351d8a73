import Foundation
import LandlordDomain
import LandlordEngine
import LandlordTestSupport
import Logging
import StatesLanguage
import Testing

@testable import LandlordTUI

/// The console on a real engine and a real database: only the terminal and the editor are played.
@Suite("The console on an engine", .timeLimit(.minutes(1)))
struct LiveConsoleTests {
    private static let spec = """
        name: acme
        compute:
          provider: mock
          containers: [{ name: web, image: "app:1", ports: [{ name: http, container_port: 8080 }] }]

        """

    @Test func `a tenant is provisioned, updated and deleted by keys alone`() async throws {
        try await withConsole { console in
            try await console.waits { $0.fleet?.driver == .thisProcess }
            console.edits = [Self.spec.replacing("provider: mock", with: "providr: mock"), Self.spec]
            console.press(.character("P"))
            try await console.waits { $0.modal != nil }
            #expect(console.opened.count == 2)
            #expect(console.opened[1].contains("#! spec:3: compute.providr: is not a known field"))
            #expect(console.screen.contains("Provision acme"))
            console.press(.character("y"))
            try await console.waits { $0.tenants.selected?.status == .ready }
            #expect(console.screen.contains("acme"))

            console.edits = [Self.spec.replacing("app:1", with: "app:2")]
            console.press(.character("U"))
            try await console.waits { $0.modal != nil }
            #expect(console.opened[2].contains("image: \"app:1\""))
            #expect(console.screen.contains("Update acme"))
            #expect(console.screen.contains("app:1 > app:2"))
            console.press(.character("y"))
            try await console.waits { $0.tenants.selected?.observedGeneration == 2 }

            console.press(.enter)
            try await console.waits { model in
                guard case .tenant(let detail) = model.place else { return false }
                return detail.facts?.executions.count == 2 && detail.facts?.tenant.status == .ready
            }
            console.press(.character("]"), .character("]"))
            #expect(console.screen.contains("provisioning > ready"))
            console.press(.character("]"), .enter)
            try await console.waits { model in
                guard case .execution(let detail) = model.place else { return false }
                return detail.facts?.run != nil
            }
            #expect(console.screen.contains("succeeded"))
            console.press(.escape, .escape, .character("D"))
            for character in "acme" { console.press(.character(character)) }
            console.press(.enter)
            try await console.waits { $0.tenants.hasLoaded && $0.tenants.scroller.ids.isEmpty }
            #expect(console.screen.contains("no tenants yet"))
            try await console.waits { $0.fleet?.tenantCount == 0 }
            #expect(console.screen.contains("0 tenants"))
        }
    }

    @Test func `a name that is taken is refused in the file, an untouched file changes nothing`() async throws {
        try await withConsole { console in
            _ = try await console.engine.tenants.apply(try TenantSpec.sample("acme"), by: "somebody")
            console.edits = [Self.spec, nil]
            console.press(.character("P"))
            try await console.waits { $0.toast?.text.string == "nothing was changed in the file" }
            #expect(console.opened[1].contains("#! name: a tenant named 'acme' exists; U updates it"))
        }
    }

    @Test func `the file of a draft is private and gone afterwards`() async throws {
        try await withConsole { console in
            console.press(.character("P"))
            try await console.waits { $0.toast != nil }
            let path = try #require(console.paths.first)
            #expect(console.modes == [0o600])
            #expect(!FileManager.default.fileExists(atPath: path))
        }
    }

    @Test func `the end of a long list is found, and the way back from it`() async throws {
        try await withConsole(isDriven: false) { console in
            let tenants = console.engine.tenants
            try await withThrowingTaskGroup { group in
                for index in 1_000..<1_700 {
                    group.addTask { _ = try await tenants.apply(try TenantSpec.sample("t\(index)"), by: "somebody") }
                }
                try await group.waitForAll()
            }
            console.press(.character("r"), .character("s"))
            try await console.waits { $0.tenantOrder == .name && $0.tenants.scroller.ids.count == 240 }
            #expect(console.model.tenants.selected?.name != nil)
            console.press(.character("g"))
            try await console.waits { $0.tenants.selected?.name == "t1000" }
            console.press(.character("G"))
            try await console.waits { $0.tenants.selected?.name == "t1699" }
            for _ in 0..<80 {
                console.press(.pageUp)
                try await console.waits { !$0.tenants.isShifting }
            }
            #expect(console.model.tenants.selected?.name == "t1000")
            for _ in 0..<80 {
                console.press(.pageDown)
                try await console.waits { !$0.tenants.isShifting }
            }
            #expect(console.model.tenants.selected?.name == "t1699")
        }
    }
}

/// The loop of a test: events of the runner go into the model, its effects back.
final class LiveConsole {
    let engine: Engine
    let runner: EffectRunner
    var model: ConsoleModel
    /// What the operator makes of each file; nil leaves it alone.
    var edits: [String?] = []
    /// The texts that the editor was opened with.
    private(set) var opened: [String] = []
    private(set) var paths: [String] = []
    private(set) var modes: [Int] = []
    private let events: AsyncStream<ConsoleEvent>

    init(engine: Engine, runner: EffectRunner, events: AsyncStream<ConsoleEvent>) {
        self.engine = engine
        self.runner = runner
        self.events = events
        model = ConsoleModel(
            identity: ConsoleModel.Identity(database: "test.db", actor: "ana"), now: runner.now(),
            size: Size(rows: 24, columns: 80))
        for effect in model.initialEffects { runner.start(effect) }
    }

    var screen: String {
        ConsoleView(model: model).frame(size: model.size, theme: .builtIn(depth: .mono, glyphs: .ascii)).lines
            .joined(separator: "\n")
    }

    func press(_ keys: Key...) {
        for key in keys { take(ConsoleEvent(at: runner.now(), kind: .key(key))) }
    }

    /// Takes events until the model is as the test wants it; the suite's time limit ends a wait in vain.
    func waits(until condition: (ConsoleModel) -> Bool) async throws {
        var iterator = events.makeAsyncIterator()
        while !condition(model) {
            guard let event = await iterator.next() else { throw CancellationError() }
            take(event)
        }
    }

    /// What an operator does in the editor.
    private func edit(_ draft: SpecDraft) throws {
        opened.append(try String(contentsOfFile: draft.path, encoding: .utf8))
        paths.append(draft.path)
        let attributes = try FileManager.default.attributesOfItem(atPath: draft.path)
        modes.append((attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0)
        if !edits.isEmpty, let text = edits.removeFirst() {
            try text.write(toFile: draft.path, atomically: false, encoding: .utf8)
        }
    }

    private func take(_ event: ConsoleEvent) {
        for effect in model.update(event) {
            guard case .edit(let draft) = effect else {
                runner.start(effect)
                continue
            }
            do {
                try edit(draft)
            } catch {
                Issue.record(error)
            }
            take(ConsoleEvent(at: runner.now(), kind: .editorEnded(draft, code: 0)))
        }
    }
}

/// Runs a console on an engine of its own for the length of a test.
private func withConsole(isDriven: Bool = true, _ body: (LiveConsole) async throws -> Void) async throws {
    let directory = try TemporaryDirectory()
    let configuration = try Configuration.resolve(
        flags: [.init(key: "database", name: "--database", value: directory.file("t.db"))],
        environment: ["HOME": directory.path])
    let surroundings = Surroundings.system(variable: { _ in nil })
    let host = try EngineHost.open(
        configuration, variable: { _ in nil }, surroundings: surroundings, logger: Logger(label: "test"))
    let changes = host.engine.changes.subscribe()
    let (events, continuation) = AsyncStream<ConsoleEvent>.makeStream()
    let drafts = DraftFolder(under: directory.path, number: 7)
    let runner = EffectRunner(
        engine: host.engine, actor: "ana", clock: ContinuousClock(), now: surroundings.now, drafts: drafts,
        post: { continuation.yield($0) })
    try await withThrowingTaskGroup { group in
        if isDriven { group.addTask { try await host.run() } }
        group.addTask { await runner.run(changes: changes) }
        let console = LiveConsole(engine: host.engine, runner: runner, events: events)
        try await body(console)
        runner.finish()
        group.cancelAll()
    }
}
