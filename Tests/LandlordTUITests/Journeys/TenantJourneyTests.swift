import LandlordDomain
import LandlordTestSupport
import StatesLanguage
import Testing

@testable import LandlordTUI

/// Keys in, effects and frames out.
@Suite("Journeys with tenants")
struct TenantJourneyTests {
    @Test func `the first frame is there before anything is loaded`() {
        let journey = Journey()
        #expect(journey.lines.count == 24)
        #expect(journey.screen.contains("~ loading"))
        #expect(journey.model.initialEffects.contains(.load(.fleet)))
        #expect(journey.model.initialEffects.contains(.load(.tenants(journey.model.tenantQuery, toEnd: false))))
    }

    @Test func `a committed change loads the window again and moves the row`() throws {
        var journey = try Journey.fleet()
        var tenants = try Journey.tenants()
        journey.send(.changed(ChangeBatch(tenants: [tenants[1].id.rawValue])))
        #expect(
            journey.takeEffects() == [.load(.fleet), .load(.tenants(journey.model.tenantQuery, toEnd: false))])
        tenants[1] = try Tenant.sample("corvid", status: .ready, generation: 1, observedGeneration: 1)
        journey.show(tenants)
        #expect(journey.lines[6].hasPrefix("   corvid"))
        #expect(journey.lines[6].contains("+ ready"))
    }

    @Test func `a paused console leaves changes aside until it goes on`() throws {
        var journey = try Journey.fleet()
        journey.press(.character("p"))
        journey.send(.changed(.everything))
        #expect(journey.takeEffects().isEmpty)
        #expect(journey.screen.contains("= paused"))
        journey.press(.character("p"))
        #expect(journey.takeEffects().contains(.load(.fleet)))
    }

    @Test func `deleting asks for the name, and enter alone never deletes`() throws {
        var journey = try Journey.fleet()
        let id = try #require(journey.model.tenants.selected?.id)
        journey.press(.character("D"))
        #expect(journey.screen.contains("Delete acme-billing"))
        journey.press(.enter)
        journey.type("acme")
        journey.press(.enter)
        #expect(journey.submissions.isEmpty)
        journey.type("-billing")
        journey.press(.enter)
        #expect(journey.submissions == [.delete(id, name: "acme-billing", reason: nil)])
    }

    @Test func `what was asked about is what changes, also when the rows have moved`() throws {
        var journey = try Journey.fleet()
        var tenants = try Journey.tenants()
        let id = tenants[0].id
        journey.press(.character("R"))
        tenants.removeFirst()
        journey.show(tenants)
        journey.press(.character("y"))
        #expect(journey.submissions == [.retry(id, name: "acme-billing")])
    }

    @Test func `marked tenants change together, and those that cannot are named`() throws {
        var journey = try Journey.fleet()
        journey.press(.space, .space, .space, .character("A"))
        #expect(journey.screen.contains("Archive 2 tenants"))
        #expect(journey.screen.contains("skipped"))
        journey.press(.character("y"))
        #expect(journey.submissions.map(\.subject) == ["acme-billing", "delta-co"])
        #expect(journey.model.tenants.scroller.marks.isEmpty)
    }

    @Test func `cancel looks for what runs and asks about exactly that`() throws {
        var journey = try Journey.fleet()
        journey.press(.down, .character("X"))
        let tenant = try #require(journey.model.tenants.selected)
        #expect(journey.takeEffects().contains(.load(.running(tenant.id, name: "corvid"))))
        let execution = Journey.execution(of: tenant)
        journey.send(.loaded(.running(tenant.id, name: "corvid", execution)))
        journey.press(.character("r"))
        journey.type("wrong spec")
        journey.press(.enter, .character("y"))
        #expect(
            journey.submissions == [.cancel(execution.id, tenantName: "corvid", reason: "wrong spec")])
    }

    @Test func `a filter narrows the list, and one that is wrong keeps the last good one`() throws {
        var journey = try Journey.fleet()
        journey.press(.character("/"))
        journey.type("status:failed acme")
        #expect(journey.model.tenantQuery.statuses == [.failed])
        #expect(journey.model.tenantQuery.words == ["acme"])
        let good = journey.model.tenantQuery
        journey.type(" nam~x")
        #expect(journey.screen.contains("did you mean 'name'?"))
        #expect(journey.model.tenantQuery.statuses == good.statuses)
        journey.press(.escape)
        #expect(journey.model.tenantQuery.statuses.isEmpty)
    }

    @Test func `rows keep their places while the cursor moves, and take them after`() throws {
        var journey = try Journey.fleet()
        var tenants = try Journey.tenants()
        journey.press(.down)
        tenants.swapAt(0, 4)
        journey.show(tenants)
        #expect(journey.model.tenants.scroller.ids.first == tenants[4].id)
        #expect(journey.screen.contains("order held"))
        journey.send(.tick, after: .seconds(4))
        #expect(journey.model.tenants.scroller.ids.first == tenants[0].id)
    }

    @Test func `the cursor stays on its tenant when another appears above`() throws {
        var journey = try Journey.fleet()
        journey.press(.down)
        journey.send(.tick, after: .seconds(5))
        journey.show([try Tenant.sample("zeta")] + (try Journey.tenants()))
        #expect(journey.model.tenants.selected?.name == "corvid")
    }

    @Test func `quitting asks only when this process works on something`() throws {
        var journey = try Journey.fleet()
        journey.press(.character("q"))
        #expect(journey.takeEffects() == [.quit])
        journey.answerFleet([], unfinished: 2)
        journey.press(.character("q"))
        #expect(journey.takeEffects().isEmpty)
        journey.press(.character("y"))
        #expect(journey.takeEffects() == [.quit])
        journey.answerFleet([], unfinished: 2, driver: .other("another"))
        journey.press(.character("q"))
        #expect(journey.takeEffects() == [.quit])
    }

    @Test func `text that is pasted over a list does nothing`() throws {
        var journey = try Journey.fleet()
        journey.press(.paste("Dq\ny"))
        #expect(journey.takeEffects().isEmpty)
        #expect(journey.model.modal == nil)
    }

    @Test func `what a tenant says cannot move the cursor of the terminal`() throws {
        var tenant = try Tenant.sample("evil", status: .failed)
        tenant.statusMessage = "\u{1B}[2J\nready\u{202E}"
        let journey = try Journey.fleet([tenant])
        #expect(journey.lines.count == 24)
        #expect(journey.screen.contains("\\x1B[2J\\x0Aready"))
    }

    @Test func `failing loads are told, dim the rows and are tried again`() throws {
        var journey = try Journey.fleet()
        journey.send(.loadFailed(.fleet, "The database is in use"))
        #expect(journey.screen.contains("~ stale 0s retrying"))
        #expect(journey.model.nextTick != nil)
        _ = journey.takeEffects()
        journey.send(.tick, after: .seconds(2))
        #expect(journey.takeEffects().contains(.load(.fleet)))
        journey.answerFleet([])
        #expect(journey.screen.contains("* live"))
    }

    @Test func `a database that takes no writes is told as long as that lasts`() throws {
        var journey = try Journey.fleet()
        let trouble = Fleet.Trouble(headline: "disk full, nothing is written", advice: "free some space")
        journey.answerFleet([], trouble: trouble)
        #expect(journey.screen.contains("! disk full, nothing is written"))
        #expect(journey.screen.contains("free some space"))
        #expect(!journey.screen.contains("* live"))
        journey.answerFleet([])
        #expect(journey.screen.contains("* live"))
    }

    @Test func `nothing wakes the console when everything on it is old`() throws {
        let old = try Tenant.sample("old", status: .ready, at: Journey.start.advanced(by: .seconds(-400 * 86_400)))
        let journey = try Journey.fleet([old])
        let tick = try #require(journey.model.nextTick)
        #expect(tick > .seconds(3600))
    }
}

@Suite("Journeys with the editor")
struct EditorJourneyTests {
    private let draft = SpecDraft(purpose: .provision, path: "/tmp/landlord-1/new-tenant.yaml", written: "name: a\n")

    @Test func `provision goes from the file over the plan to the tenant`() throws {
        var journey = try Journey.fleet()
        journey.press(.character("P"))
        #expect(journey.takeEffects() == [.draft(.write(.provision, text: SpecTemplate.text))])
        journey.send(.draft(.written(draft)))
        #expect(journey.takeEffects() == [.edit(draft)])
        journey.send(.editorEnded(draft, code: 0))
        #expect(journey.takeEffects() == [.draft(.read(draft))])
        let spec = try TenantSpec.sample("zeta")
        journey.send(.draft(.planned(draft, spec, Plan(desired: spec.config, observed: nil), isNew: true)))
        #expect(journey.screen.contains("Provision zeta"))
        #expect(journey.takeEffects().isEmpty)
        journey.press(.character("y"))
        #expect(journey.takeEffects() == [.submit(.apply(spec, isNew: true)), .draft(.discard(draft))])
        let tenant = try Tenant.sample("zeta")
        journey.send(.submitted(.apply(spec, isNew: true), .done("zeta is requested", tenantID: tenant.id)))
        #expect(journey.screen.contains("zeta is requested"))
        journey.show([tenant] + (try Journey.tenants()))
        #expect(journey.model.tenants.selected?.name == "zeta")
    }

    @Test func `a wrong file is opened again, and an editor that fails changes nothing`() throws {
        var journey = try Journey.fleet()
        journey.send(.draft(.invalid(draft, problemCount: 2)))
        #expect(journey.takeEffects() == [.edit(draft)])
        #expect(journey.screen.contains("2 problems"))
        journey.send(.editorEnded(draft, code: 1))
        #expect(journey.takeEffects() == [.draft(.discard(draft))])
    }

    @Test func `a plan that is not confirmed changes nothing`() throws {
        var journey = try Journey.fleet()
        let spec = try TenantSpec.sample("zeta")
        journey.send(.draft(.planned(draft, spec, Plan(desired: spec.config, observed: nil), isNew: true)))
        journey.press(.enter)
        #expect(journey.takeEffects() == [.draft(.discard(draft))])
    }

    @Test func `a tenant that is going away cannot be updated`() throws {
        var journey = try Journey.fleet([try Tenant.sample("acme", status: .deleting)])
        journey.press(.character("U"))
        #expect(journey.model.toast?.text.string == "acme is deleting; its spec can no longer change")
    }

    @Test(arguments: [
        #"{"a":"b","n":1,"t":true,"e":{},"l":[],"x":null}"#,
        #"{"compute":{"containers":[{"name":"web","command":["sh","-c","a: b # c"],"ports":[{"p":8080}]}]}}"#,
        #"{"yes":"no","1":"2","s":" lead","q":"\"\\","m":"two\nlines\ttab","u":"\u202e\u001b","c":"key: value"}"#,
        #"{"n":[[1,2],[{"a":[{"b":"c"}]}]],"s":["a","-"],"big":123456789012345678901234567890,"f":1.50}"#,
    ])
    func `a spec that is written for an editor reads back as it was`(text: String) throws {
        let value = try JSONValue(parsing: text)
        #expect(try SpecFile.value(SpecYAML.text(value)) == value)
    }

    @Test func `the template is a legal spec`() throws {
        #expect(try SpecFile.read(Array(SpecTemplate.text.utf8)).name == "my-tenant")
    }

    @Test func `what is wrong stands at the top once, and is gone when it is right`() {
        let once = SpecTemplate.text("name: A\n", with: ["spec:1: name: must be lowercase"])
        let twice = SpecTemplate.text(once, with: ["spec:1: name: is required"])
        #expect(twice.split(separator: "\n").count == 3)
        #expect(SpecTemplate.withoutProblems(twice) == "name: A\n")
        #expect(SpecTemplate.isEmpty("# only\n  # words\n\n"))
    }
}
