"""What can be switched on the stand-in."""

from typing import Literal, TypedDict, cast, get_type_hints

from support.spacemedia.shapes import check_fields


class Settings(TypedDict, total=False):
    """Every switch; not total, because a change names only some of them."""

    envelope: Literal["laravel", "documented"]
    unique: bool
    race: bool
    race_seconds: float
    roles: list[str]
    success_status: Literal[200, 201]
    api_key: str
    api_secret: str
    token_ttl: float | None
    token_abilities: list[str]
    invite_ability: str
    throttle: int | None
    throttle_window: float
    maintenance: Literal["off", "plain", "seconds", "date"]
    maintenance_seconds: int
    latency: float


DEFAULTS: Settings = {
    # The shape of a 422: Laravel's own, or the documented one with "success": false.
    "envelope": "laravel",
    # Whether an address that is already there is refused, and not simply invited once more.
    "unique": True,
    # Whether a pause separates the check for uniqueness from the insert, as between two PHP
    # workers. It only has to be longer than two parallel calls can be apart.
    "race": False,
    "race_seconds": 0.1,
    "roles": ["Artist", "Admin", "Editor"],
    "success_status": 201,
    "api_key": "demo-api-key",
    "api_secret": "demo-api-secret",
    # Seconds; None is an organisation whose token TTL is off.
    "token_ttl": 3600.0,
    # What a token from POST /api/v1/token may do ("*": all), and what an invite asks for.
    "token_abilities": ["*"],
    "invite_ability": "users:create",
    # Calls per window and token; None is no throttle. A minute is Laravel's window.
    "throttle": None,
    "throttle_window": 60.0,
    # Anything but "off" answers 503; the word says which Retry-After comes with it, if any.
    "maintenance": "off",
    "maintenance_seconds": 60,
    # Seconds before each answer that no step of the script delays.
    "latency": 0.0,
}

_HINTS = get_type_hints(Settings)


def changed(settings: Settings, change: object) -> Settings:
    """Return the settings with a partial update applied.

    Raises:
        ShapeError: The update has an unknown field, or a value of a wrong type.
    """
    return cast("Settings", {**settings, **check_fields(change, _HINTS)})
