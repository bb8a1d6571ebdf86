"""The control endpoint: how a test scripts the stand-in and sees what happened."""

from collections.abc import Callable
from dataclasses import asdict

from support.spacemedia.answers import Answer, json_answer
from support.spacemedia.calls import Call
from support.spacemedia.settings import changed
from support.spacemedia.shapes import ShapeError, check_fields
from support.spacemedia.steps import parse_step
from support.spacemedia.world import Stage

PREFIX = "/_control/"

_SCRIPT_HINTS = {"steps": list[object], "replace": bool}
_TOKEN_HINTS = {"token": str | None, "ttl": float | None, "abilities": list[str]}
_USER_HINTS = {"email": str, "roles": list[str], "status": str}


def answer_control(stage: Stage, call: Call) -> Answer:
    """Answer a control call; a mistake in it is a 400 that says what is wrong."""
    name, _, argument = call.path.removeprefix(PREFIX).partition("/")
    command = _COMMANDS.get((call.method, name))
    if command is None:
        return json_answer(404, {"error": f"no control call {call.method} {call.path}"})
    try:
        return json_answer(200, command(stage, call, argument))
    except ShapeError as error:
        return json_answer(400, {"error": str(error)})


def _settings(stage: Stage, call: Call, _argument: str) -> object:
    if call.method == "PUT":
        stage.world.settings = changed(stage.world.settings, call.body)
    return stage.world.settings


def _reset(stage: Stage, _call: Call, _argument: str) -> object:
    stage.reset()
    return {}


def _script(stage: Stage, call: Call, _argument: str) -> object:
    script = stage.world.script
    if call.method == "POST":
        given = check_fields(call.body, _SCRIPT_HINTS)
        steps = [parse_step(step) for step in given.get("steps", [])]
        if given.get("replace"):
            script.clear()
        script.extend(steps)
    return {"steps": script.report()}


def _requests(stage: Stage, _call: Call, _argument: str) -> object:
    return {"requests": [asdict(entry) for entry in stage.world.recording.requests]}


def _users(stage: Stage, call: Call, _argument: str) -> object:
    users = stage.world.users
    if call.method == "POST":
        given = check_fields(call.body, _USER_HINTS)
        if "email" not in given:
            raise ShapeError("email is missing")
        users.add(given["email"], given.get("roles", []), given.get("status", "accepted"))
    return {"users": users.report()}


def _stats(stage: Stage, _call: Call, _argument: str) -> object:
    return stage.world.recording.stats()


def _tokens(stage: Stage, _call: Call, _argument: str) -> object:
    return {"tokens": stage.world.tokens.report()}


def _add_token(stage: Stage, call: Call, _argument: str) -> object:
    given = check_fields(call.body or {}, _TOKEN_HINTS)
    settings = stage.world.settings
    ttl = given["ttl"] if "ttl" in given else settings["token_ttl"]
    abilities = given.get("abilities", settings["token_abilities"])
    return stage.world.tokens.issue(ttl, abilities, given.get("token")).report()


def _revoke(stage: Stage, _call: Call, argument: str) -> object:
    return {"revoked": stage.world.tokens.revoke(argument)}


_COMMANDS: dict[tuple[str, str], Callable[[Stage, Call, str], object]] = {
    ("GET", "settings"): _settings,
    ("PUT", "settings"): _settings,
    ("POST", "reset"): _reset,
    ("GET", "script"): _script,
    ("POST", "script"): _script,
    ("GET", "requests"): _requests,
    ("GET", "users"): _users,
    ("POST", "users"): _users,
    ("GET", "stats"): _stats,
    ("GET", "tokens"): _tokens,
    ("POST", "tokens"): _add_token,
    ("DELETE", "tokens"): _revoke,
}
