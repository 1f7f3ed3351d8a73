/// What is known of the optimized integrations of Step Functions: what they answer to, and which fields they need.
///
/// From the developer guide, "Integrating optimized services with Step Functions". Only what is certain is here, since
/// what contradicts it is reported as an error.
struct ServiceIntegration: Sendable {
    let hasSync: Bool
    let hasToken: Bool
    /// The fields an action needs, by its name.
    let required: [String: [String]]

    init(sync: Bool, token: Bool, _ required: [String: [String]] = [:]) {
        hasSync = sync
        hasToken = token
        self.required = required
    }

    static let all: [String: ServiceIntegration] = [
        "apigateway": .init(sync: false, token: true, ["invoke": ["ApiEndpoint", "Method"]]),
        "athena": .init(sync: true, token: false),
        "aws-sdk": .init(sync: false, token: true),
        "batch": .init(sync: true, token: false, ["submitJob": ["JobDefinition", "JobName", "JobQueue"]]),
        "bedrock": .init(sync: true, token: true),
        "codebuild": .init(sync: true, token: false),
        "databrew": .init(sync: true, token: false),
        "dynamodb": .init(
            sync: false, token: false,
            [
                "getItem": ["TableName", "Key"], "putItem": ["TableName", "Item"], "deleteItem": ["TableName", "Key"],
                "updateItem": ["TableName", "Key"],
            ]),
        "ecs": .init(sync: true, token: true, ["runTask": ["TaskDefinition"]]),
        "eks": .init(sync: true, token: true),
        "elasticmapreduce": .init(sync: true, token: false),
        "emr-containers": .init(sync: true, token: false),
        "emr-serverless": .init(sync: true, token: false),
        "events": .init(sync: false, token: true, ["putEvents": ["Entries"]]),
        "glue": .init(sync: true, token: false, ["startJobRun": ["JobName"]]),
        "http": .init(sync: false, token: false),
        "lambda": .init(sync: false, token: true, ["invoke": ["FunctionName"]]),
        "mediaconvert": .init(sync: true, token: false),
        "sagemaker": .init(sync: true, token: false),
        "sns": .init(sync: false, token: true, ["publish": ["Message"]]),
        "sqs": .init(sync: false, token: true, ["sendMessage": ["QueueUrl", "MessageBody"]]),
        "states": .init(sync: true, token: true, ["startExecution": ["StateMachineArn"]]),
    ]

    /// Fields that people write in the wrong case.
    static let commonFields: [String: [String]] = [
        "lambda:invoke": ["FunctionName", "Payload", "InvocationType", "ClientContext", "Qualifier", "LogType"],
        "sqs:sendMessage": [
            "QueueUrl", "MessageBody", "DelaySeconds", "MessageAttributes", "MessageDeduplicationId", "MessageGroupId",
        ],
        "sns:publish": ["TopicArn", "TargetArn", "PhoneNumber", "Message", "Subject", "MessageStructure"],
        "states:startExecution": ["StateMachineArn", "Input", "Name", "TraceHeader"],
        "dynamodb:getItem": ["TableName", "Key", "ConsistentRead", "ProjectionExpression"],
        "dynamodb:putItem": ["TableName", "Item", "ConditionExpression"],
        "ecs:runTask": ["Cluster", "TaskDefinition", "LaunchType", "NetworkConfiguration", "Overrides"],
        "events:putEvents": ["Entries"],
    ]
}

/// A resource of the form `arn:aws:states:::service:action`, taken apart.
struct IntegrationCall: Sendable, Hashable {
    let service: String
    /// The action without its pattern; of `aws-sdk` it is the service and the action.
    let action: String

    /// Takes the parts of an ARN between its colons.
    init?(_ parts: [String], _ pattern: TaskResource.Pattern) {
        guard parts.count >= 7, parts[2] == "states" else { return nil }
        service = parts[5]
        action = String(parts[6...].joined(separator: ":").dropLast(pattern.rawValue.utf8.count))
    }

    var integration: ServiceIntegration? { ServiceIntegration.all[service] }
}
