"""What holds signups: encrypted, reached by TLS only, and kept when the stack goes."""

from typing import Any

import pytest

from template.reading import FUNCTION, QUEUE, ROLE, TOPIC, Template

TABLE = "AWS::DynamoDB::Table"
SECRET = "AWS::SecretsManager::Secret"  # noqa: S105  # a resource type
LOG_GROUP = "AWS::Logs::LogGroup"
POLICIES = ("AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy")

OWN_KEY = {"Ref": "KmsKeyArn"}
# How each is encrypted without and with a key of one's own. DynamoDB, Secrets Manager and
# CloudWatch Logs always encrypt, with AWS's key if they are told nothing.
ENCRYPTION: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    QUEUE: ({"SqsManagedSseEnabled": True}, {"KmsMasterKeyId": OWN_KEY}),
    TOPIC: ({"KmsMasterKeyId": "alias/aws/sns"}, {"KmsMasterKeyId": OWN_KEY}),
    TABLE: (
        {},
        {"SSESpecification": {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": OWN_KEY}},
    ),
    SECRET: ({}, {"KmsKeyId": OWN_KEY}),
    LOG_GROUP: ({}, {"KmsKeyId": OWN_KEY}),
}
ENCRYPTION_PROPERTIES = {"SqsManagedSseEnabled", "KmsMasterKeyId", "KmsKeyId", "SSESpecification"}


@pytest.mark.parametrize("kind", ENCRYPTION)
def test_all_that_holds_data_is_encrypted(template: Template, kind: str) -> None:
    """By AWS's keys, or by KmsKeyArn."""
    names = list(template.of_type(kind))
    assert names
    for conditions, expected in zip((set(), {"HasKey"}), ENCRYPTION[kind], strict=True):
        for name in names:
            properties = template.properties(name, conditions)
            found = {key: properties[key] for key in ENCRYPTION_PROPERTIES & properties.keys()}
            assert found == expected, name


@pytest.mark.parametrize("role", sorted(Template().of_type(ROLE)))
def test_each_role_may_use_the_key(template: Template, role: str) -> None:
    (policy,) = template.properties(role, {"HasKey"})["Policies"]
    statements = {
        statement["Sid"]: statement for statement in policy["PolicyDocument"]["Statement"]
    }
    assert statements["UseKey"]["Resource"] == OWN_KEY
    assert statements["UseKey"]["Action"] == ["kms:Decrypt", "kms:GenerateDataKey"]


@pytest.mark.parametrize("resource", sorted(Template().of_type(QUEUE, TOPIC)))
def test_queues_and_topic_refuse_calls_without_tls(template: Template, resource: str) -> None:
    conditions = {"IsTlsRequired", "HasTopicPolicy"}
    denials = [
        statement
        for policy in template.of_type(*POLICIES)
        if {"Ref": resource} in _targets(properties := template.properties(policy, conditions))
        for statement in properties["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Deny"
    ]
    (denial,) = denials
    assert denial["Principal"] == "*"
    assert denial["Action"] in ("sqs:*", "sns:Publish")
    assert denial["Resource"] in ({"Ref": resource}, {"Fn::GetAtt": [resource, "Arn"]})
    assert denial["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def _targets(policy: dict[str, Any]) -> list[dict[str, str]]:
    targets: list[dict[str, str]] = policy.get("Queues") or policy["Topics"]
    return targets


def test_tls_is_required_by_default(template: Template) -> None:
    assert template.parameters["RequireTls"]["Default"] == "true"
    condition = template.document["Conditions"]["IsTlsRequired"]
    assert condition == {"Fn::Equals": [{"Ref": "RequireTls"}, "true"]}


def test_tls_can_be_waived_for_an_emulated_aws(template: Template) -> None:
    for statement in template.statements("Deny"):
        policy = template.resources[statement.found_in]
        if policy.get("Condition") != "IsTlsRequired":
            remaining = template.properties(statement.found_in)["PolicyDocument"]["Statement"]
            assert "Deny" not in {left["Effect"] for left in remaining}, statement.found_in


def test_policy_exists_only_with_a_statement(template: Template) -> None:
    """AWS refuses an empty one."""
    alternatives: dict[str | None, list[set[str]]] = {
        None: [set()],
        "IsTlsRequired": [{"IsTlsRequired"}],
        "HasTopicPolicy": [{"IsTlsRequired"}, {"HasProducers"}],
    }
    either = {"Fn::Or": [{"Condition": "IsTlsRequired"}, {"Condition": "HasProducers"}]}
    assert template.document["Conditions"]["HasTopicPolicy"] == either
    for name in template.of_type(*POLICIES):
        for conditions in alternatives[template.resources[name].get("Condition")]:
            assert template.properties(name, conditions)["PolicyDocument"]["Statement"], name


def test_what_holds_data_outlives_the_stack(template: Template) -> None:
    """Queues, ledger and secret are retained, whether deleted or replaced."""
    holders = template.of_type(QUEUE, TABLE, SECRET)
    assert len(holders) >= 5
    for name in holders:
        resource = template.resources[name]
        assert resource.get("DeletionPolicy") == "Retain", name
        assert resource.get("UpdateReplacePolicy") == "Retain", name


def test_ledger_can_be_restored_and_forgets_by_itself_and_is_paid_by_use(
    template: Template,
) -> None:
    ledger = template.properties("Ledger")
    assert ledger["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert ledger["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
    assert ledger["KeySchema"] == [{"AttributeName": "pk", "KeyType": "HASH"}]
    assert ledger["BillingMode"] == "PAY_PER_REQUEST"


def test_token_secret_is_created_without_a_value(template: Template) -> None:
    """No token passes through a template, a parameter or a change set."""
    for secret in template.of_type(SECRET).values():
        assert not {"SecretString", "GenerateSecretString"} & secret.keys()


def test_each_function_logs_to_a_group_of_its_own_that_forgets(template: Template) -> None:
    """After LogRetentionDays."""
    functions = template.of_type(FUNCTION)
    groups = [function["LoggingConfig"]["LogGroup"]["Ref"] for function in functions.values()]
    assert sorted(groups) == sorted(template.of_type(LOG_GROUP))
    for group in template.of_type(LOG_GROUP).values():
        assert group["RetentionInDays"] == {"Ref": "LogRetentionDays"}
