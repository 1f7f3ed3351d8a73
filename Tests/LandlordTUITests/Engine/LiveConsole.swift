import Foundation
import LandlordDomain
import LandlordEngine
import LandlordTestSupport
import Logging
import Testing

@testable import LandlordTUI

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

    func type(_ text: String) {
        for character in text { press(.character(character)) }
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
func withConsole(
    isDriven: Bool = true, settings: [String: String] = [:], _ body: (LiveConsole) async throws -> Void
) async throws {
    try await withConsoles(1, isDriven: isDriven, settings: settings) { try await body($0[0]) }
}

/// Runs several consoles, each on an engine of its own, on one database; the first of them drives it.
func withConsoles(
    _ count: Int, isDriven: Bool = true, settings: [String: String] = [:],
    _ body: ([LiveConsole]) async throws -> Void
) async throws {
    let directory = try TemporaryDirectory()
    let configuration = try Configuration.resolve(
        flags: [.init(key: "database", name: "--database", value: directory.file("t.db"))],
        environment: settings.merging(["HOME": directory.path]) { $1 })
    let surroundings = Surroundings.system(variable: { _ in nil })
    try await withThrowingTaskGroup { group in
        var consoles: [LiveConsole] = []
        for number in 0..<count {
            let host = try EngineHost.open(
                configuration, variable: { _ in nil }, surroundings: surroundings, logger: Logger(label: "test"))
            let changes = host.engine.changes.subscribe()
            let (events, continuation) = AsyncStream<ConsoleEvent>.makeStream()
            let drafts = DraftFolder(under: directory.path, number: UInt64(number))
            let runner = EffectRunner(
                engine: host.engine, actor: number == 0 ? "ana" : "ben", clock: ContinuousClock(),
                now: surroundings.now, drafts: drafts, post: { continuation.yield($0) })
            if isDriven, number == 0 { group.addTask { try await host.run() } }
            group.addTask { await runner.run(changes: changes) }
            consoles.append(LiveConsole(engine: host.engine, runner: runner, events: events))
        }
        try await body(consoles)
        for console in consoles { console.runner.finish() }
        group.cancelAll()
    }
}
