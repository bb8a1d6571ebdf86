"""invites.signup."""

import pytest

from invites.signup import UNKNOWN_ORIGIN, Origin


@pytest.mark.parametrize(
    ("origin", "sender"),
    [
        (Origin("1", "/hr"), "/hr"),
        (Origin("1", "/hr", "canonical"), "/hr"),
        (Origin("1", "northwind", "okta"), "okta"),
        (UNKNOWN_ORIGIN, None),
    ],
)
def test_sender_is_the_system_or_the_source_of_our_own_event(
    origin: Origin, sender: str | None
) -> None:
    """A tenant alone says little to an operator."""
    assert origin.sender == sender
