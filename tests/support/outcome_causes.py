"""What causes each outcome: by verdict and code, situations in which a try ends with it."""

import json
from collections.abc import Callable
from dataclasses import replace

from invites.api.client import Answer
from invites.api.response import EMAIL_TAKEN
from invites.errors import (
    BrokenCallError,
    CallError,
    Code,
    QueueError,
    TokenError,
    TokenUnavailableError,
    UnreachableError,
)
from invites.invite import Invite
from invites.message import ReplayMark
from invites.outcome import Outcome, Reply, Verdict
from invites.reading.reader import MessageReader, load_reader
from invites.rules.admission import Admission, AllowDenyList
from invites.sending.claim import Claim, ClaimState
from invites.sending.sender import Sender
from support.build import (
    DEADLINE,
    NOW,
    STAGING,
    InlineExecutor,
    MemoryRateLimiter,
    cloud_event,
    message,
    processor,
    signup,
)
from support.catalogue import JOINED, made_up_reader
from support.fakes import FakeApi, FakeClaims, FakeQueue, FakeSender, FakeTokens, MemoryLedger

INVITE = Invite("person1@example.test", ("Artist",))
TAKEN_BODY = {"message": EMAIL_TAKEN, "errors": {"email": [EMAIL_TAKEN]}}
USER_BODY = {"data": [{"email": INVITE.email}]}
ELSEWHERE = Claim(ClaimState.ELSEWHERE, "other", DEADLINE, INVITE.roles)
KNOWN = Claim(ClaimState.INVITED, "other", 0.0, INVITE.roles)

Cause = Callable[[], Outcome]


def answered(status: int, body: object = None) -> Cause:
    """The API answers, twice if it is asked again."""
    text = body if isinstance(body, str) else json.dumps(body or {"message": "No."})
    return called(*[Answer(status, {}, text.encode())] * 2)


def called(
    *answers: Answer | CallError | Exception,
    tokens: tuple[str | TokenError, ...] = ("old", "new"),
    claims: FakeClaims | None = None,
) -> Cause:
    """A person is sent, and the API gives these answers."""

    def cause() -> Outcome:
        parts = FakeApi(*answers), FakeTokens(tokens), claims or FakeClaims()
        return Sender(*parts, lambda: NOW, call_seconds=20.0, email_taken=EMAIL_TAKEN).send(
            INVITE, DEADLINE, DEADLINE
        )

    return cause


def processed(
    body: object,
    result: Outcome | None = None,
    *,
    receives: int = 1,
    ledger: MemoryLedger | None = None,
    queue: FakeQueue | None = None,
    before: int = 0,
    reader: MessageReader = STAGING,
) -> Cause:
    """A message is processed, after `before` others with the same result."""

    def cause() -> Outcome:
        sender = FakeSender(lambda _: result) if result else FakeSender()
        executor = InlineExecutor()
        parts = processor(sender, ledger or MemoryLedger(), executor, reader, queue=queue)
        for number in range(before):
            parts.process([message(signup(number + 7), number + 7)], DEADLINE)
        (job,) = parts.process([message(body, receives=receives)], DEADLINE).jobs
        return job.outcome

    return cause


def sent_together(people: int = 1, per_minute: int = 0, deadline: float = DEADLINE) -> Cause:
    """People are sent in one batch; the outcome is the last one's."""

    def cause() -> Outcome:
        limiter = MemoryRateLimiter(per_minute)
        parts = processor(FakeSender(), MemoryLedger(), InlineExecutor(), rate_limiter=limiter)
        batch = [message(signup(number), number) for number in range(people)]
        return parts.process(batch, deadline).jobs[-1].outcome

    return cause


def replayed() -> Outcome:
    """A dead letter is replayed by two attempts, and the message of the first comes first."""
    parts = processor(FakeSender(), MemoryLedger(), InlineExecutor())
    first, second = (ReplayMark("letter", "token", attempt) for attempt in (1, 2))
    parts.process([replace(message(signup(), 1), replay=first)], DEADLINE)
    (job,) = parts.process([replace(message(signup(), 2), replay=second)], DEADLINE).jobs
    return job.outcome


def admitting(**lists: AllowDenyList) -> MessageReader:
    """The reader of a deployment with these lists."""
    return load_reader(("Artist",), Admission(**lists))


# A security event token: {"alg":"none"}, {}, and no signature.
JWT = "eyJhbGciOiJub25lIn0.e30."
REFUSED = Outcome(Verdict.STOP, Code.REFUSED_BY_API, "", reply=Reply(422))
FAILED = Outcome(Verdict.RETRY, Code.SERVER_ERROR, "", reply=Reply(500))
DOWN = Outcome(Verdict.PAUSE, Code.UNAVAILABLE, "", reply=Reply(503))
UPDATED, LEFT = "uk.spacemedia.signup.updated", "com.example.left"

CAUSES: dict[tuple[Verdict, Code | None], list[Cause]] = {
    (Verdict.INVITED, None): [answered(201, USER_BODY)],
    (Verdict.ALREADY_INVITED, None): [
        answered(422, TAKEN_BODY),
        called(claims=FakeClaims(KNOWN)),
    ],
    (Verdict.SPLIT, None): [processed([signup()])],
    (Verdict.IGNORED, Code.NOT_A_SIGNUP): [processed(cloud_event({}, UPDATED))],
    (Verdict.IGNORED, Code.DOMAIN_NOT_ALLOWED): [processed(cloud_event({"email": "a@b.test"}))],
    (Verdict.IGNORED, Code.REPLAYED_TWICE): [replayed],
    (Verdict.STOP, Code.MALFORMED_BODY): [
        processed("prose"),
        processed([]),
        processed(cloud_event({"email": "a@example.test", "roles": 7})),
    ],
    (Verdict.STOP, Code.UNRECOGNISED_EVENT): [
        processed(cloud_event({}, LEFT)),
        processed({"a": 1}),
    ],
    (Verdict.STOP, Code.MISSING_EMAIL): [processed(cloud_event({}))],
    (Verdict.STOP, Code.INVALID_EMAIL): [processed(cloud_event({"email": "ada"}))],
    (Verdict.IGNORED, Code.TENANT_NOT_ALLOWED): [
        processed(signup(), reader=admitting(tenants=AllowDenyList(deny=frozenset({"/test"}))))
    ],
    (Verdict.IGNORED, Code.SOURCE_NOT_ALLOWED): [
        processed(signup(), reader=admitting(sources=AllowDenyList(frozenset({"okta"}))))
    ],
    (Verdict.STOP, Code.NEEDS_LOOKUP): [processed(JWT)],
    (Verdict.STOP, Code.AMBIGUOUS_SOURCE): [processed(JOINED, reader=made_up_reader("one", "two"))],
    (Verdict.STOP, Code.UNVERIFIED_EMAIL): [processed(JOINED, reader=made_up_reader("one"))],
    (Verdict.STOP, Code.ROLE_NOT_ALLOWED): [
        processed(cloud_event({"email": "a@example.test", "roles": ["Admin"]}))
    ],
    (Verdict.STOP, Code.REFUSED_BY_API): [answered(422)],
    (Verdict.STOP, Code.RETRIES_EXHAUSTED): [processed(signup(), FAILED, receives=20)],
    (Verdict.STOP, Code.PAUSED_TOO_LONG): [processed(signup(), DOWN, receives=20)],
    (Verdict.RETRY, Code.SERVER_ERROR): [answered(500)],
    (Verdict.RETRY, Code.BAD_REQUEST): [answered(400)],
    (Verdict.RETRY, Code.THROTTLED): [answered(429)],
    (Verdict.RETRY, Code.NOT_PERMITTED): [answered(403)],
    (Verdict.RETRY, Code.INTERRUPTED): [called(BrokenCallError("reset"))],
    (Verdict.RETRY, Code.TOKEN_UNAVAILABLE): [called(tokens=(TokenUnavailableError("Down"),))],
    (Verdict.RETRY, Code.LEDGER_UNAVAILABLE): [
        called(claims=FakeClaims(None, "claim")),
        processed(signup(), receives=2, ledger=MemoryLedger(is_readable=False)),
        processed("prose", ledger=MemoryLedger(is_writable=False)),
    ],
    (Verdict.RETRY, Code.QUEUE_UNAVAILABLE): [
        processed([signup()], queue=FakeQueue(QueueError("no")))
    ],
    (Verdict.RETRY, Code.INTERNAL_ERROR): [called(ValueError("ours"))],
    (Verdict.RETRY, Code.IN_PROGRESS): [called(claims=FakeClaims(ELSEWHERE))],
    (Verdict.RETRY, Code.OUT_OF_TIME): [sent_together(deadline=NOW + 60)],
    (Verdict.RETRY, Code.PACED): [sent_together(3, per_minute=1)],
    (Verdict.PAUSE, Code.UNAVAILABLE): [answered(503)],
    (Verdict.PAUSE, Code.UNREACHABLE): [called(UnreachableError("closed"))],
    (Verdict.PAUSE, Code.WRONG_ENDPOINT): [answered(200, "<html>"), answered(302)],
    (Verdict.PAUSE, Code.TOKEN_REFUSED): [answered(401)],
    (Verdict.PAUSE, Code.TOKEN_UNUSABLE): [called(tokens=(TokenError("empty"),))],
    (Verdict.PAUSE, Code.MASS_STOP): [processed(signup(), REFUSED, before=10)],
}
