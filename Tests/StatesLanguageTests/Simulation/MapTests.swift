import StatesLanguage
import Testing

@Suite struct MapTests {
    private func map(_ fields: String, processor: String = #"{"Type":"Pass","End":true}"#, mode: String = "") -> String
    {
        let config = mode.isEmpty ? "" : "\"ProcessorConfig\":\(mode),"
        return """
            {"StartAt":"M","States":{"M":{"Type":"Map","End":true,\(fields)
            "ItemProcessor":{\(config)"StartAt":"P","States":{"P":\(processor)}}}}}
            """
    }

    private static let distributed = #"{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"}"#
    private static let task = #"{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","End":true}"#

    @Test func `MaxConcurrency bounds the iterations that run at once`() throws {
        let wait = #"{"Type":"Wait","Seconds":10,"End":true}"#
        let one = try Simulation.result(of: map(#""MaxConcurrency":2,"#, processor: wait), input: "[1,2,3,4,5]")
        #expect(one.seconds == .seconds(30))
        let path = try Simulation.result(
            of: map(#""MaxConcurrencyPath":"$.n","ItemsPath":"$.items","#, processor: wait),
            input: #"{"n":5,"items":[1,2,3,4,5]}"#)
        #expect(path.seconds == .seconds(10))
        let many = try Simulation.result(
            of: map("", processor: wait), input: "[\((0..<41).map(String.init).joined(separator: ","))]")
        #expect(many.seconds == .seconds(20))
    }

    @Test(arguments: [
        (
            #"{"n":"x","items":[1]}"#,
            #"The MaxConcurrencyPath field refers to value "x" which is not a valid integer: $.n"#
        ),
        (#"{"n":-1,"items":[1]}"#, "Expected non-negative integer for MaxConcurrency, got '-1' instead."),
    ])
    func `a concurrency that is no number fails the run`(input: String, cause: String) throws {
        let result = try Simulation.result(
            of: map(#""MaxConcurrencyPath":"$.n","ItemsPath":"$.items","#), input: input)
        #expect(result.error == "States.Runtime")
        #expect(result.cause?.hasSuffix(cause) == true)
    }

    @Test(arguments: ["5", #"{"a":1}"#, "null"]) func `what is no array cannot be mapped over`(input: String) throws {
        let result = try Simulation.result(of: map(""), input: input)
        #expect(result.error == "States.Runtime")
        #expect(result.cause?.contains("must point to array") == true)
    }

    @Test func `a distributed Map leaves its run in the history and not its items`() throws {
        let result = try Simulation.result(of: map(#""Label":"L","#, mode: Self.distributed), input: "[1,2]")
        #expect(
            result.history.map(\.type.rawValue) == [
                "ExecutionStarted", "MapStateEntered", "MapStateStarted", "MapRunStarted", "MapRunSucceeded",
                "MapStateSucceeded", "MapStateExited", "ExecutionSucceeded",
            ])
        let arn = try #require(result.details(.mapRunStarted)?["mapRunArn"]?.stringValue)
        #expect(arn.hasPrefix("arn:aws:states:us-east-1:123456789012:mapRun:StateMachine/L:"))
        #expect(result.output == [1, 2])
    }

    @Test func `an object is mapped over by its members where the Map is distributed`() throws {
        let fields = #""ItemSelector":{"k.$":"$$.Map.Item.Key","v.$":"$$.Map.Item.Value"},"#
        let result = try Simulation.result(of: map(fields, mode: Self.distributed), input: #"{"a":1,"b":2}"#)
        #expect(result.output == [["k": "a", "v": 1], ["k": "b", "v": 2]])
        let plain = try Simulation.result(of: map("", mode: Self.distributed), input: #"{"a":1}"#)
        #expect(plain.output == [["Key": "a", "Value": 1]])
    }

    @Test func `items come from a reader and go in batches`() throws {
        let fields = """
            "ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"JSON","MaxItems":9},
            "Parameters":{"Bucket.$":"$.b"}},"ItemBatcher":{"MaxItemsPerBatch":2,"BatchInput":{"x.$":"$.b"}},
            """
        let mocks = #"{"tasks":{"M":[{"return":[1,2,3]}]}}"#
        let result = try Simulation.result(
            of: map(fields, mode: Self.distributed), input: #"{"b":"bucket"}"#, mocks: mocks)
        #expect(
            result.output == [
                ["BatchInput": ["x": "bucket"], "Items": [1, 2]], ["BatchInput": ["x": "bucket"], "Items": [3]],
            ])
        let failed = try Simulation.result(
            of: map(fields, mode: Self.distributed), input: #"{"b":"bucket"}"#,
            mocks: #"{"tasks":{"M":[{"throw":{"error":"S3.NoSuchKey","cause":"gone"}}]}}"#)
        #expect(failed.error == "States.ItemReaderFailed")
        #expect(
            failed.history.suffix(3).map(\.type.rawValue) == ["MapRunFailed", "MapStateFailed", "ExecutionFailed"])
    }

    @Test func `the reader is asked with its computed parameters`() throws {
        let fields = """
            "ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"JSON","MaxItems":9},
            "Parameters":{"Bucket.$":"$.b"}},
            """
        let run = DrivenRun(try StateMachine(map(fields, mode: Self.distributed)), input: ["b": "bucket"])
        guard case .readItems(let read)? = run.commands.first else {
            Issue.record("The commands are \(run.commands).")
            return
        }
        #expect(read.parameters == ["Bucket": "bucket"])
        #expect(read.configuration == ["InputType": "JSON"])
        #expect(read.itemLimit == 9)
        #expect(run.state.openTasks == [read.id])
    }

    @Test(arguments: [
        (#""ToleratedFailureCount":1,"#, 1, true), (#""ToleratedFailureCount":1,"#, 2, false),
        (#""ToleratedFailurePercentage":50,"#, 2, true), (#""ToleratedFailurePercentage":50,"#, 3, false),
        ("", 1, false),
        // Specification, Map State: with both fields the state fails if either threshold is breached.
        (#""ToleratedFailureCount":3,"ToleratedFailurePercentage":25,"#, 2, false),
        (#""ToleratedFailureCount":1,"ToleratedFailurePercentage":75,"#, 2, false),
        (#""ToleratedFailureCount":2,"ToleratedFailurePercentage":50,"#, 2, true),
    ])
    func `a distributed Map tolerates so many failures`(fields: String, failures: Int, succeeds: Bool) throws {
        let outcomes = (0..<4).map {
            #""P\#($0 < failures ? "#\($0)" : "#9\($0)")":[{"throw":{"error":"E","cause":"C"}}]"#
        }
        let mocks = #"{"tasks":{\#(outcomes.joined(separator: ",")),"P":[{"return":1}]}}"#
        let result = try Simulation.result(
            of: map(fields, processor: Self.task, mode: Self.distributed), input: "[1,2,3,4]", mocks: mocks)
        #expect(result.status == (succeeds ? "SUCCEEDED" : "FAILED"))
        if succeeds {
            #expect(result.output?.arrayValue?.count == 4 - failures)
        } else {
            #expect(result.error == "States.ExceedToleratedFailureThreshold")
            #expect(result.cause == "The specified tolerated failure threshold was exceeded")
        }
    }

    @Test func `outcomes are chosen by iteration`() throws {
        let mocks = ##"{"tasks":{"P#1":[{"return":"one"}],"P":[{"return":"other"}]}}"##
        let result = try Simulation.result(of: map("", processor: Self.task), input: "[0,0,0]", mocks: mocks)
        #expect(result.output == ["other", "one", "other"])
    }

    @Test func `a written result is named by its place`() throws {
        let fields = """
            "ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"b","Prefix":"p"}},
            """
        let result = try Simulation.result(of: map(fields, mode: Self.distributed), input: "[1]")
        #expect(result.output?["ResultWriterDetails"]?["Bucket"] == "b")
        #expect(result.output?["ResultWriterDetails"]?["Key"]?.stringValue?.hasPrefix("p/") == true)
        #expect(result.output?["MapRunArn"]?.stringValue?.contains(":mapRun:") == true)
    }

    @Test func `old definitions name Iterator and Parameters`() throws {
        let definition = """
            {"StartAt":"M","States":{"M":{"Type":"Map","End":true,"Parameters":{"v.$":"$$.Map.Item.Value"},
            "Iterator":{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}}}}
            """
        #expect(try Simulation.result(of: definition, input: "[7]").output == [["v": 7]])
    }

    @Test func `a stored Map goes on where it was`() throws {
        var run = DrivenRun(try StateMachine(map(#""MaxConcurrency":2,"#, processor: Self.task)), input: [5, 6, 7])
        for round in 0..<3 {
            let stored = try RunState(json: JSONValue(parsing: run.state.json.serialized()))
            #expect(stored == run.state)
            run.state = stored
            let task = try #require(run.state.openTasks.first)
            run.take(.taskSucceeded(task: task, output: .number(JSONNumber(round))), at: .at(Double(round)))
        }
        #expect(run.output == [0, 1, 2])
        #expect(Interpreter.fold(machine: run.machine, inputs: run.inputs) == run.state)
    }
}
