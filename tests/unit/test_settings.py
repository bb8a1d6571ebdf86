"""send_invites.settings."""

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


def test_all_of_them() -> None:
    """Each variable has its field."""
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
def test_what_is_missing(name: str, value: str | None) -> None:
    """A variable that is not set, or to nothing, is named."""
    environment = {key: one for key, one in GOOD.items() if key != name}
    if value is not None:
        environment[name] = value
    with pytest.raises(SettingsError, match=f"^{name}: "):
        Settings.from_environment(environment)


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("value", ["-1", "1.5", "ten", "1e3", "0x10", "+", "²"])
def test_what_is_no_whole_number(name: str, value: str) -> None:
    """A variable that must be a number is named if it is none."""
    with pytest.raises(SettingsError, match=f"^{name}: must be a whole number"):
        Settings.from_environment(GOOD | {name: value})


@pytest.mark.parametrize("name", NUMBERS[1:])
def test_zero(name: str) -> None:
    """Only the limit may be 0, which means none."""
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
def test_a_base_url(url: str) -> None:
    """TLS, or this very machine."""
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
def test_a_base_url_that_would_show_the_token(url: str) -> None:
    """No http but to this machine, and nothing that paths cannot be appended to."""
    with pytest.raises(SettingsError, match=r"^API_BASE_URL: ") as caught:
        Settings.from_environment(GOOD | {"API_BASE_URL": url})
    assert "example.test" not in str(caught.value)
