import Foundation
import Testing

@testable import LandlordTUI

@Suite("The table of keys")
struct KeyGuideTests {
    private static let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "docs/keys.md")

    @Test func `the page of keys says what the table says`() throws {
        if ProcessInfo.processInfo.environment["LANDLORD_RECORD"] != nil {
            try KeyGuide.markdown.write(to: Self.file, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: Self.file, encoding: .utf8) == KeyGuide.markdown)
    }

    @Test(arguments: Scope.allCases)
    func `a key means one thing in a place`(scope: Scope) {
        let keys = Bindings.bindings(in: scope).flatMap(\.keys)
        #expect(Set(keys).count == keys.count)
        let verbs = Bindings.bindings(in: scope).map(\.verb)
        #expect(Set(verbs).count == verbs.count)
    }

    @Test func `capitals change and lowercase keys look, but for the way to the end`() {
        for binding in Bindings.all {
            for key in binding.keys where key != .character("G") {
                guard case .character(let character) = key else { continue }
                #expect(character.isUppercase == binding.isChange, "\(key.name)")
            }
        }
    }

    @Test func `every refused key says why`() throws {
        var journey = try Journey.fleet()
        journey.press(.character("g"), .character("R"))
        #expect(journey.submissions.isEmpty && journey.model.modal != nil)
        journey.press(.escape, .down, .character("R"))
        #expect(journey.model.modal == nil)
        #expect(journey.model.toast?.text.string == "corvid is provisioning; only a failed tenant can be retried")
        #expect(journey.takeEffects().contains(.ring))
    }

    @Test func `a typed verb does what its key does, and a wrong one names the nearest`() throws {
        var journey = try Journey.fleet()
        journey.type(":executions")
        journey.press(.enter)
        #expect(journey.model.scope == .executions)
        journey.type(":tenantz")
        journey.press(.enter)
        #expect(journey.model.toast?.text.string == "'tenantz' is not a command; did you mean 'tenants'?")
        journey.type(":archive")
        journey.press(.enter)
        #expect(journey.model.toast?.text.string == "'archive' can do nothing on this screen")
    }
}
