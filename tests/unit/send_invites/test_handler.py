"""send_invites.handler and its composition root, with an AWS of a few lines behind them."""

import json
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar, cast

import pytest

from aws_adapters.settings import SettingsError
from send_invites.bootstrap import application
from send_invites.handler import lambda_handler
from support.build import record, signup
from support.environment import ENVIRONMENT

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

CONTEXT = cast(
    "LambdaContext",
    SimpleNamespace(aws_request_id="request-1", get_remaining_time_in_millis=lambda: 150_000),
)


class Aws(BaseHTTPRequestHandler):
    """Knows one secret, and accepts every other call."""

    answers: ClassVar[dict[str, Any]] = {
        "GetSecretValue": {"SecretString": "7|marked"},
        "BatchGetItem": {"Responses": {}},
    }
    called: ClassVar[list[str]] = []
    requests: ClassVar[list[dict[str, Any]]] = []

    def do_POST(self) -> None:
        """Answer by the name of the operation, which is in a header."""
        operation = self.headers["X-Amz-Target"].rpartition(".")[2]
        self.requests.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.called.append(operation)
        body = json.dumps(self.answers.get(operation, {})).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Write nothing."""


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port that nothing listens on, and that nothing else takes."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield int(bound.getsockname()[1])


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, closed_port: int) -> Iterator[None]:
    """Deployed: AWS answers, the API does not."""
    Aws.called.clear()
    Aws.requests.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Aws)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    variables = {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "eu-west-2",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}",
        "POWERTOOLS_SERVICE_NAME": "test-handler",
        "POWERTOOLS_METRICS_NAMESPACE": "Test",
        **ENVIRONMENT,
        "API_BASE_URL": f"http://127.0.0.1:{closed_port}",
        "MAX_INVITES_PER_MINUTE": "60",
        # By the real clock the records below are old.
        "QUEUE_RETENTION_SECONDS": "604800000",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    application.cache_clear()
    yield
    application.cache_clear()
    server.shutdown()
    server.server_close()


def test_while_the_api_is_down_a_signup_stays_its_reason_is_kept_and_no_secret_logged(
    capfd: pytest.CaptureFixture[str],
) -> None:
    event = {"Records": [record(signup(1), 1), record("prose", 2)]}
    answer = lambda_handler(event, CONTEXT)
    names = [{"itemIdentifier": "message-1"}, {"itemIdentifier": "message-2"}]
    assert answer == {"batchItemFailures": names}
    # Slot, token, claim, its end; the two reasons; the two visibilities.
    assert Aws.called[:4] == ["UpdateItem", "GetSecretValue", "PutItem", "DeleteItem"]
    assert Aws.called[4:] == ["UpdateItem"] * 2 + ["ChangeMessageVisibility"] * 2
    lines = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert [line.get("code") for line in lines] == ["unreachable", "malformed_body", None]
    assert (lines[-1]["Received"], lines[-1]["MassStop"]) == ([2], [0])
    assert "marked" not in json.dumps(lines)
    assert "example.test" not in json.dumps(lines)


def test_a_batch_in_a_pause_is_put_back_without_a_call_or_a_claim() -> None:
    """It is not held, since one of its messages is at its last receive."""
    lambda_handler({"Records": [record(signup(1), 1)]}, CONTEXT)
    Aws.called.clear()
    answer = lambda_handler({"Records": [record(signup(2), 2, receives=20)]}, CONTEXT)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "message-2"}]}
    assert Aws.called == ["BatchGetItem", "UpdateItem", "ChangeMessageVisibility"]


def test_a_list_is_sent_to_the_queue_again_and_deleted() -> None:
    body = json.dumps([signup(1), signup(2)])
    assert lambda_handler({"Records": [record(body)]}, CONTEXT) == {"batchItemFailures": []}
    assert Aws.called == ["SendMessageBatch"]
    bodies = [json.loads(entry["MessageBody"]) for entry in Aws.requests[0]["Entries"]]
    assert bodies == [signup(1), signup(2)]


def test_an_event_without_records_calls_nothing() -> None:
    assert lambda_handler({}, CONTEXT) == {"batchItemFailures": []}
    assert Aws.called == []


def test_an_execution_environment_makes_its_parts_once() -> None:
    assert application() is application()


def test_a_missing_variable_returns_each_batch_until_it_is_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("TOKEN_SECRET_ID")
    for _ in range(2):
        with pytest.raises(SettingsError, match=r"^TOKEN_SECRET_ID: "):
            lambda_handler({"Records": [record(signup())]}, CONTEXT)
    monkeypatch.setenv("TOKEN_SECRET_ID", "token")
    assert lambda_handler({}, CONTEXT) == {"batchItemFailures": []}
