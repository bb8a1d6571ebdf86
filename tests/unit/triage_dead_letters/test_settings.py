"""triage_dead_letters.settings."""

import pytest

from aws_adapters.settings import SettingsError
from triage_dead_letters.settings import Settings

ENVIRONMENT = {
    "LEDGER_TABLE_NAME": "ledger",
    "DEAD_LETTER_QUEUE_URL": "queue",
    "DEAD_LETTER_RETENTION_SECONDS": "1209600",
}


def test_act_needs_more_settings_than_view() -> None:
    settings = Settings.from_environment(ENVIRONMENT)
    assert settings.dead_letter_queue_url == ENVIRONMENT["DEAD_LETTER_QUEUE_URL"]
    with pytest.raises(SettingsError, match="SIGNUP_QUEUE_URL"):
        settings.for_act()


@pytest.mark.parametrize("name", sorted(ENVIRONMENT))
def test_a_missing_setting_is_named(name: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_environment({**ENVIRONMENT, name: " "})


def test_a_retention_is_a_whole_number_of_seconds() -> None:
    with pytest.raises(SettingsError, match="RETENTION"):
        Settings.from_environment({**ENVIRONMENT, "DEAD_LETTER_RETENTION_SECONDS": "14 days"})
