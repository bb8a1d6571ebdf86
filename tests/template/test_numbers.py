"""Numbers that depend on each other: change one, and a test names the others."""

from invites.retry import MAX_BACKOFF, backoff_delay
from template.reading import QUEUE, Template

HOUR = 3600
DAY = 24 * HOUR
# SQS keeps no message longer.
MAX_RETENTION = 14 * DAY
# To notice a deployment that cannot start, and to roll it back.
HOURS_TO_ROLL_BACK = 4
# What one message that can never succeed may cost, in receives.
MAX_RECEIVES = 25
# Lambda's: above this batch size it wants a batching window of at least a second.
BATCH_WITHOUT_WINDOW = 10


def _mapping(template: Template) -> dict[str, object]:
    events = template.properties("SendInvitesFunction")["Events"]
    properties: dict[str, object] = events["SignupMessages"]["Properties"]
    return properties


def test_slow_batch_is_not_received_twice(template: Template) -> None:
    """The visibility timeout is at least six function timeouts and the batching window."""
    timeout = template.properties("SendInvitesFunction")["Timeout"]
    window = _mapping(template)["MaximumBatchingWindowInSeconds"]
    assert template.properties("SignupQueue")["VisibilityTimeout"] >= 6 * timeout + window


def test_function_that_cannot_start_dead_letters_nothing_for_four_hours(template: Template) -> None:
    """The visibility timeout times the fewest receives is at least that."""
    visibility = template.properties("SignupQueue")["VisibilityTimeout"]
    fewest = template.parameters["MaxReceiveCount"]["MinValue"]
    assert visibility * fewest >= HOURS_TO_ROLL_BACK * HOUR


def test_receive_count_is_the_parameter_and_bounded(template: Template) -> None:
    redrive = template.properties("SignupQueue")["RedrivePolicy"]
    assert redrive["maxReceiveCount"] == {"Ref": "MaxReceiveCount"}
    receives = template.parameters["MaxReceiveCount"]
    assert receives["MinValue"] <= receives["Default"] <= receives["MaxValue"] <= MAX_RECEIVES


def test_signup_queue_keeps_messages_for_7_days_and_the_others_for_14(template: Template) -> None:
    """The source queue keeps messages for 7 days, all others as long as SQS can.

    A dead letter's retention runs from its first send, so its queue must keep it for longer.
    """
    retention = {
        name: queue["MessageRetentionPeriod"] for name, queue in template.of_type(QUEUE).items()
    }
    assert retention.pop("SignupQueue") == 7 * DAY
    assert retention
    assert set(retention.values()) == {MAX_RETENTION}


def test_batching_window_allows_the_largest_batch(template: Template) -> None:
    """Lambda requires one for batches of more than 10."""
    mapping = _mapping(template)
    assert mapping["BatchSize"] == {"Ref": "BatchSize"}
    assert template.parameters["BatchSize"]["MaxValue"] > BATCH_WITHOUT_WINDOW
    assert mapping["MaximumBatchingWindowInSeconds"] == 1


def test_batch_size_is_bounded_and_by_default_one_receive(template: Template) -> None:
    batch = template.parameters["BatchSize"]
    assert (batch["MinValue"], batch["Default"], batch["MaxValue"]) == (1, 10, 100)


def test_maximum_concurrency_has_the_bounds_of_lambda_and_its_least_as_default(
    template: Template,
) -> None:
    concurrency = template.parameters["MaximumConcurrency"]
    assert (concurrency["MinValue"], concurrency["MaxValue"]) == (2, 1000)
    assert concurrency["Default"] == 2


def test_logs_outlive_every_message(template: Template) -> None:
    """So the log of a message that is still in a queue can be read."""
    days = template.parameters["LogRetentionDays"]
    assert days["Default"] in days["AllowedValues"]
    assert days["Default"] * DAY >= MAX_RETENTION


def test_rule_tries_to_deliver_as_long_and_as_often_as_eventbridge_can(template: Template) -> None:
    (target,) = template.properties("SignupRule")["Targets"]
    assert target["RetryPolicy"] == {"MaximumRetryAttempts": 185, "MaximumEventAgeInSeconds": DAY}


def test_error_alarm_is_on_before_the_batch_comes_back(template: Template) -> None:
    """Its period is shorter than the visibility timeout."""
    period = template.properties("FunctionErrorsAlarm")["Period"]
    assert period < template.properties("SignupQueue")["VisibilityTimeout"]


def test_alarm_on_old_letters_leaves_three_days_before_deletion(template: Template) -> None:
    """A dead letter has what the signup queue left it of its 14 days."""
    waited = template.properties("SignupQueue")["MessageRetentionPeriod"]
    time_left = {
        "LettersNearDeletionAlarm": MAX_RETENTION - waited,
        "UndeliveredNearDeletionAlarm": MAX_RETENTION,
    }
    for name, seconds in time_left.items():
        alarm = template.properties(name)
        window = alarm["Period"] * alarm["EvaluationPeriods"]
        assert window <= seconds - 3 * DAY
        # CloudWatch's own limit, of alarms with a period of at least an hour.
        assert alarm["Period"] >= HOUR
        assert window <= 7 * DAY


def test_alarm_on_the_oldest_signup_looks_back_past_the_longest_backoff(template: Template) -> None:
    """And it goes on while most of the tries are left."""
    alarm = template.properties("OldestSignupAlarm")
    assert alarm["Period"] * alarm["EvaluationPeriods"] > MAX_BACKOFF
    receives = template.parameters["MaxReceiveCount"]["MinValue"]
    given_up = sum(backoff_delay(receive, 0.0) for receive in range(1, receives))
    assert alarm["Threshold"] < given_up / 2
