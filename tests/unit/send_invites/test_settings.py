"""send_invites.settings: which variables there are, and which values are refused."""

import pytest

from aws_adapters.settings import SettingsError
from send_invites.settings import Settings
from support.environment import SETTINGS as GOOD

NUMBERS = [
    "MAX_INVITES_PER_MINUTE",
    "REMEMBER_DAYS",
    "MAX_RECEIVE_COUNT",
    "QUEUE_RETENTION_SECONDS",
]


def test_each_variable_has_its_field() -> None:
    assert Settings.from_environment(GOOD) == Settings(
        api_base_url=GOOD["API_BASE_URL"],
        token_secret_id=GOOD["TOKEN_SECRET_ID"],
        ledger_table_name="ledger",
        signup_queue_url=GOOD["SIGNUP_QUEUE_URL"],
        email_taken="The email has already been taken.",
        max_invites_per_minute=0,
        remember_days=30,
        max_receive_count=20,
        queue_retention_seconds=604_800,
    )


@pytest.mark.parametrize("value", [None, "", "  "])
@pytest.mark.parametrize("name", GOOD)
def test_variable_that_is_not_set_or_empty_is_named(name: str, value: str | None) -> None:
    environment = {key: text for key, text in GOOD.items() if key != name}
    if value is not None:
        environment[name] = value
    with pytest.raises(SettingsError, match=f"^{name}: "):
        Settings.from_environment(environment)


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("value", ["-1", "1.5", "ten", "1e3", "0x10", "+", "²"])
def test_variable_that_is_no_whole_number_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name}: must be a whole number"):
        Settings.from_environment(GOOD | {name: value})


@pytest.mark.parametrize("name", NUMBERS[1:])
def test_only_the_rate_limit_may_be_zero(name: str) -> None:
    """There it means that there is none."""
    with pytest.raises(SettingsError, match=f"^{name}: must be a whole number of at least 1$"):
        Settings.from_environment(GOOD | {name: "0"})


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example.test",
        "https://api.example.test:8443",
        "https://api.example.test/tenant/a",
        "http://127.0.0.1:8080",
        "http://localhost",
        "http://[::1]:8080",
        "http://127.0.0.1:8080/v2",
    ],
)
def test_base_url_has_tls_or_is_this_machine(url: str) -> None:
    assert Settings.from_environment(GOOD | {"API_BASE_URL": url}).api_base_url == url


@pytest.mark.parametrize(
    "url",
    [
        "http://api.example.test",
        "http://127.0.0.1.example.test",
        "http://localhost@example.test",
        "http://127.0.0.1:8080@example.test",
        "HTTP://localhost",
        "ftp://api.example.test",
        "api.example.test",
        "https://",
        "https://api.example.test/",
        "https://api.example.test/a/",
        "https://user:password@api.example.test",
        "https://api.example.test?a=b",
        "https://api.example.test/a#b",
        "https://api.exa mple.test",
        "https://api.example.test\nhttp://localhost",
    ],
)
def test_base_url_that_would_show_the_token_is_refused(url: str) -> None:
    """So is one that paths cannot be appended to. The error does not quote it."""
    with pytest.raises(SettingsError, match=r"^API_BASE_URL: ") as caught:
        Settings.from_environment(GOOD | {"API_BASE_URL": url})
    assert "example.test" not in str(caught.value)
