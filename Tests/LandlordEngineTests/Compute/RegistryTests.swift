import Logging
import Testing

@testable import LandlordEngine

struct RegistryTests {
    private func registry() -> Registry<Int> {
        Registry<Int>(of: "compute", logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    @Test func `a name is given once and found again`() throws {
        let registry = registry()
        try registry.register(1, named: "mock")
        #expect(throws: RegistryError.conflict(kind: "compute", name: "mock")) {
            try registry.register(2, named: "mock")
        }
        #expect(throws: RegistryError.emptyName(kind: "compute")) { try registry.register(2, named: "") }
        #expect(try registry.provider(named: "mock") == 1)
        #expect(registry.has("mock") && !registry.has("other"))
    }

    @Test func `who asks for an unknown name hears the known ones`() throws {
        let registry = registry()
        for name in ["process", "mock"] { try registry.register(1, named: name) }
        let error = RegistryError.notFound(kind: "compute", name: "ecs", known: ["mock", "process"])
        #expect(throws: error) { try registry.provider(named: "ecs") }
        #expect(error.description == "there is no compute provider 'ecs'; there is mock, process")
    }

    @Test func `of many who want a name at once, one gets it`() async throws {
        let registry = registry()
        let refused = Shared(0)
        await withDiscardingTaskGroup { group in
            for number in 0..<200 {
                group.addTask {
                    do throws(RegistryError) {
                        try registry.register(number, named: "p\(number % 20)")
                    } catch {
                        refused.withLock { $0 += 1 }
                    }
                    _ = registry.names
                }
            }
        }
        #expect(registry.names.count == 20)
        #expect(refused.value == 180)
    }
}
