"""Numbers that depend on each other: change one, and a test names the others."""

from invites.retry import MAX_BACKOFF, backoff_delay
from template.reading import QUEUE, Template

HOUR = 3600
DAY = 24 * HOUR
# SQS keeps no message longer.
LONGEST_RETENTION = 14 * DAY
# To notice a deployment that cannot start, and to roll it back.
HOURS_TO_ROLL_BACK = 4
# What one message that can never succeed may cost, in receives.
MOST_RECEIVES = 25
# Lambda's: above this batch size it wants a batching window of at least a second.
BATCH_WITHOUT_WINDOW = 10


def _mapping(template: Template) -> dict[str, object]:
    events = template.properties("SendInvitesFunction")["Events"]
    properties: dict[str, object] = events["SignupMessages"]["Properties"]
    return properties


def test_a_slow_batch_is_not_received_twice(template: Template) -> None:
    """The visibility timeout is at least six function timeouts and the batching window."""
    timeout = template.properties("SendInvitesFunction")["Timeout"]
    window = _mapping(template)["MaximumBatchingWindowInSeconds"]
    assert template.properties("SignupQueue")["VisibilityTimeout"] >= 6 * timeout + window


def test_a_function_that_cannot_start_dead_letters_nothing_for_hours(template: Template) -> None:
    """The visibility timeout times the fewest receives is at least four hours."""
    visibility = template.properties("SignupQueue")["VisibilityTimeout"]
    fewest = template.parameters["MaxReceiveCount"]["MinValue"]
    assert visibility * fewest >= HOURS_TO_ROLL_BACK * HOUR


def test_the_receive_count_is_the_parameter_and_bounded(template: Template) -> None:
    """The redrive policy takes MaxReceiveCount, whose bounds and default are in order."""
    redrive = template.properties("SignupQueue")["RedrivePolicy"]
    assert redrive["maxReceiveCount"] == {"Ref": "MaxReceiveCount"}
    receives = template.parameters["MaxReceiveCount"]
    assert receives["MinValue"] <= receives["Default"] <= receives["MaxValue"] <= MOST_RECEIVES


def test_retention(template: Template) -> None:
    """The source queue keeps messages for 7 days, all others as long as SQS can.

    A dead letter's retention runs from its first send, so its queue must keep it for longer.
    """
    retention = {
        name: one["MessageRetentionPeriod"] for name, one in template.of_type(QUEUE).items()
    }
    assert retention.pop("SignupQueue") == 7 * DAY
    assert retention
    assert set(retention.values()) == {LONGEST_RETENTION}


def test_the_batching_window_allows_the_largest_batch(template: Template) -> None:
    """There is a batching window wherever the batch can be larger than Lambda allows without."""
    mapping = _mapping(template)
    assert mapping["BatchSize"] == {"Ref": "BatchSize"}
    assert template.parameters["BatchSize"]["MaxValue"] > BATCH_WITHOUT_WINDOW
    assert mapping["MaximumBatchingWindowInSeconds"] == 1


def test_batch_size(template: Template) -> None:
    """The batch size is bounded, and by default what one call to SQS receives."""
    batch = template.parameters["BatchSize"]
    assert (batch["MinValue"], batch["Default"], batch["MaxValue"]) == (1, 10, 100)


def test_maximum_concurrency(template: Template) -> None:
    """The concurrency has the bounds that Lambda sets, and the smallest as default."""
    concurrency = template.parameters["MaximumConcurrency"]
    assert (concurrency["MinValue"], concurrency["MaxValue"]) == (2, 1000)
    assert concurrency["Default"] == 2


def test_logs_outlive_every_message(template: Template) -> None:
    """By default the log of whatever is still in a queue can be read."""
    days = template.parameters["LogRetentionDays"]
    assert days["Default"] in days["AllowedValues"]
    assert days["Default"] * DAY >= LONGEST_RETENTION


def test_an_undeliverable_event_is_tried_for_a_day(template: Template) -> None:
    """The rule retries for as long and as often as EventBridge can."""
    (target,) = template.properties("SignupRule")["Targets"]
    assert target["RetryPolicy"] == {"MaximumRetryAttempts": 185, "MaximumEventAgeInSeconds": DAY}


def test_the_error_alarm_is_on_before_the_batch_comes_back(template: Template) -> None:
    """The function's errors are summed over less than the visibility timeout."""
    period = template.properties("FunctionErrorsAlarm")["Period"]
    assert period < template.properties("SignupQueue")["VisibilityTimeout"]


def test_letters_are_told_of_days_before_they_are_deleted(template: Template) -> None:
    """A dead letter has what the source queue left it of its 14 days; three must be left then."""
    waited = template.properties("SignupQueue")["MessageRetentionPeriod"]
    least = {
        "LettersNearDeletionAlarm": LONGEST_RETENTION - waited,
        "UndeliveredNearDeletionAlarm": LONGEST_RETENTION,
    }
    for name, seconds in least.items():
        alarm = template.properties(name)
        window = alarm["Period"] * alarm["EvaluationPeriods"]
        assert window <= seconds - 3 * DAY
        # CloudWatch's own limit, of alarms with a period of at least an hour.
        assert alarm["Period"] >= HOUR
        assert window <= 7 * DAY


def test_the_oldest_is_not_forgotten_between_two_tries(template: Template) -> None:
    """The alarm looks back further than the longest wait of the schedule, and comes in time."""
    alarm = template.properties("OldestSignupAlarm")
    assert alarm["Period"] * alarm["EvaluationPeriods"] > MAX_BACKOFF
    receives = template.parameters["MaxReceiveCount"]["MinValue"]
    given_up = sum(backoff_delay(receive, 0.0) for receive in range(1, receives))
    assert alarm["Threshold"] < given_up / 2
