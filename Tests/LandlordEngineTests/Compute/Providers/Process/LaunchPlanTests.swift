import LandlordDomain
import StatesLanguage
import Testing

@testable import LandlordEngine

struct LaunchPlanTests {
    static let spec: JSONValue = [
        "containers": [
            [
                "name": "web", "image": "nginx", "command": ["serve", "$PORT"], "args": ["--key", "$API_KEY"],
                "env": ["GREETING": "hello", "URL": "http://127.0.0.1:$PORT_HTTP"],
                "ports": [["name": "http", "container_port": 8080, "protocol": "tcp"], ["container_port": 53]],
                "health_check": ["type": "http", "path": "/ok", "port": "http", "interval_seconds": 9],
                "resources": ["cpu": 250, "memory": 256],
            ],
            ["name": "worker", "command": ["work"]],
        ],
        "resources": ["cpu": 500, "memory": 512],
        "secrets": [["name": "API_KEY", "source": "env:ACME_API_KEY"]],
        "provider_config": ["restart": "on-failure", "stop_grace_seconds": 3],
    ]

    @Test func `a recorded plan is the plan that was recorded`() throws {
        let plans = LaunchPlan.plans(for: try ComputeSpec(json: Self.spec))
        #expect(plans.map(\.name) == ["web", "worker"])
        for plan in plans {
            let again = try #require(LaunchPlan(document: plan.document))
            #expect(again == plan)
            #expect(again.hash == plan.hash)
        }
        #expect(plans[0].settings.restart == .onFailure)
        #expect(plans[0].settings.stopGraceSeconds == 3)
        #expect(plans[0].resources?.memory == 256)
        #expect(plans[1].resources?.memory == 512)
    }

    @Test func `a change to one container changes the plan of that container only`() throws {
        let before = LaunchPlan.plans(for: try ComputeSpec(json: Self.spec))
        let text = Self.spec.serialized().replacing("\"hello\"", with: "\"bonjour\"")
        let after = LaunchPlan.plans(for: try ComputeSpec(json: try JSONValue(parsing: text)))
        #expect(before[0].hash != after[0].hash)
        #expect(before[1].hash == after[1].hash)
    }

    @Test(arguments: [
        (#"{"name":"a"}"#, "containers[0].command"),
        (#"{"name":"a","command":["x","$NOPE"]}"#, "containers[0].command[1]"),
        (#"{"name":"a","command":["x"],"args":["${"]}"#, "containers[0].args[0]"),
        (#"{"name":"a","command":["x"],"env":{"B":"$NOPE"}}"#, "containers[0].env.B"),
        (#"{"name":"a","command":["x"],"env":{"S":"1"}}"#, "containers[0].env.S"),
        (
            #"{"name":"a","command":["x"],"env":{"PORT":"80"},"ports":[{"container_port":80}]}"#,
            "containers[0].env.PORT"
        ),
        (#"{"name":"a","command":["$PORT"]}"#, "containers[0].command[0]"),
        (
            #"{"name":"a","command":["x"],"health_check":{"type":"exec","command":["y","$NOPE"]}}"#,
            "containers[0].health_check.command[1]"
        ),
    ])
    func `what cannot be started is refused with its field`(container: String, field: String) throws {
        let spec = try ComputeSpec(json: [
            "containers": [try JSONValue(parsing: container)], "secrets": [["name": "S", "source": "env:S"]],
        ])
        #expect(LaunchPlan.violations(of: spec).map(\.field) == [field])
    }

    @Test(arguments: [
        (#"{"restart":"sometimes"}"#, "provider_config.restart"),
        (#"{"restarts":"always"}"#, "provider_config.restarts"),
        (#"{"stop_grace_seconds":601}"#, "provider_config.stop_grace_seconds"),
        (#"{"log_bytes":1}"#, "provider_config.log_bytes"),
    ])
    func `settings are checked`(settings: String, field: String) throws {
        let spec = try ComputeSpec(json: [
            "containers": [["name": "a", "command": ["x"]]], "provider_config": try JSONValue(parsing: settings),
        ])
        #expect(LaunchPlan.violations(of: spec).map(\.field) == [field])
    }

    @Test func `the schema names what the defaults say`() {
        let properties = ProcessSettings.schema["properties"]?.objectValue
        // The grace of a stop has its default in the configuration, not in the provider.
        let names = (ProcessSettings.defaults.objectValue?.keys ?? []) + ["stop_grace_seconds"]
        #expect(properties?.keys.sorted() == names.sorted())
        for (name, value) in ProcessSettings.defaults.objectValue ?? [:] {
            #expect(properties?[name]?["default"] == value)
        }
        #expect(ProcessSettings(json: [:]) == ProcessSettings(json: ProcessSettings.defaults))
    }

    @Test func `a change is the difference of record and plans`() throws {
        let plans = LaunchPlan.plans(for: try ComputeSpec(json: Self.spec))
        var record = ProcessRecord(tenantID: .acme)
        for name in ["web", "worker", "old"] {
            let document = plans.first { $0.name == name }?.document ?? [:]
            record.containers.append(.init(name: name, document: document, ports: [], supervisor: nil))
        }
        let changed = LaunchPlan.plans(
            for: try ComputeSpec(json: ["containers": [["name": "web", "command": ["other"]]]]))
        #expect(ProcessChange(from: nil, to: plans) { _ in false }.steps == plans.map { .start($0) })
        let same = ProcessChange(from: record, to: plans) { $0.name == "web" }
        #expect(same.steps == [.keep(plans[0]), .revive(plans[1])])
        #expect(same.removals == ["old"])
        let other = ProcessChange(from: record, to: changed) { _ in true }
        #expect(other.steps == [.replace(changed[0])])
        #expect(other.summaries == ["container worker removed", "container old removed", "container web changed"])
    }

    @Test func `a record survives being stored`() throws {
        let plan = LaunchPlan.plans(for: try ComputeSpec(json: Self.spec))[0]
        let record = ProcessRecord(
            tenantID: .acme, configHash: "h",
            containers: [
                .init(
                    name: "web", document: plan.document,
                    ports: [PortAssignment(name: "http", containerPort: 8080, transport: .tcp, port: 20_001)],
                    supervisor: ProcessIdentity(pid: 7, startTime: .max, bootID: "b")),
                .init(name: "worker", document: plan.document, ports: [], supervisor: nil),
            ])
        #expect(ProcessRecord(json: try JSONValue(parsing: record.json.serialized())) == record)
        #expect(ProcessRecord(json: ["version": 2]) == nil)
    }
}
