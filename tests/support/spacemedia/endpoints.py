"""What each route of the API does once the call has been let in."""

import asyncio
import hmac

from support.spacemedia.answers import Answer, envelope, failure, json_answer, redirect
from support.spacemedia.calls import Call
from support.spacemedia.users import TakenError
from support.spacemedia.validation import Errors, check_invite, clean_email, summary
from support.spacemedia.world import World

_COUNTRIES = (
    ("GB", "United Kingdom"),
    ("IE", "Ireland"),
    ("FR", "France"),
    ("US", "United States"),
)
_TAKEN: Errors = {"email": ["The email has already been taken."]}


async def invite_user(world: World, call: Call) -> Answer:
    """Create a user with a pending invitation; the answer is a list of one."""
    given, settings = call.input, world.settings
    errors = check_invite(given, settings["roles"])
    email = clean_email(given.get("email"))
    if "email" not in errors and settings["unique"] and world.users.taken(str(email)):
        errors = {**_TAKEN, **errors}
    if errors:
        return _invalid(world, call, errors)
    if settings["race"]:
        await asyncio.sleep(settings["race_seconds"])
    roles = list(given["roles"].values() if isinstance(given["roles"], dict) else given["roles"])
    try:
        user = world.users.invite(str(email), roles, unique=settings["unique"])
    except TakenError:
        return failure(call, 500)
    return json_answer(settings["success_status"], {"data": [user]}, created=True)


async def create_token(world: World, call: Call) -> Answer:
    """Exchange the key and the secret for a token; earlier tokens stay in force."""
    settings = world.settings
    right = hmac.compare_digest(
        _credentials(call.headers.get("X-Api-Key", ""), call.headers.get("X-Api-Secret", "")),
        _credentials(settings["api_key"], settings["api_secret"]),
    )
    if not right:
        return envelope(401, "Invalid API credentials.")
    token = world.tokens.issue(settings["token_ttl"], settings["token_abilities"])
    return json_answer(200, {"token": token.plain, "expires_at": token.expires_at})


async def list_countries(_world: World, _call: Call) -> Answer:
    """List a few countries: the safe read that shows that a token works."""
    rows = [{"id": n, "code": code, "name": name} for n, (code, name) in enumerate(_COUNTRIES, 1)]
    return json_answer(200, {"data": rows})


async def show_user(world: World, call: Call) -> Answer:
    """Show one user."""
    user = world.users.find(call.path.split("/")[-2])
    if user is None:
        return envelope(404, "User not found.")
    data = {"user": user, "roles": user["roles"], "packages": [], "meta": {}}
    return json_answer(200, {"success": True, "data": data})


def _invalid(world: World, call: Call, errors: Errors) -> Answer:
    if not call.wants_json:
        # Back to the form, which Laravel finds by the Referer.
        return redirect(call.headers.get("Referer") or call.url("/"))
    if world.settings["envelope"] == "documented":
        return envelope(422, summary(errors), errors)
    return json_answer(422, {"message": summary(errors), "errors": errors})


def _credentials(key: str, secret: str) -> bytes:
    return f"{key}\n{secret}".encode()
