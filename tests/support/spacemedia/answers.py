"""Answers, in the shapes that Laravel and the vendor's documentation give them."""

import json
from dataclasses import dataclass, field, replace
from http import HTTPStatus

from aiohttp import web

from support.spacemedia.calls import Call

# What Laravel says where nobody wrote a text; otherwise it is the status' own phrase.
_TEXTS = {
    401: "Unauthenticated.",
    403: "This action is unauthorized.",
    419: "CSRF token mismatch.",
    429: "Too Many Attempts.",
    500: "Server Error",
}
# Laravel's pages say this where HTTP has no phrase.
_PAGE_EXPIRED = 419


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, a body and headers, not yet sent."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    # Whether a user was created on the way here.
    created: bool = False

    def with_headers(self, headers: dict[str, str]) -> "Answer":
        """Return the same answer with more headers."""
        return replace(self, headers={**self.headers, **headers}) if headers else self

    def response(self) -> web.Response:
        """Make the ordinary response of it."""
        reason = phrase(self.status)
        return web.Response(status=self.status, reason=reason, body=self.body, headers=self.headers)


def json_answer(status: int, document: object, *, created: bool = False) -> Answer:
    """Answer with JSON, under the content type that Laravel uses."""
    body = json.dumps(document, separators=(",", ":")).encode()
    headers = {"Content-Type": "application/json", "Cache-Control": "no-cache, private"}
    return Answer(status, body, headers, created)


def text_answer(status: int, text: str, kind: str = "text/html") -> Answer:
    """Answer with a page or a plain text."""
    return Answer(status, text.encode(), {"Content-Type": f"{kind}; charset=UTF-8"})


def page(status: int) -> Answer:
    """Answer with the page that a browser would get."""
    title = phrase(status)
    return text_answer(status, f"<!DOCTYPE html><html><title>{title}</title>{title}</html>\n")


def redirect(url: str, status: int = 302) -> Answer:
    """Send the caller elsewhere."""
    text = f'<!DOCTYPE html><html><body>Redirecting to <a href="{url}">{url}</a>.</body></html>'
    return text_answer(status, text).with_headers({"Location": url})


def message(status: int, text: str | None = None) -> Answer:
    """Answer with Laravel's `{"message": …}`."""
    return json_answer(status, {"message": text or _TEXTS.get(status) or phrase(status)})


def envelope(status: int, text: str, errors: dict[str, list[str]] | None = None) -> Answer:
    """Answer with the documented error envelope."""
    return json_answer(status, {"success": False, "message": text, "errors": errors or {}})


def failure(call: Call, status: int, text: str | None = None) -> Answer:
    """Answer with an error: JSON if the call asks for JSON, else a page."""
    return message(status, text) if call.wants_json else page(status)


def phrase(status: int) -> str:
    """Return the reason phrase of a status, known or not."""
    if status == _PAGE_EXPIRED:
        return "Page Expired"
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
