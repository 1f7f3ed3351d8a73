import StatesLanguage
import Testing

@Suite struct RetryTests {
    private func machine(retry: String = "[]", catching: String = "[]", rest: String = "") throws -> StateMachine {
        let reachable = catching == "[]" ? "" : ",\"H\":{\"Type\":\"Pass\",\"End\":true}"
        return try StateMachine(
            """
            {"StartAt":"S","States":{"S":{"Type":"Task","Resource":"r","End":true,
              "Retry":\(retry),"Catch":\(catching)\(rest)}
            \(reachable)}}
            """)
    }

    /// Fails the open task and answers the delay of the back-off that follows, if one does.
    private func failTask(_ run: inout DrivenRun, _ error: String, at seconds: Double) -> Duration? {
        guard let task = run.state.openTasks.first else { return nil }
        run.take(.taskFailed(task: task, error: error, cause: "because"), at: .at(seconds))
        guard case .backoff(let until, _, _) = run.state.waiting else { return nil }
        return until.duration(since: Stamp.at(seconds).now)
    }

    @Test func `attempts wait longer and longer, up to the longest delay, and then end`() throws {
        let rule = #"[{"ErrorEquals":["E"],"IntervalSeconds":3,"BackoffRate":1.5,"MaxAttempts":4,"MaxDelaySeconds":6}]"#
        var run = DrivenRun(try machine(retry: rule))
        for (attempt, delay) in [3_000, 4_500, 6_000, 6_000].enumerated() {
            #expect(run.lastTask?.attempt == attempt + 1)
            #expect(failTask(&run, "E", at: 0) == .milliseconds(delay))
            let until = Stamp.at(Double(delay) / 1_000).now
            #expect(run.state.waiting == .backoff(until: until, attempt: attempt + 2, error: "E"))
            run.take(.timerFired(timer: run.state.openTimers[0]), at: .at(Double(delay)))
        }
        #expect(run.lastTask?.attempt == 5)
        #expect(failTask(&run, "E", at: 0) == nil)
        #expect(run.state.outcome == .failed(error: "E", cause: "because"))
        #expect(run.types.filter { $0 == "TaskFailed" }.count == 5)
        #expect(run.types.filter { $0 == "TaskStateEntered" }.count == 1)
    }

    @Test func `the defaults are three attempts after 1, 2 and 4 seconds`() throws {
        var run = DrivenRun(try machine(retry: #"[{"ErrorEquals":["States.ALL"]}]"#))
        for delay in [1, 2, 4] {
            #expect(failTask(&run, "Any", at: 0) == .seconds(delay))
            run.take(.timerFired(timer: run.state.openTimers[0]), at: .at(10))
        }
        #expect(failTask(&run, "Any", at: 0) == nil)
        #expect(run.error == "Any")
    }

    @Test func `full jitter stays within the delay and follows from the seed`() throws {
        let machine = try machine(
            retry: #"[{"ErrorEquals":["E"],"IntervalSeconds":100,"JitterStrategy":"FULL","MaxAttempts":1}]"#)
        let delay = { (seed: UInt64) -> Duration? in
            var run = DrivenRun(machine)
            run.take(.taskFailed(task: 1, error: "E", cause: ""), at: .at(0, seed: seed))
            guard case .backoff(let until, _, _) = run.state.waiting else { return nil }
            return until.duration(since: Stamp.at(0).now)
        }
        let delays = (0..<200).compactMap { delay(UInt64($0)) }
        #expect(delays.count == 200)
        #expect(delays.allSatisfy { $0 >= .zero && $0 <= .seconds(100) })
        #expect(Set(delays).count > 150)
        #expect(delay(7) == delay(7))
    }

    @Test func `each rule counts its own attempts, and the first that names the error is the one`() throws {
        var run = DrivenRun(
            try machine(
                retry:
                    #"[{"ErrorEquals":["A"],"MaxAttempts":1},"#
                    + #"{"ErrorEquals":["B","A"],"IntervalSeconds":9,"MaxAttempts":1}]"#
            ))
        #expect(failTask(&run, "A", at: 0) == .seconds(1))
        run.take(.timerFired(timer: run.state.openTimers[0]), at: .at(1))
        #expect(failTask(&run, "B", at: 1) == .seconds(9))
        run.take(.timerFired(timer: run.state.openTimers[0]), at: .at(10))
        #expect(run.lastTask?.attempt == 3)
        #expect(failTask(&run, "A", at: 10) == nil)
        #expect(run.error == "A")
    }

    @Test func `no attempts are no retry`() throws {
        var run = DrivenRun(try machine(retry: #"[{"ErrorEquals":["E"],"MaxAttempts":0}]"#))
        #expect(failTask(&run, "E", at: 0) == nil)
        #expect(run.error == "E")
    }

    @Test func `a catcher takes over when the retries are spent`() throws {
        var run = DrivenRun(
            try machine(
                retry: #"[{"ErrorEquals":["E"],"MaxAttempts":1}]"#,
                catching: #"[{"ErrorEquals":["F"],"Next":"S"},{"ErrorEquals":["E"],"Next":"H","ResultPath":"$.err"}]"#),
            input: ["a": 1])
        #expect(failTask(&run, "E", at: 0) == .seconds(1))
        run.take(.timerFired(timer: run.state.openTimers[0]), at: .at(1))
        #expect(failTask(&run, "E", at: 1) == nil)
        #expect(run.output == ["a": 1, "err": ["Error": "E", "Cause": "because"]])
        #expect(
            run.types.suffix(5) == [
                "TaskFailed", "TaskStateExited", "PassStateEntered", "PassStateExited", "ExecutionSucceeded",
            ])
    }

    @Test(arguments: [
        ("E", "States.ALL", true), ("E", "States.TaskFailed", true), ("E", "F", false),
        ("States.Timeout", "States.Timeout", true), ("States.Timeout", "States.TaskFailed", false),
        ("States.Timeout", "States.ALL", true), ("States.HeartbeatTimeout", "States.Timeout", true),
        ("States.HeartbeatTimeout", "States.HeartbeatTimeout", true),
        ("States.Timeout", "States.HeartbeatTimeout", false),
        ("States.Runtime", "States.ALL", false), ("States.Runtime", "States.TaskFailed", false),
        ("States.Runtime", "States.Runtime", false), ("States.DataLimitExceeded", "States.ALL", false),
        ("States.DataLimitExceeded", "States.DataLimitExceeded", true),
        ("States.Permissions", "States.Permissions", true),
        ("States.TaskFailed", "States.TaskFailed", true),
    ])
    func `the wildcard names stand for what the language says`(error: String, name: String, isCaught: Bool) throws {
        var run = DrivenRun(try machine(catching: "[{\"ErrorEquals\":[\"\(name)\"],\"Next\":\"H\"}]"))
        // Step Functions reports a lost heartbeat as a time-out.
        let reported = error == "States.HeartbeatTimeout" ? "States.Timeout" : error
        run.take(.taskFailed(task: 1, error: error, cause: "c"), at: .at(1))
        #expect(run.output == (isCaught ? ["Error": .string(reported), "Cause": "c"] : nil))
        #expect(run.error == (isCaught ? nil : error))
    }

    @Test func `a time-out and a lost heartbeat are caught like other errors`() throws {
        var run = DrivenRun(
            try machine(
                catching: #"[{"ErrorEquals":["States.Timeout"],"Next":"H"}]"#, rest: #","TimeoutSeconds":2"#))
        run.take(.timerFired(timer: 2), at: .at(2))
        #expect(run.output?["Error"] == "States.Timeout")
        #expect(run.commands.contains(.cancelTask(id: 1)))
        var silent = DrivenRun(
            try machine(catching: #"[{"ErrorEquals":["States.HeartbeatTimeout"],"Next":"H"}]"#))
        silent.take(.taskFailed(task: 1, error: "States.HeartbeatTimeout", cause: ""), at: .at(2))
        #expect(silent.types.contains("TaskTimedOut"))
        #expect(silent.output?["Error"] == "States.Timeout")
    }

    @Test func `a path that finds nothing ends the run, whatever is caught`() throws {
        let catching = #"[{"ErrorEquals":["States.ALL"],"Next":"H","ResultPath":"$.e"}]"#
        let input = try machine(catching: catching, rest: #","Parameters":{"x.$":"$.none"}"#)
        #expect(DrivenRun(input, input: ["a": 1]).error == "States.Runtime")
        var output = DrivenRun(try machine(catching: catching, rest: #","ResultSelector":{"x.$":"$.none"}"#))
        output.take(.taskSucceeded(task: 1, output: [:]), at: .at(1))
        #expect(output.error == "States.Runtime")
    }

    @Test func `errors of input and output processing are caught too`() throws {
        let input = try machine(
            catching: #"[{"ErrorEquals":["States.IntrinsicFailure"],"Next":"H","ResultPath":"$.e"}]"#,
            rest: #","Parameters":{"x.$":"States.StringToJson('{')"}"#)
        let run = DrivenRun(input, input: ["a": 1])
        #expect(run.output?["e"]?["Error"] == "States.IntrinsicFailure")
        #expect(run.output?["a"] == 1)
        var output = DrivenRun(
            try machine(
                catching: #"[{"ErrorEquals":["States.ALL"],"Next":"H"}]"#,
                rest: #","ResultSelector":{"x.$":"States.StringToJson('{')"}"#)
        )
        output.take(.taskSucceeded(task: 1, output: [:]), at: .at(1))
        #expect(output.output?["Error"] == "States.IntrinsicFailure")
    }

    @Test func `a retried task sees its count in the context, and a new visit starts afresh`() throws {
        let machine = try StateMachine(
            """
            {"StartAt":"S","States":{"S":{"Type":"Task","Resource":"r","Parameters":{"n.$":"$$.State.RetryCount"},
              "Retry":[{"ErrorEquals":["E"],"MaxAttempts":1}],"Catch":[{"ErrorEquals":["E"],"Next":"S"}],"End":true}}}
            """)
        var run = DrivenRun(machine)
        #expect(run.lastTask?.parameters == ["n": 0])
        #expect(failTask(&run, "E", at: 0) == .seconds(1))
        run.take(.timerFired(timer: run.state.openTimers[0]), at: .at(1))
        #expect(run.lastTask?.parameters == ["n": 1])
        #expect(failTask(&run, "E", at: 1) == nil)
        #expect(run.lastTask?.parameters == ["n": 0])
        #expect(run.lastTask?.attempt == 1)
    }
}
