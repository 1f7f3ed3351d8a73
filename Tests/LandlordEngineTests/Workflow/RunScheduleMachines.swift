import LandlordDomain
import StatesLanguage
import Testing

@testable import LandlordEngine

/// Machines that have every kind of wait.
enum RunScheduleMachine {
    private static let task: JSONValue = ["Type": "Task", "Resource": "test:work", "End": true]

    private static let retrying: JSONValue = [
        "Type": "Task", "Resource": "test:work", "End": true,
        "Retry": [["ErrorEquals": ["Boom"], "IntervalSeconds": 3, "MaxAttempts": 2]],
        "Catch": [["ErrorEquals": ["States.ALL"], "Next": "Caught"]],
    ]

    static let all: [(name: String, document: JSONValue)] = [
        (
            "line",
            [
                "StartAt": "A",
                "States": [
                    "A": ["Type": "Task", "Resource": "test:work", "Next": "B"],
                    "B": ["Type": "Wait", "Seconds": 7, "Next": "C"], "C": retrying,
                    "Caught": ["Type": "Fail", "Error": "Caught"],
                ],
            ]
        ),
        (
            "parallel",
            [
                "StartAt": "P",
                "States": [
                    "P": [
                        "Type": "Parallel", "End": true,
                        "Branches": [
                            ["StartAt": "A", "States": ["A": task]],
                            ["StartAt": "W", "States": ["W": ["Type": "Wait", "Seconds": 5, "End": true]]],
                            ["StartAt": "B", "States": ["B": retrying, "Caught": ["Type": "Succeed"]]],
                        ],
                    ]
                ],
            ]
        ),
        (
            "map",
            [
                "StartAt": "M",
                "States": [
                    "M": [
                        "Type": "Map", "ItemsPath": "$.items", "MaxConcurrency": 3, "End": true,
                        "ItemProcessor": [
                            "StartAt": "A",
                            "States": [
                                "A": ["Type": "Task", "Resource": "test:work", "TimeoutSeconds": 40, "Next": "B"],
                                "B": retrying, "Caught": ["Type": "Succeed"],
                            ],
                        ],
                    ]
                ],
            ]
        ),
        (
            "saga",
            [
                "StartAt": "A", "Extensions": ["CompensateOnFailure": true],
                "States": [
                    "A": [
                        "Type": "Task", "Resource": "test:work", "Next": "B",
                        "Extensions": ["Compensation": "Undo", "Semaphore": "desk"],
                    ],
                    "B": [
                        "Type": "Task", "Resource": "landlord:activity:pack", "Next": "C", "TimeoutSeconds": 600,
                        "Extensions": ["Compensation": "Undo", "Semaphore": "desk", "Priority": 5],
                    ],
                    "C": ["Type": "Task", "Resource": "landlord:signal:go", "TimeoutSeconds": 600, "End": true],
                    "Undo": [
                        "Type": "Task", "Resource": "test:work", "End": true,
                        "Retry": [["ErrorEquals": ["Boom"], "IntervalSeconds": 1, "MaxAttempts": 3]],
                    ],
                ],
            ]
        ),
        (
            "parent",
            [
                "StartAt": "Both",
                "States": [
                    "Both": [
                        "Type": "Parallel", "End": true,
                        "Branches": [
                            [
                                "StartAt": "Wait for it",
                                "States": [
                                    "Wait for it": [
                                        "Type": "Task", "Resource": "landlord:workflow.sync", "End": true,
                                        "Parameters": ["Workflow": "saga", "Input": ["items": []]],
                                    ]
                                ],
                            ],
                            [
                                "StartAt": "Go on",
                                "States": [
                                    "Go on": [
                                        "Type": "Task", "Resource": "landlord:workflow", "End": true,
                                        "Parameters": ["Workflow": "line", "Input": ["items": []]],
                                    ]
                                ],
                            ],
                        ],
                    ]
                ],
            ]
        ),
        (
            "quick",
            [
                "StartAt": "A",
                "States": [
                    "A": ["Type": "Task", "Resource": "test:quick", "Next": "B"],
                    "B": ["Type": "Task", "Resource": "test:quick", "End": true],
                ],
            ]
        ),
    ]
}

extension RunScheduleMachine {
    /// The same machine with its states in the other order: each stands elsewhere, and does what it did.
    static func turned(_ document: JSONValue) -> JSONValue {
        guard case .object(var machine) = document, case .object(let states)? = machine["States"] else {
            return document
        }
        var turned: JSONObject = [:]
        for (name, state) in Array(states).reversed() { turned[name] = state }
        machine["States"] = .object(turned)
        machine["Comment"] = "turned"
        return .object(machine)
    }
}

/// What must be true of a run that chance has led to its end.
enum RunCheck {
    /// What is wrong: a task that was answered twice, an event that is missing, an end that is not the last event.
    static func violations(of run: WorkflowRun, in runs: DatabaseRunStore) async throws -> [String] {
        let events = try await runs.history(of: run.id, after: 0, limit: PageLimit.largest)
        let endings: Set<HistoryEventType> = [.executionSucceeded, .executionFailed, .executionAborted]
        // Each retry by an operator follows one ending; the last ending is the last event.
        let ended = events.filter { endings.contains($0.type) }.map(\.id)
        let retried = events.filter { $0.type == .executionRedriven }.count
        // One that is over may still be moved.
        let last = events.last { $0.type != .executionMoved }?.id
        let scheduled = events.filter { $0.type == .taskScheduled }.count
        let answered = events.filter { $0.type == .taskSucceeded || $0.type == .taskFailed }.count
        let taken = try await runs.signals(of: run.id).compactMap(\.task)
        let rules: [(String, Bool)] = [
            ("it is over", run.status.isTerminal),
            ("its events are there", events.map(\.id) == Array(1...run.eventCount)),
            ("it ends with its last event", ended.last == last && ended.count == retried + 1),
            ("no task was answered twice", answered <= scheduled),
            ("no task is open", try await runs.openTasks(of: run.id).isEmpty),
            ("no task took two signals", Set(taken).count == taken.count),
        ]
        return rules.filter { !$0.1 }.map { "\(run.id): it is not true that \($0.0)" }
    }
}
