"""The entry point: Secrets Manager invokes it for each step of a rotation."""

from typing import TYPE_CHECKING, TypedDict

from invites.errors import InviteError, RotationError
from rotate_token.bootstrap import Application, application

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


class Event(TypedDict):
    """What Secrets Manager sends; ClientRequestToken is the id of the new version."""

    Step: str
    SecretId: str
    ClientRequestToken: str


def lambda_handler(event: Event, context: "LambdaContext") -> None:
    """Run the step, with the parts of this execution environment."""
    rotate(application(), event, context.aws_request_id)


def rotate(app: Application, event: Event, request_id: str) -> None:
    """Run the step.

    Raises:
        InviteError: The step failed, and so does the rotation; Secrets Manager tries again.
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
            # No traceback: the causes carry texts of libraries, which may quote a secret.
            app.logger.error("step failed", extra={"detail": str(error)})  # noqa: TRY400
            raise
        app.logger.info("step taken")
