"""The parameters: what they are by default, and what they refuse."""

import re

import pytest

from template.reading import Template

DEFAULTS = {
    "ApiBaseUrl": "https://enterprise.spacemedia.uk",
    "EmailTakenText": "The email has already been taken.",
    "DefaultRoles": "Artist",
    "AllowedEmailDomains": "",
    "DeniedEmailDomains": "",
    "AllowedTenants": "",
    "DeniedTenants": "",
    "AllowedSources": "",
    "DeniedSources": "",
    "UnverifiedRefusedSources": "",
    "SendingEnabled": "true",
    "MaxInvitesPerMinute": 0,
    "RememberDays": 30,
    "BatchSize": 10,
    "MaximumConcurrency": 2,
    "MaxReceiveCount": 20,
    "ProducerPrincipalArns": "",
    "EventBusName": "",
    "EventPattern": "",
    "OutcomeTopicArn": "",
    "ApiCredentialsSecretArn": "",
    "TokenRotationSchedule": "",
    "KmsKeyArn": "",
    "PermissionsBoundaryArn": "",
    "RequireTls": "true",
    "LogLevel": "INFO",
    "LogRetentionDays": 30,
    "Monitoring": "full",
    "AlarmTopicArn": "",
}
ROLE_ARN = "arn:aws:iam::111122223333:role/hr/sync"
SECRET_ARN = "arn:aws:secretsmanager:eu-west-2:111122223333:secret:spacemedia/key-a1B2c3"  # noqa: S105  # a name
KEY_ARN = "arn:aws:kms:eu-west-2:111122223333:key/2bdd902c-d721-4683-9702-80d0f733ab72"

ACCEPTED = [
    ("ApiBaseUrl", "https://api.example.com/space-media/v2"),
    ("ApiBaseUrl", "https://api.example.com:8443"),
    ("ApiBaseUrl", "http://127.0.0.1:9"),
    ("ApiBaseUrl", "http://localhost:8080/prefix"),
    ("ApiBaseUrl", "http://[::1]:8080"),
    ("EmailTakenText", "Die E-Mail-Adresse ist bereits vergeben."),
    ("DefaultRoles", "Artist, Gallery Admin"),
    ("DefaultRoles", "Administrator,Artist"),
    ("AllowedEmailDomains", "example.com,xn--bcher-kva.example"),
    ("DeniedEmailDomains", "*.example.com, example.org"),
    ("AllowedTenants", "northwind,https://hr.example.com/,eu-west-2_Ab1"),
    ("DeniedTenants", "northwind"),
    ("AllowedSources", "okta, google_workspace"),
    ("DeniedSources", "canonical"),
    ("UnverifiedRefusedSources", "*"),
    ("UnverifiedRefusedSources", "auth0,clerk"),
    ("ProducerPrincipalArns", f"{ROLE_ARN},arn:aws:iam::111122223333:root"),
    ("EventBusName", "aws.partner/okta.example/bus-1"),
    ("EventPattern", '{"source": ["hr"],\n "detail-type": ["user.created"]}'),
    ("OutcomeTopicArn", "arn:aws:sns:eu-west-2:111122223333:outcomes"),
    ("ApiCredentialsSecretArn", SECRET_ARN),
    ("TokenRotationSchedule", "rate(7 days)"),
    ("TokenRotationSchedule", "rate(1 day)"),
    ("TokenRotationSchedule", "rate(4 hours)"),
    ("TokenRotationSchedule", "cron(0 4 ? * MON *)"),
    ("KmsKeyArn", KEY_ARN),
    ("PermissionsBoundaryArn", "arn:aws:iam::111122223333:policy/team/boundary"),
    ("AlarmTopicArn", "arn:aws:sns:eu-west-2:111122223333:on-call"),
]
REFUSED = [
    ("ApiBaseUrl", ""),
    ("ApiBaseUrl", "enterprise.spacemedia.uk"),
    ("ApiBaseUrl", "http://enterprise.spacemedia.uk"),
    ("ApiBaseUrl", "http://localhost.example.com"),
    ("ApiBaseUrl", "http://127.0.0.1.example.com"),
    ("ApiBaseUrl", "http://127.0.0.1@example.com"),
    ("ApiBaseUrl", "https://user:password@example.com"),
    ("ApiBaseUrl", "https://example.com/"),
    ("ApiBaseUrl", "https://example.com//api"),
    ("ApiBaseUrl", "https://example.com?tenant=1"),
    ("ApiBaseUrl", "https://example.com#top"),
    ("ApiBaseUrl", "https://example.com/api\n"),
    ("EmailTakenText", ""),
    ("EmailTakenText", " "),
    ("EmailTakenText", "taken "),
    ("DefaultRoles", ""),
    ("DefaultRoles", "Artist,,Editor"),
    ("DefaultRoles", "Admin"),
    ("DefaultRoles", "Artist, ADMIN "),
    ("DefaultRoles", "admin,Artist"),
    ("AllowedEmailDomains", "*"),
    ("AllowedEmailDomains", "@example.com"),
    ("DeniedEmailDomains", "*"),
    ("AllowedTenants", ","),
    ("DeniedTenants", "two words"),
    ("AllowedSources", "Okta"),
    ("DeniedSources", "okta,"),
    ("UnverifiedRefusedSources", "*,okta"),
    ("ProducerPrincipalArns", "*"),
    ("ProducerPrincipalArns", f"{ROLE_ARN}, {ROLE_ARN}"),
    ("ProducerPrincipalArns", "arn:aws:iam::111122223333:role/*"),
    ("EventPattern", "source=hr"),
    ("OutcomeTopicArn", "outcomes"),
    ("OutcomeTopicArn", "arn:aws:sns:eu-west-2:111122223333:outcomes.fifo"),
    ("ApiCredentialsSecretArn", "spacemedia/key"),
    ("ApiCredentialsSecretArn", "arn:aws:secretsmanager:eu-west-2:111122223333:secret:key"),
    ("ApiCredentialsSecretArn", "arn:aws:secretsmanager:eu-west-2:111122223333:secret:*"),
    ("TokenRotationSchedule", "7 days"),
    ("TokenRotationSchedule", "rate(0 days)"),
    ("TokenRotationSchedule", "rate(30 minutes)"),
    ("TokenRotationSchedule", "rate(3 hours)"),
    ("TokenRotationSchedule", "cron()"),
    ("KmsKeyArn", "alias/my-key"),
    ("PermissionsBoundaryArn", "boundary"),
    ("AlarmTopicArn", "on-call"),
]


def test_every_parameter_has_a_default(template: Template) -> None:
    """So a first deployment needs no answer."""
    assert {
        name: parameter.get("Default") for name, parameter in template.parameters.items()
    } == DEFAULTS


@pytest.mark.parametrize("name", sorted(DEFAULTS))
def test_every_parameter_has_a_description_and_refuses_something(
    template: Template, name: str
) -> None:
    """And accepts its default."""
    parameter = template.parameters[name]
    assert parameter["Description"].endswith(".")
    assert {"AllowedPattern", "AllowedValues", "MinValue"} & parameter.keys()
    if "AllowedPattern" in parameter:
        assert parameter["ConstraintDescription"]
        assert re.fullmatch(parameter["AllowedPattern"], parameter["Default"])


@pytest.mark.parametrize(("name", "value"), ACCEPTED)
def test_parameter_accepts(template: Template, name: str, value: str) -> None:
    assert re.fullmatch(template.parameters[name]["AllowedPattern"], value)


@pytest.mark.parametrize(("name", "value"), REFUSED)
def test_parameter_refuses(template: Template, name: str, value: str) -> None:
    """The deployment stops at this value, before anything is created."""
    assert not re.fullmatch(template.parameters[name]["AllowedPattern"], value)


def test_every_parameter_has_a_label_and_is_in_one_group(template: Template) -> None:
    interface = template.document["Metadata"]["AWS::CloudFormation::Interface"]
    grouped = [name for group in interface["ParameterGroups"] for name in group["Parameters"]]
    assert sorted(grouped) == sorted(template.parameters)
    assert sorted(interface["ParameterLabels"]) == sorted(template.parameters)


def test_parameters_that_need_each_other_are_refused_alone(template: Template) -> None:
    """A bus or a pattern alone would forward nothing, a schedule alone renew nothing, silently."""
    rules = template.document["Rules"]
    refused = {
        (_set(rule["RuleCondition"]), _set(rule["Assertions"][0]["Assert"]))
        for rule in rules.values()
    }
    assert refused == {
        ("EventBusName", "EventPattern"),
        ("EventPattern", "EventBusName"),
        ("TokenRotationSchedule", "ApiCredentialsSecretArn"),
    }


def _set(condition: dict[str, list[dict[str, list[dict[str, str]]]]]) -> str:
    """The parameter in "not equal to nothing"."""
    parameter, nothing = condition["Fn::Not"][0]["Fn::Equals"]
    assert nothing == ""  # type: ignore[comparison-overlap]  # the second is a string
    return parameter["Ref"]
