"""rotate_token.settings: which variables there are."""

import pytest

from aws_adapters.settings import SettingsError
from rotate_token.settings import Settings

GOOD = {
    "API_BASE_URL": "https://enterprise.spacemedia.uk",
    "TOKEN_SECRET_ID": "token",
    "CREDENTIALS_SECRET_ID": "credentials",
}


def test_each_variable_has_its_field() -> None:
    assert Settings.from_environment(GOOD) == Settings(*GOOD.values())


@pytest.mark.parametrize("name", GOOD)
def test_variable_that_is_empty_is_named(name: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name}: not set$"):
        Settings.from_environment(GOOD | {name: " "})
