import Foundation
import LandlordDomain
import StatesLanguage
import Testing

@testable import LandlordEngine

/// The examples are documentation; one that stops to be a legal spec is a lie.
@Suite struct ExampleTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "examples")

    @Test(arguments: [("hello", "hello"), ("two-containers", "pair"), ("broken", "broken"), ("flapping", "flapping")])
    func `an example is a legal spec`(file: String, name: String) throws {
        let path = Self.folder.appending(path: "\(file).yaml").path
        let spec = try TenantSpecDocument.read(BoundedFile.read(path), file: "\(file).yaml")
        #expect(spec.name == name)
        #expect(spec.config.provider == "process")
    }

    @Test func `the hello example serves on loopback and is asked for its health`() throws {
        let path = Self.folder.appending(path: "hello.yaml").path
        let document = try YAMLDocument.read(BoundedFile.read(path), file: "hello.yaml").json
        let container = document["compute"]?["containers"]?[0]
        #expect(container?["command"] == ["python3", "-m", "http.server", "$PORT", "--bind", "127.0.0.1"])
        #expect(container?["health_check"]?["type"] == "http")
    }
}
