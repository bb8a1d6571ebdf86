"""Routes a call to its usual answer, in the order of Laravel's middleware."""

import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from email.utils import formatdate

from support.spacemedia import endpoints
from support.spacemedia.answers import Answer, failure, message, page, redirect, text_answer
from support.spacemedia.calls import Call
from support.spacemedia.world import World

_LOGIN = "/login"
# Pages that exist. They answer 200, so that a redirect that is followed looks like a success.
_PAGES = ("/", _LOGIN)
# The token call carries no bearer; Laravel counts such calls by address, and there is only one.
_ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class Route:
    """One route of the API."""

    method: str
    path: re.Pattern[str]
    endpoint: Callable[[World, Call], Awaitable[Answer]]
    bearer: bool = True
    # Whether the token must have the ability that the settings name.
    is_invite: bool = False

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods that the route supports: GET includes HEAD."""
        return ("GET", "HEAD") if self.method == "GET" else (self.method,)


ROUTES = (
    Route("POST", re.compile(r"/api/v1/users"), endpoints.invite_user, is_invite=True),
    Route("POST", re.compile(r"/api/v1/token"), endpoints.create_token, bearer=False),
    Route("GET", re.compile(r"/api/v1/countries"), endpoints.list_countries),
    Route("GET", re.compile(r"/api/v1/users/[^/]+/detail"), endpoints.show_user),
)


async def answer_call(world: World, call: Call) -> Answer:
    """Answer as the API does when nothing is scripted."""
    if world.settings["maintenance"] != "off":
        return _unavailable(world, call)
    if not call.path.startswith("/api/"):
        return _web_page(call)
    route = next((r for r in ROUTES if r.path.fullmatch(call.path)), None)
    if route is None:
        return message(404, f"The route {call.path.strip('/')} could not be found.")
    if call.method not in route.methods:
        return _wrong_method(call, route)
    return await _guarded(world, call, route)


async def _guarded(world: World, call: Call, route: Route) -> Answer:
    """Authenticate, then throttle, then authorise: a 401 has no throttle headers."""
    token = world.tokens.find(call.bearer)
    if route.bearer and token is None:
        return failure(call, 401) if call.wants_json else redirect(call.url(_LOGIN))
    settings = world.settings
    key = token.plain if route.bearer and token else _ANONYMOUS
    verdict = world.throttle.hit(key, settings["throttle"], settings["throttle_window"])
    if verdict.exceeded:
        answer = failure(call, 429)
    elif route.is_invite and token and not token.can(settings["invite_ability"]):
        answer = failure(call, 403, "Invalid ability provided.")
    else:
        answer = await route.endpoint(world, call)
    return answer.with_headers(verdict.headers)


def _wrong_method(call: Call, route: Route) -> Answer:
    allowed = ", ".join(route.methods)
    text = (
        f"The {call.method} method is not supported for route {call.path.strip('/')}. "
        f"Supported methods: {allowed}."
    )
    return message(405, text).with_headers({"Allow": allowed})


def _unavailable(world: World, call: Call) -> Answer:
    seconds = world.settings["maintenance_seconds"]
    hints = {
        "seconds": str(seconds),
        "date": formatdate(time.time() + seconds, usegmt=True),
    }
    hint = hints.get(world.settings["maintenance"])
    return failure(call, 503).with_headers({"Retry-After": hint} if hint else {})


def _web_page(call: Call) -> Answer:
    if call.method not in ("GET", "HEAD"):
        # No session, so no CSRF token.
        return page(419)
    if call.path in _PAGES:
        return text_answer(200, "<!DOCTYPE html><html><title>Log in</title>Log in</html>\n")
    return page(404)
