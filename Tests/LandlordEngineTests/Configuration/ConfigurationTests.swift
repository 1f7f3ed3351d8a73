import Foundation
import Testing

@testable import LandlordEngine

@Suite struct ConfigurationTests {
    private let environment = ["HOME": "/op"]

    private func resolve(
        _ text: String? = nil, environment extra: [String: String] = [:], flags: [Configuration.Flag] = []
    ) throws -> Configuration {
        let file = text.map { Configuration.File(path: "c.yaml", bytes: Array($0.utf8)) }
        return try Configuration.resolve(
            flags: flags, environment: environment.merging(extra) { $1 }, file: file)
    }

    private func problems(_ text: String? = nil, environment extra: [String: String] = [:]) throws -> [String] {
        let error = try #require(throws: DocumentError.self) { try resolve(text, environment: extra) }
        return error.problems.map(\.description)
    }

    @Test func `every key has the default of the product`() throws {
        let configuration = try resolve()
        #expect(configuration.database == "/op/.local/state/landlord/landlord.db")
        #expect(configuration.compute == .init(defaultProvider: "process", timeout: .seconds(600)))
        #expect(configuration.workflowProvider == "embedded")
        #expect(configuration.reconciler.resyncInterval == .seconds(10))
        #expect(configuration.reconciler.workerCount == 8)
        #expect(configuration.reconciler.retryLimit == 5)
        #expect(configuration.reconciler.driftInterval == .seconds(60))
        #expect(configuration.reconciler.driftRate == 25)
        #expect(configuration.callbacks.retryLimit == 3)
        #expect(configuration.callbacks.delayBase == .seconds(1))
        #expect(configuration.callbacks.delayLimit == .seconds(60))
        #expect(configuration.callbacks.timeout == .seconds(30))
        #expect(!configuration.callbacks.allowsLoopbackHTTP)
        #expect(configuration.callbacks.allowedHosts.isEmpty)
        #expect(configuration.usesComputeWorkflows)
        #expect(configuration.log == .init(level: "info", file: "/op/.local/state/landlord/landlord.log"))
        #expect(configuration.settings.count == ConfigurationKey.all.count)
        #expect(configuration.settings.allSatisfy { $0.origin == .fallback })
    }

    @Test func `every default obeys its own key`() {
        for key in ConfigurationKey.all {
            guard let text = key.fallback else { continue }
            guard case .success = SettingReader.value(of: text, for: key) else {
                Issue.record("\(key.name)")
                continue
            }
        }
        let names = ConfigurationKey.all.map(\.name)
        #expect(Set(names).count == names.count)
    }

    @Test func `a flag wins over the environment, that over the file, that over the default`() throws {
        let file = "compute:\n  timeout: 1m\nreconciler:\n  workers: 2\n  max_retries: 1\ndatabase: file.db\n"
        let variables = ["LANDLORD_RECONCILER_WORKERS": "3", "LANDLORD_DATABASE": "environment.db"]
        let flag = Configuration.Flag(key: "database", name: "--database", value: "flag.db")
        let configuration = try resolve(file, environment: variables, flags: [flag])
        #expect(configuration.database == "flag.db")
        #expect(configuration.reconciler.workerCount == 3)
        #expect(configuration.reconciler.retryLimit == 1)
        #expect(configuration.compute.timeout == .seconds(60))
        let origins = Dictionary(
            uniqueKeysWithValues: configuration.settings.map { ($0.key.name, $0.origin.description) })
        #expect(origins["database"] == "--database")
        #expect(origins["reconciler.workers"] == "$LANDLORD_RECONCILER_WORKERS")
        #expect(origins["compute.timeout"] == "c.yaml:2")
        #expect(origins["log.level"] == "default")
    }

    @Test func `every key can be set in the file and in the environment`() throws {
        for key in ConfigurationKey.all {
            let (yaml, variable) = Self.other(for: key)
            let parts = key.name.split(separator: ".")
            let text = parts.count == 2 ? "\(parts[0]):\n  \(parts[1]): \(yaml)\n" : "\(key.name): \(yaml)\n"
            let fromFile = try resolve(text)
            let fromEnvironment = try resolve(environment: [key.variable: variable])
            let values = [fromFile, fromEnvironment].compactMap { $0.settings.first { $0.key == key } }
            #expect(values.map(\.value).count == 2)
            #expect(values.first?.value == values.last?.value, "\(key.name)")
            #expect(values.allSatisfy { $0.origin != .fallback })
        }
    }

    private static func other(for key: ConfigurationKey) -> (yaml: String, variable: String) {
        switch key.kind {
        case .path, .text: ("other", "other")
        case .choice(let words): (words[0], words[0])
        case .flag: ("false", "0")
        case .count(let range): ("\(range.lowerBound)", "\(range.lowerBound)")
        case .duration: ("3s", "3s")
        case .list: ("[a, \"*.b\"]", "a, *.b")
        }
    }

    @Test(arguments: [
        ("compute:\n  timeuot: 1m\n", "c.yaml:2: compute.timeuot: is not a known key; did you mean 'compute.timeout'?"),
        ("databse: x\n", "c.yaml:1: databse: is not a known key; did you mean 'database'?"),
        ("compute:\n  timeout: 30\n", "c.yaml:2: compute.timeout: must be a duration such as"),
        ("compute:\n  timeout: 30x\n", "c.yaml:2: compute.timeout: must be a duration such as"),
        ("compute:\n  timeout: 0s\n", "c.yaml:2: compute.timeout: must be from 1ms to 168h"),
        ("compute:\n  timeout: [1m]\n", "not a list"),
        ("compute: fast\n", "c.yaml:1: compute: must be a mapping, not text"),
        ("reconciler:\n  workers: many\n", "c.yaml:2: reconciler.workers: must be a whole number, not text"),
        ("reconciler:\n  workers: 0\n", "must be from 1 to 1024, not 0"),
        ("reconciler:\n  workers: 1.5\n", "must be a whole number"),
        ("features:\n  compute_workflows: yes\n", "must be true or false, not text"),
        ("callbacks:\n  allowed_hosts: [1]\n", "must be a list of texts"),
        ("log:\n  level: loud\n", "must be one of trace"),
        ("database: \"\"\n", "must not be empty"),
        ("database: \"a\\eb\"\n", "control characters"),
        ("- a\n", "must be a mapping, not a list"),
        ("callbacks:\n  initial_delay: 2m\n  max_delay: 1m\n", "c.yaml:3: callbacks.max_delay: must not be less"),
    ])
    func `a wrong file names its line and key`(text: String, words: String) throws {
        let found = try problems(text)
        #expect(found.count == 1)
        #expect(found.first?.contains(words) == true, "\(found)")
    }

    @Test func `all that is wrong is told at once`() throws {
        let found = try problems(
            "compute:\n  timeout: 1\nnonsense: 2\n", environment: ["LANDLORD_RECONCILER_WORKERS": "x"])
        #expect(found.count == 3)
        #expect(found.contains("$LANDLORD_RECONCILER_WORKERS: reconciler.workers: must be a whole number, not 'x'"))
    }

    @Test func `a slip in a variable is an error and a stranger is only told`() throws {
        let found = try problems(environment: ["LANDLORD_COMPUTE_TIMEUOT": "1m"])
        #expect(
            found == ["$LANDLORD_COMPUTE_TIMEUOT: is not a known variable; did you mean 'LANDLORD_COMPUTE_TIMEOUT'?"])
        let configuration = try resolve(environment: ["LANDLORD_KILLS": "7", "LANDLORD_CONFIG": "x", "OTHER": "1"])
        #expect(configuration.unusedVariables == ["LANDLORD_KILLS"])
    }

    @Test(arguments: [("0", false), ("false", false), ("1", true), ("TRUE", true), ("", true)])
    func `workflows are switched by the variable of the reference too`(text: String, isOn: Bool) throws {
        #expect(try resolve(environment: ["ENABLE_COMPUTE_WORKFLOWS": text]).usesComputeWorkflows == isOn)
        let both = ["ENABLE_COMPUTE_WORKFLOWS": "false", "LANDLORD_FEATURES_COMPUTE_WORKFLOWS": "true"]
        #expect(try resolve(environment: both).usesComputeWorkflows)
    }

    @Test func `an empty file and an empty section say nothing`() throws {
        #expect(try resolve("").settings == resolve().settings)
        #expect(try resolve("compute:\n").settings == resolve().settings)
    }

    @Test func `without a home the paths must be said`() throws {
        let error = try #require(throws: DocumentError.self) { try Configuration.resolve(environment: [:]) }
        #expect(error.problems.map(\.field) == ["database", "process.directory", "workflow.archive", "log.file"])
    }

    @Test(arguments: [
        ("postgres://op:hunter2@db.example/x", "postgres://op:********@db.example/x"),
        ("postgres://op@db/x?sslmode=on&password=hunter2", "postgres://op@db/x?sslmode=on&password=********"),
        ("postgres://op:a:b@c@db/x", "postgres://op:********@db/x"),
        ("/var/lib/a.db", "/var/lib/a.db"), ("a:b@c", "a:b@c"),
    ])
    func `a password is not shown`(text: String, shown: String) throws {
        let flag = Configuration.Flag(key: "database", name: "--database", value: text)
        let setting = try resolve(flags: [flag]).settings.first { $0.key.name == "database" }
        #expect(setting?.shown == shown)
    }

    @Test func `only the default file may be missing`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "landlord-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder.appending(path: "landlord"), withIntermediateDirectories: true)
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: folder) } }
        let variables = ["HOME": "/op", "XDG_CONFIG_HOME": folder.path]
        #expect(try Configuration.load(environment: variables).reconciler.workerCount == 8)
        let file = folder.appending(path: "landlord/config.yaml").path
        try Data("reconciler: {workers: 9}\n".utf8).write(to: URL(filePath: file))
        #expect(try Configuration.load(environment: variables).reconciler.workerCount == 9)
        #expect(try Configuration.load(path: file, environment: ["HOME": "/op"]).reconciler.workerCount == 9)
        for missing in [file + ".none", folder.path, file + "/x"] {
            let error = try #require(throws: DocumentError.self) {
                try Configuration.load(path: missing, environment: variables)
            }
            #expect(error.code == .unreadable)
        }
        let error = try #require(throws: DocumentError.self) {
            try Configuration.load(environment: ["HOME": "/op", "LANDLORD_CONFIG": file + ".none"])
        }
        #expect(error.description.contains("there is no such file"))
        let endless = try #require(throws: DocumentError.self) { try BoundedFile.read("/dev/zero") }
        #expect(endless.code == .tooLarge)
    }
}

@Suite struct DurationTextTests {
    @Test(arguments: [
        ("500ms", Duration.milliseconds(500)), ("30s", .seconds(30)), ("5m", .seconds(300)), ("24h", .seconds(86_400)),
        ("0s", .zero), ("007s", .seconds(7)),
    ])
    func `a duration is a number and its unit`(text: String, duration: Duration) {
        #expect(DurationText.parse(text) == duration)
    }

    @Test(arguments: [
        "", "5", "s", "-5s", "1.5s", "5 s", "5S", "5d", "٣s", "9223372036854775807h", "99999999999999999999s", "5sm",
    ])
    func `anything else is none`(text: String) {
        #expect(DurationText.parse(text) == nil)
    }

    @Test(arguments: ["1ms", "1500ms", "90s", "1m", "24h", "0ms", "25h"])
    func `a duration is written as it is read`(text: String) throws {
        #expect(DurationText.format(try #require(DurationText.parse(text))) == text)
    }
}

@Suite struct DirectoriesTests {
    @Test func `the folders follow the XDG rules`() {
        let plain = Directories(environment: ["HOME": "/op"])
        #expect(plain.database == "/op/.local/state/landlord/landlord.db")
        #expect(plain.configurationFile == "/op/.config/landlord/config.yaml")
        #expect(plain.data == ["/op/.local/share/landlord", "/usr/local/share/landlord", "/usr/share/landlord"])
        let moved = Directories(environment: [
            "HOME": "/op", "XDG_STATE_HOME": "/s", "XDG_CONFIG_HOME": "/c/", "XDG_DATA_DIRS": "/d:relative:/e",
        ])
        #expect(moved.state == "/s/landlord")
        #expect(moved.configuration == "/c/landlord")
        #expect(moved.data == ["/op/.local/share/landlord", "/d/landlord", "/e/landlord"])
    }

    @Test(arguments: ["", "relative", "./x"]) func `a variable that is no absolute path counts as unset`(value: String)
    {
        let directories = Directories(environment: ["HOME": "/op", "XDG_STATE_HOME": value])
        #expect(directories.state == "/op/.local/state/landlord")
        #expect(Directories(environment: ["HOME": value]).state == nil)
    }
}
