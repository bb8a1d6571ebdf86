"""The entry point: one step of a rotation, as Secrets Manager asks for it."""

from typing import TYPE_CHECKING, TypedDict

from invites.errors import InviteError, RotationError
from rotate_token.bootstrap import Application, application

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


class Event(TypedDict):
    """What Secrets Manager sends; the request token is the id of the version to be."""

    Step: str
    SecretId: str
    ClientRequestToken: str


def lambda_handler(event: Event, context: "LambdaContext") -> None:
    """Take the step, with the parts of this execution environment."""
    rotate(application(), event, context.aws_request_id)


def rotate(app: Application, event: Event, request_id: str) -> None:
    """Take the step.

    Raises:
        InviteError: It could not be taken: the rotation fails, and Secrets Manager tries again.
    """
    ids = {
        "step": event["Step"],
        "version_id": event["ClientRequestToken"],
        "function_request_id": request_id,
    }
    with app.logger.append_context_keys(**ids):
        try:
            if event["SecretId"] != app.secret_id:
                raise RotationError("asked to rotate a secret that is not this stack's")
            app.rotation.run_step(event["Step"], event["ClientRequestToken"])
        except InviteError as error:
            # Without the traceback: it would tell of causes, in words that are not ours.
            app.logger.error("step failed", extra={"detail": str(error)})  # noqa: TRY400
            raise
        app.logger.info("step taken")
