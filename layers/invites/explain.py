"""The dry run: what would become of a message, and why. Nothing is called, nothing is sent.

    python -m invites.explain [--default-roles ROLES] FILE…

`-` is the standard input. It reads messages as the function does, by the same code, and prints a
JSON object a line. `make explain` prints a table.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from invites.errors import Code, RejectedError
from invites.invite import Invite
from invites.outcome import Outcome, Verdict
from invites.reading.envelope import unwrap
from invites.reading.reader import MessageReader, ParsedMessage, load_reader
from invites.reading.splitting import SplitEvents
from invites.rules.role_name import problem
from invites.toml_reader import FileError

# Of the parameter DefaultRoles, whose default this is.
DEFAULT_ROLES = "Artist"
# Of many events so many are explained, and so many bytes of them: it is done while somebody waits,
# and 1 MiB of events that are made to be slow would take 8 s.
MAX_EXPLAINED = 200
MAX_EXPLAINED_BYTES = 128 * 1024
# What stands beside a sample; a pattern for samples finds it too.
EXPECTATION = ".expected.json"


def explain(body: str, reader: MessageReader, *, is_part: bool = False) -> dict[str, Any]:
    """Say what would become of a message.

    Args:
        body: The message's.
        reader: Reads it.
        is_part: Whether it is one of the events of a list, as its attribute `part-of` says.

    Returns:
        `outcome`: invite, ignore or reject; of many events in one message invite if one of
        `parts` is invited, else reject if one is. `envelopes`: their kinds, outermost first.
        `source`, `type`, `eventId`, `tenant`: whose event it is. `invites`: the payloads, of many
        events those of `parts`. `rule`: what chose the roles. `reason` and `detail`: why nobody is
        invited. `nearest`: of an event that nobody knows, the form that it comes closest to and
        the marks it lacks. `parts`: of many events, each one's explanation, from the first on.
        `moreParts`: how many events are not explained, whose outcomes are in none of these; 0 but
        for long lists. What does not apply is null or empty.
    """
    reading = reader.read(body, is_part=is_part)
    parts = reading.content if isinstance(reading.content, SplitEvents) else ()
    explained = [explain(part, reader, is_part=True) for part in _first(parts)]
    origin = reading.origin
    return {
        "outcome": _outcome(reading, explained),
        "source": origin.system,
        "type": origin.type,
        "eventId": origin.event_id,
        "tenant": origin.source,
        **_end(reading, explained, len(parts)),
        **_envelopes(body, reading, reader),
        "parts": explained,
        "moreParts": len(parts) - len(explained),
    }


def _first(parts: Iterable[str]) -> Iterator[str]:
    """As many of them as are explained, and one at least."""
    left = MAX_EXPLAINED_BYTES
    for body in islice(parts, MAX_EXPLAINED):
        if left <= 0:
            return
        yield body
        left -= len(body.encode())


def _outcome(reading: ParsedMessage, parts: Sequence[dict[str, Any]]) -> str:
    match reading.content:
        case Invite():
            return "invite"
        case Outcome() as outcome:
            return "ignore" if outcome.verdict is Verdict.IGNORED else "reject"
    found = {part["outcome"] for part in parts}
    return next(one for one in ("invite", "reject", "ignore") if one in found)


def _end(reading: ParsedMessage, parts: Sequence[dict[str, Any]], count: int) -> dict[str, Any]:
    end: dict[str, Any] = {"invites": [], "rule": None, "reason": None, "detail": ""}
    match reading.content:
        case Invite() as invite:
            return {**end, "invites": [invite.payload()], "rule": invite.chosen_by}
        case Outcome() as outcome:
            return {**end, "reason": outcome.code, "detail": outcome.detail}
    invites = [invite for part in parts for invite in part["invites"]]
    return {**end, "invites": invites, "detail": f"{count} events, each a message of its own"}


def _envelopes(body: str, reading: ParsedMessage, reader: MessageReader) -> dict[str, Any]:
    try:
        event = unwrap(body)
    except RejectedError:
        return {"envelopes": [], "nearest": None}  # the reason says what is wrong
    if isinstance(event, SplitEvents):
        return {"envelopes": [], "nearest": None}
    kinds = [one.kind for one in event.envelopes]
    near = reader.registry.closest_match(event) if _is_unknown(reading) else None
    named = near and {"source": near.shape.system, "form": near.shape.name, "missing": near.missing}
    return {"envelopes": kinds, "nearest": named}


def _is_unknown(reading: ParsedMessage) -> bool:
    content = reading.content
    return isinstance(content, Outcome) and content.code is Code.UNRECOGNISED_EVENT


def main(arguments: Sequence[str] | None = None) -> int:
    """The plain dry run; 2 if a file cannot be read, 0 whatever becomes of the messages."""
    return run(command_line("invites.explain").parse_args(arguments), json_lines)


def command_line(prog: str) -> argparse.ArgumentParser:
    """The arguments of a dry run: files, `--json` and `--default-roles`."""
    parser = argparse.ArgumentParser(prog=prog)
    parser.add_argument("files", nargs="+", metavar="FILE", help="a message's body; - for stdin")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument(
        "--default-roles", type=_names, default=DEFAULT_ROLES, help="as DefaultRoles"
    )
    return parser


def run(
    given: argparse.Namespace, show: Callable[[Sequence[dict[str, Any]]], Iterable[str]]
) -> int:
    """Explain the files of a command line, and print the lines that `show` makes of them.

    Returns:
        The exit status: 2 if a file cannot be read, 0 whatever becomes of the messages.
    """
    try:
        reader = load_reader(given.default_roles)
        found = [{"file": name, **explain(body, reader)} for name, body in _bodies(given.files)]
    except (OSError, UnicodeDecodeError, FileError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.writelines(f"{line}\n" for line in show(found))
    return 0


def json_lines(explanations: Sequence[dict[str, Any]]) -> Iterator[str]:
    """An object a line, for programs."""
    return map(json.dumps, explanations)


def _names(text: str) -> tuple[str, ...]:
    roles = tuple(role.strip() for role in text.split(",") if role.strip())
    if wrong := problem(roles):
        raise argparse.ArgumentTypeError(wrong)
    return roles


def _bodies(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    for name in names:
        if name == "-":
            yield name, sys.stdin.read()
        elif not name.endswith(EXPECTATION):
            yield name, Path(name).read_text(encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
