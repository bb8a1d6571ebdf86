"""invites.api.client: answers that are hardly HTTP, byte for byte as a server sends them."""

import contextlib
import gzip
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from functools import reduce

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invites.api.client import MAX_ANSWER_BYTES, Answer, Deadlines, SpaceMediaApi
from invites.api.response import classify_response
from invites.errors import BrokenCallError
from invites.invite import Invite
from invites.outcome import Verdict
from support.raw_server import USER, RawServer, created, raw_server

INVITE = Invite("ada@example.test", ("Artist",))
PATIENT = Deadlines(connect=5.0, read=5.0, total=10.0)
# The most memory that a call may take besides the answer itself.
FEW_BYTES = 4 * 1024 * 1024
HEAD = b"HTTP/1.1 201 Created\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
BOMB = gzip.compress(b"\0" * 30_000_000)


@pytest.fixture(scope="module")
def server() -> Iterator[RawServer]:
    """A server that closes after each answer."""
    with raw_server(RawServer(closes=True)) as running:
        yield running


@pytest.fixture
def api(server: RawServer) -> SpaceMediaApi:
    """What is tested: with one connection, so that a place that is lost would hold up the next."""
    return SpaceMediaApi(server.url, 1, time.monotonic, time.time, PATIENT)


def answer_with(server: RawServer, api: SpaceMediaApi, answer: bytes) -> Answer:
    """Call, and be answered so."""
    server.answer = answer
    return api.invite(INVITE, "token")


def packed(coding: bytes, body: bytes) -> bytes:
    """An answer whose header names a coding, and whose connection ends with it."""
    return created(body, b"Content-Encoding: " + coding, b"Connection: close")


UNREADABLE = {
    "a chunk of -5 bytes": (CHUNKED + b"-5\r\n{}\r\n0\r\n\r\n", "ValueError"),
    "a second chunk of -2 bytes": (
        CHUNKED + b"2\r\n{}\r\n-2\r\n\r\n0\r\n\r\n",
        "ValueError",
    ),
    "a chunk of far less than nothing": (
        CHUNKED + b"-ffffffffffffffffffff\r\n{}\r\n0\r\n\r\n",
        "OverflowError",
    ),
    "a chunk of -1 bytes": (CHUNKED + b"-1\r\n{}", "IncompleteRead"),
    "a chunk of two bytes, in words": (CHUNKED + b"two\r\n{}\r\n0\r\n\r\n", "IncompleteRead"),
    "a chunk without a size": (CHUNKED + b"\r\n", "IncompleteRead"),
    "a chunk with a long extension": (
        CHUNKED + b"2;" + b"x" * 70_000 + b"\r\n{}\r\n0\r\n\r\n",
        "LineTooLong",
    ),
    "two lengths": (HEAD + b"Content-Length: 2, 3\r\n\r\n{}", "InvalidHeader"),
    "a length without an end": (
        HEAD + b"Content-Length: " + b"9" * 20 + b"\r\n\r\n{}",
        "IncompleteRead",
    ),
    "gzip that is none": (packed(b"gzip", b"this is not packed"), "DecodeError"),
    "deflate that is none": (packed(b"deflate", b"this is not packed"), "DecodeError"),
    "six codings": (packed(b"gzip, gzip, gzip, gzip, gzip, gzip", USER), "DecodeError"),
    "a long header": (HEAD + b"X-Long: " + b"x" * 70_000 + b"\r\n\r\n{}", "ProtocolError"),
    "101 headers": (HEAD + b"X-Many: x\r\n" * 101 + b"\r\n{}", "ProtocolError"),
    "a status in words": (b"HTTP/1.1 one Created\r\n\r\n{}", "ProtocolError"),
    "103, then the answer": (
        b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n" + created(),
        "ProtocolError",
    ),
    "no HTTP": (b"<html>hello</html>", "ProtocolError"),
    "nothing": (b"", "ProtocolError"),
}
WHOLE = {
    "a line that is no header": created(USER, b"a line that is no header"),
    "bytes in a header's name": created(USER, b"\xff\x00: x"),
    "a body of several parts": created(USER, b"Content-Type: multipart/mixed; boundary=x"),
    "no header at all": HEAD + b"a line that is no header\r\n\r\n" + USER,
    "a length in words": HEAD + b"Content-Length: many\r\n\r\n" + USER,
    "a length below zero": HEAD + b"Content-Length: -5\r\n\r\n" + USER,
    "a length and chunks": HEAD
    + b"Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n"
    + b"%x\r\n%b\r\n0\r\n\r\n" % (len(USER), USER),
    "gzip": packed(b"gzip", gzip.compress(USER)),
    "gzip in deflate": packed(b"gzip, deflate", zlib.compress(gzip.compress(USER))),
    "a coding that nobody knows": packed(b"unheard-of", USER),
    "100, then the answer": b"HTTP/1.1 100 Continue\r\n\r\n" * 3 + created(),
    "HTTP 1.0": b"HTTP/1.0 201 Created\r\n\r\n" + USER,
}


@pytest.mark.parametrize("answer", UNREADABLE)
def test_an_answer_that_cannot_be_read_is_a_broken_call(
    server: RawServer, api: SpaceMediaApi, answer: str
) -> None:
    """The next call has a connection, and its own answer."""
    sent, kind = UNREADABLE[answer]
    with pytest.raises(BrokenCallError, match=rf"^no complete answer: {kind}$"):
        answer_with(server, api, sent)
    assert answer_with(server, api, created()).body == USER


@pytest.mark.parametrize("answer", WHOLE)
def test_an_answer_with_flaws_is_read_if_it_is_whole(
    server: RawServer, api: SpaceMediaApi, answer: str
) -> None:
    """A line that a proxy adds to each answer may not keep everybody from being invited."""
    outcome = classify_response(answer_with(server, api, WHOLE[answer]), time.time())
    assert outcome.verdict is Verdict.INVITED


@pytest.mark.parametrize("layers", [1, 2, 5])
def test_a_decompression_bomb_takes_little_memory(
    server: RawServer, api: SpaceMediaApi, layers: int
) -> None:
    body = reduce(lambda inner, _: gzip.compress(inner), range(layers - 1), BOMB)
    tracemalloc.start()
    answer = answer_with(server, api, packed(b", ".join([b"gzip"] * layers), body))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert answer.body == b"\0" * MAX_ANSWER_BYTES
    assert peak < FEW_BYTES


def test_a_chunk_without_an_end_takes_little_memory(server: RawServer, api: SpaceMediaApi) -> None:
    """http.client reads a chunk of size -1 until the connection is closed."""
    answer = CHUNKED + b"-1\r\n" + b"x" * 30_000_000
    tracemalloc.start()
    with pytest.raises(BrokenCallError, match=r"^no complete answer: HTTPException$"):
        answer_with(server, api, answer)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < FEW_BYTES


def test_a_mistake_before_anything_is_sent_is_not_taken_for_a_broken_network(
    api: SpaceMediaApi,
) -> None:
    """It would pause everybody, and nobody would look for it in the code."""
    with pytest.raises(ValueError, match="Invalid header value"):
        api.invite(INVITE, "to\nken")


def test_a_mistake_of_our_own_is_not_taken_for_a_broken_answer(server: RawServer) -> None:
    """The clock fails while the answer is read."""
    readings = iter([0.0, 0.0, 0.0])
    api = SpaceMediaApi(server.url, 1, lambda: next(readings, None), time.time, PATIENT)  # type: ignore[arg-type,return-value]
    with pytest.raises(TypeError):
        answer_with(server, api, created())


LINES = st.one_of(
    st.binary(max_size=30),
    st.sampled_from([b"Transfer-Encoding: chunked", b"Connection: keep-alive", b" folded"]),
    st.integers(-3, 60).map(lambda length: b"Content-Length: %d" % length),
    st.sampled_from([b"gzip", b"deflate", b"gzip, deflate", b"x"]).map(
        b"Content-Encoding: ".__add__
    ),
)
CHUNKS = st.builds(
    lambda size, data: size + b"\r\n" + data + b"\r\n",
    st.one_of(st.integers(-3, 40).map(lambda size: b"%x" % size), st.binary(max_size=5)),
    st.sampled_from([b"", b"{}", USER, gzip.compress(USER), zlib.compress(USER)[:-3]]),
)
ANSWERS = st.builds(
    lambda status, lines, body: b"\r\n".join([status, *lines, b"", b"".join(body)]),
    st.one_of(st.just(HEAD.strip()), st.integers(90, 1001).map(lambda n: b"HTTP/1.1 %d x" % n)),
    st.lists(LINES, max_size=5),
    st.lists(st.one_of(CHUNKS, st.binary(max_size=30)), max_size=4),
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(ANSWERS, st.binary(max_size=100)))
def test_any_bytes_are_an_answer_or_a_broken_call(server: RawServer, answer: bytes) -> None:
    api = SpaceMediaApi(server.url, 1, time.monotonic, time.time, PATIENT)
    with contextlib.suppress(BrokenCallError):
        classify_response(answer_with(server, api, answer), time.time())
