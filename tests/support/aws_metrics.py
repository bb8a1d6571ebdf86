"""The metrics that AWS publishes by itself, as its documentation names them.

AWS/SQS: Amazon SQS Developer Guide, Available CloudWatch metrics for Amazon SQS
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
AWS/Lambda: AWS Lambda Developer Guide, Types of metrics for Lambda functions
https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
AWS/SNS: Amazon SNS Developer Guide, Monitoring Amazon SNS topics using CloudWatch
https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html
AWS/Events: Amazon EventBridge User Guide, Monitoring Amazon EventBridge; a rule on the default bus
has the dimension RuleName, a rule on another bus EventBusName as well
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
"""

# By namespace and set of dimensions, the type of resource that the last dimension names.
DIMENSIONS = {
    ("AWS/SQS", ("QueueName",)): "AWS::SQS::Queue",
    ("AWS/Lambda", ("FunctionName",)): "AWS::Serverless::Function",
    ("AWS/SNS", ("TopicName",)): "AWS::SNS::Topic",
    ("AWS/Events", ("RuleName",)): "AWS::Events::Rule",
    ("AWS/Events", ("EventBusName", "RuleName")): "AWS::Events::Rule",
}

# The attribute that gives a dimension's value, where CloudFormation's Ref does not.
ATTRIBUTES = {"QueueName": ".QueueName", "TopicName": ".TopicName"}

NAMES = {
    "AWS/SQS": {
        "ApproximateAgeOfOldestMessage",
        "ApproximateNumberOfGroupsWithInflightMessages",
        "ApproximateNumberOfMessagesDelayed",
        "ApproximateNumberOfMessagesNotVisible",
        "ApproximateNumberOfMessagesVisible",
        "NumberOfDeduplicatedSentMessages",
        "NumberOfEmptyReceives",
        "NumberOfMessagesDeleted",
        "NumberOfMessagesReceived",
        "NumberOfMessagesSent",
        "SentMessageSize",
    },
    "AWS/Lambda": {
        "AsyncEventAge",
        "AsyncEventsDropped",
        "AsyncEventsReceived",
        "ConcurrentExecutions",
        "DeadLetterErrors",
        "DestinationDeliveryFailures",
        "Duration",
        "Errors",
        "Invocations",
        "IteratorAge",
        "OffsetLag",
        "PostRuntimeExtensionsDuration",
        "RecursiveInvocationsDropped",
        "Throttles",
    },
    "AWS/SNS": {
        "NumberOfMessagesPublished",
        "NumberOfNotificationsDelivered",
        "NumberOfNotificationsFailed",
        "NumberOfNotificationsFailedToRedriveToDlq",
        "NumberOfNotificationsFilteredOut",
        "NumberOfNotificationsRedrivenToDlq",
        "PublishSize",
    },
    "AWS/Events": {
        "DeadLetterInvocations",
        "FailedInvocations",
        "InvocationAttempts",
        "Invocations",
        "InvocationsFailedToBeSentToDlq",
        "InvocationsSentToDlq",
        "MatchedEvents",
        "ThrottledRules",
        "TriggeredRules",
    },
}
