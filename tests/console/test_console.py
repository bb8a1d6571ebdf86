"""The dead-letter console in a browser: what an operator sees and does."""

from playwright.sync_api import Page, expect

from console.conftest import Open
from support.spacemedia.client import StandIn
from support.stack import Stack
from support.triage import Triage, bad_event
from support.waiting import wait_until


def test_an_empty_queue_says_so(triage: Triage, open_console: Open) -> None:
    del triage
    expect(open_console().locator("#widget")).to_contain_text("No dead letters")


def test_each_reason_has_a_card(triage: Triage, open_console: Open) -> None:
    """With its count, its meaning, and when SQS deletes the oldest letter."""
    triage.make_letters([bad_event("/hr"), bad_event("/hr"), "prose"])
    page = open_console()
    expect(page.locator("h3").first).to_have_text("3 dead letters with a reason")
    missing = page.locator(".card", has_text="Missing email")
    expect(missing.locator(".count")).to_have_text("2")
    expect(missing).to_contain_text("The event has no address.")
    expect(missing).to_contain_text("SQS deletes it on")
    expect(page.locator(".card", has_text="Malformed body").locator(".count")).to_have_text("1")


def test_drawing_refreshing_and_listing_receive_no_letter(
    triage: Triage, open_console: Open
) -> None:
    triage.make_letters([bad_event("/hr")])
    before = [letter["ReceiveCount"] for letter in triage.letters()]
    page = open_console()
    page.get_by_text("Show letters").click()
    expect(page.get_by_text("Missing email: 1 letter")).to_be_visible()
    page.get_by_text("All reasons").click()
    expect(page.get_by_text("1 dead letter with a reason")).to_be_visible()
    page.reload()
    assert [letter["ReceiveCount"] for letter in triage.letters()] == before


def test_an_operator_corrects_a_letter_and_the_person_is_invited(
    triage: Triage, api: StandIn, stack: Stack, open_console: Open
) -> None:
    (letter,) = triage.make_letters([bad_event("/hr", ["Artist"], "console at example.test")])
    roles = [role for role in api.settings()["roles"] if role != "Admin"][:2]
    page = _open_letter(open_console())
    popup = page.locator("#popup")
    expect(popup).to_contain_text("It failed with invalid_email: data.email is not")
    expect(popup.get_by_label("Address")).to_have_value("console at example.test")
    expect(popup.get_by_label("Roles")).to_have_value("Artist")
    popup.get_by_label("Address").fill("console@example.test")
    popup.get_by_label("Roles").fill(", ".join(roles))
    popup.get_by_label("Your name").fill("Ada")
    popup.get_by_text("Replay corrected").click()
    expect(popup).to_contain_text("1 letter replayed.")
    user = wait_until(lambda: api.users().get("console@example.test"), "the invitation")
    assert user.roles == [roles]
    assert stack.reasons()[letter]["handled_by"] == "Ada"
    page.get_by_text("Close", exact=True).click()
    expect(page.locator("#widget")).to_contain_text("No dead letters")


def test_one_button_replays_all_letters_with_a_reason(
    triage: Triage, api: StandIn, open_console: Open
) -> None:
    roles = api.settings()["roles"]
    people = [f"kind-{n}@example.test" for n in range(3)]
    triage.make_letters([bad_event("/hr", ["Conservator"], person) for person in people])
    api.configure(roles=[*roles, "Conservator"])
    page = open_console()
    page.get_by_text("Replay all of this kind").click()
    expect(page.locator("#popup")).to_contain_text("3 letters replayed.")
    wait_until(lambda: set(people) <= api.users().keys(), "all to be invited")
    api.configure(roles=roles)


def test_a_discard_needs_a_reason_and_the_ledger_keeps_it(
    triage: Triage, stack: Stack, open_console: Open
) -> None:
    (letter,) = triage.make_letters(["prose"])
    page = _open_letter(open_console())
    popup = page.locator("#popup")
    popup.get_by_text("Discard", exact=True).click()
    expect(popup).to_contain_text("why: must say why")
    assert triage.has_letters(letter)
    page.get_by_text("Close", exact=True).click()
    page = _open_letter(page)
    popup.get_by_label("Why").fill("a test run")
    popup.get_by_text("Discard", exact=True).click()
    expect(popup).to_contain_text("1 letter discarded.")
    assert stack.reasons()[letter]["why"] == "a test run"
    assert not triage.has_letters(letter)


def test_a_question_answered_with_no_does_nothing(triage: Triage, open_console: Open) -> None:
    (letter,) = triage.make_letters(["prose"])
    page = open_console(agree=False)
    page.get_by_text("Replay all of this kind").click()
    expect(page.locator("#popup")).to_be_hidden()
    assert triage.has_letters(letter)


def test_a_scan_lists_letters_for_which_the_function_never_ran(
    triage: Triage, stack: Stack, open_console: Open
) -> None:
    url = stack.outputs["DeadLetterQueueUrl"]
    stack.client("sqs").send_message(QueueUrl=url, MessageBody="{}")
    page = open_console()
    expect(page.locator("#widget")).to_contain_text("Letters without a reason yet: 1.")
    page.get_by_text("Scan", exact=True).click()
    expect(page.locator("#popup")).to_contain_text("New on the list: 1.")
    page.get_by_text("Close", exact=True).click()
    expect(page.locator(".card")).to_contain_text("Cause unknown")
    del triage


def _open_letter(page: Page) -> Page:
    page.get_by_text("Show letters").click()
    page.get_by_text("Open", exact=True).click()
    expect(page.locator("#popup pre")).to_be_visible()
    return page
