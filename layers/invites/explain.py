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

from invites.errors import Code
from invites.invite import Invite
from invites.outcome import Outcome, Verdict
from invites.reading.reader import MessageReader, ParsedMessage, load_reader
from invites.reading.splitting import SplitEvents
from invites.rules.role_name import problem
from invites.toml_reader import FileError

# The default of the parameter DefaultRoles.
DEFAULT_ROLES = "Artist"
# So many events of a list are explained, and so many bytes of events: somebody waits for the
# explanation, and 1 MiB of events that are made to be slow would take 8 s.
MAX_EXPLAINED = 200
MAX_EXPLAINED_BYTES = 128 * 1024
# The file beside a sample; a pattern for samples finds it, too.
EXPECTATION = ".expected.json"


def explain(body: str, reader: MessageReader, *, is_part: bool = False) -> dict[str, Any]:
    """Say what would become of a message.

    Args:
        body: The message's.
        reader: Reads it.
        is_part: Whether it is one of the events of a list, as its attribute `part-of` says.

    Returns:
        What `describe` returns.
    """
    return describe(reader.inspect(body, is_part=is_part), reader)


def describe(parsed: ParsedMessage, reader: MessageReader) -> dict[str, Any]:
    """Say what would become of a message that has been read.

    Args:
        parsed: The message, with its event.
        reader: Has read it, and reads the events of a list.

    Returns:
        `outcome`: invite, ignore or reject; of many events in one message invite if one of
        `parts` is invited, else reject if one is. `envelopes`: their kinds, outermost first.
        `source`, `type`, `eventId`, `tenant`: whose event it is. `invites`: the payloads, of many
        events those of `parts`. `rule`: what chose the roles. `reason` and `detail`: why nobody is
        invited. `nearest`: of an event that no source knows, the shape that it comes closest to
        and the matches that it lacks. `parts`: of many events, each one's explanation, from the
        first on. `moreParts`: how many events are not explained, and so are in neither `outcome`
        nor `invites`; 0 but for long lists. What does not apply is null or empty.
    """
    parts = parsed.content if isinstance(parsed.content, SplitEvents) else ()
    explained = [explain(part, reader, is_part=True) for part in _first(parts)]
    origin = parsed.origin
    return {
        "outcome": _outcome(parsed, explained),
        "source": origin.system,
        "type": origin.type,
        "eventId": origin.event_id,
        "tenant": origin.source,
        **_end(parsed, explained, len(parts)),
        "envelopes": [envelope.kind for envelope in parsed.event.envelopes] if parsed.event else [],
        "nearest": _nearest(parsed, reader),
        "parts": explained,
        "moreParts": len(parts) - len(explained),
    }


def _first(parts: Iterable[str]) -> Iterator[str]:
    """The parts that are explained, at least one."""
    left = MAX_EXPLAINED_BYTES
    for body in islice(parts, MAX_EXPLAINED):
        if left <= 0:
            return
        yield body
        left -= len(body.encode())


def _outcome(parsed: ParsedMessage, parts: Sequence[dict[str, Any]]) -> str:
    match parsed.content:
        case Invite():
            return "invite"
        case Outcome() as outcome:
            return "ignore" if outcome.verdict is Verdict.IGNORED else "reject"
    found = {part["outcome"] for part in parts}
    return next(outcome for outcome in ("invite", "reject", "ignore") if outcome in found)


def _end(parsed: ParsedMessage, parts: Sequence[dict[str, Any]], count: int) -> dict[str, Any]:
    end: dict[str, Any] = {"invites": [], "rule": None, "reason": None, "detail": ""}
    match parsed.content:
        case Invite() as invite:
            return {**end, "invites": [invite.payload()], "rule": invite.chosen_by}
        case Outcome() as outcome:
            return {**end, "reason": outcome.code, "detail": outcome.detail}
    invites = [invite for part in parts for invite in part["invites"]]
    return {**end, "invites": invites, "detail": f"{count} events, each a message of its own"}


def _nearest(parsed: ParsedMessage, reader: MessageReader) -> dict[str, Any] | None:
    content = parsed.content
    if not isinstance(content, Outcome) or content.code is not Code.UNRECOGNISED_EVENT:
        return None
    closest = reader.registry.closest_match(parsed.event) if parsed.event else None
    if closest is None:
        return None
    shape = closest.shape
    return {"source": shape.system, "form": shape.name, "missing": closest.missing}


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
