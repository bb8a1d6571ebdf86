"""Secrets Manager's rotations: the deployed function's steps, in environments that crash."""

import copy
from typing import TYPE_CHECKING, Any

from invites.errors import InviteError, TokenApiError
from invites.token import Token
from rotate_token.bootstrap import AWS_TRIES, Application
from rotate_token.credentials import CredentialsSecret
from rotate_token.handler import rotate
from rotate_token.rotation import TokenRotation
from rotate_token.versions import TokenVersions
from simulation.plan import HOUR, Plan
from simulation.world.api_client import QUICK
from simulation.world.aws.secrets_manager import CREDENTIALS, SecretsManager
from simulation.world.aws.token_secret import CURRENT, PENDING
from simulation.world.faulty_world import FaultyWorld
from simulation.world.issued_tokens import IssuedTokens
from simulation.world.lambda_service.call_sites import ROTATING, call_sites
from simulation.world.lambda_service.crash_points import CrashPoints
from simulation.world.lambda_service.crashing_environment import CrashingEnvironment
from simulation.world.lambda_service.environment import Crash, Environment

if TYPE_CHECKING:
    from invites.api.token_client import Credentials

STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")
SECRET = "token"  # noqa: S105 - a name
# Before the function is called, which may have to start; and after it has failed, until Secrets
# Manager tries again: seconds. AWS names no number.
BEGINS, TRIES_AGAIN = (1.0, 20.0), 300.0


class TokenApiClient:
    """What an environment is given as the API for tokens."""

    def __init__(
        self, issued: IssuedTokens, plan: Plan, environment: Environment, *, fails: bool
    ) -> None:
        self._issued = issued
        self._plan = plan
        self._environment = environment
        self._fails = fails

    def exchange(self, credentials: "Credentials") -> Token:
        """As `TokenApi.exchange`."""
        del credentials

        def effect() -> Token:
            if self._fails or self._plan.lasts("api: maintenance", 3 * HOUR):
                raise TokenApiError("POST /token was answered with 500")
            token = Token(*self._issued.make())
            if self._plan.happens("api: reset after the effect"):
                raise TokenApiError("POST /token: no complete answer", is_orphan_possible=True)
            return token

        return self._environment.cross(effect, QUICK)

    def accepts(self, token: Token) -> bool:
        """As `TokenApi.accepts`."""
        return self._environment.cross(lambda: self._issued.is_good(token.text), QUICK)


class Rotator:
    """Rotates the secret when it is asked to.

    Attributes:
        crash_points: Where the function was ended.
    """

    def __init__(
        self,
        world: FaultyWorld,
    ) -> None:
        self._timeline = world.time
        self._secret = world.secret
        self._issued = world.issued
        self._observer = world.observer
        self._logger = world.logger
        self._timeout = world.deployment.rotation_timeout
        self._requests = plan = world.plan
        world.secret.on_rotate = self.begin
        # Its choices come from the second source: seeds from before there was a rotator keep their
        # histories.
        self._plan = copy.copy(plan)
        self._plan.random = plan.second_random
        self.crash_points = CrashPoints(self._plan, call_sites(ROTATING), plan.second_random)

    def begin(self) -> None:
        """Announce a version, and have the function called for it until it is done or given up."""
        fails = self._requests.happens("secretsmanager: rotation fails")
        delay = self._requests.random.uniform(*BEGINS)
        version_id = self._secret.announce()
        self._timeline.spawn(lambda: self._rotate(version_id, fails=fails), delay)

    def _rotate(self, version_id: str, *, fails: bool) -> None:
        labels = self._secret.versions[version_id].labels
        while PENDING in labels or CURRENT in labels:
            if all(self._take(step, version_id, fails=fails) for step in STEPS):
                self._observer.figures["rotations"] += 1
                return
            fails = False
            self._timeline.sleep(TRIES_AGAIN)

    def _take(self, step: str, version_id: str, *, fails: bool) -> bool:
        """One step, in an environment of its own; whether it was taken."""
        environment = CrashingEnvironment(self._timeline, self._plan, self.crash_points)
        environment.begin(self._timeout)
        event: Any = {"Step": step, "SecretId": SECRET, "ClientRequestToken": version_id}
        try:
            rotate(self._application(environment, fails=fails), event, "request-of-a-rotation")
        except (Crash, InviteError):
            return False
        except Exception as error:  # noqa: BLE001 - what it may never raise
            self._observer.fail(f"the rotation raised {type(error).__name__}: {error}")
        finally:
            environment.is_idle = True
        return True

    def _application(self, environment: Environment, *, fails: bool) -> Application:
        """As `rotate_token.bootstrap.application`, part by part."""
        client: Any = SecretsManager(self._secret, self._plan, environment, AWS_TRIES)
        api: Any = TokenApiClient(self._issued, self._plan, environment, fails=fails)
        rotation = TokenRotation(
            TokenVersions(client, SECRET),
            CredentialsSecret(client, CREDENTIALS).read,
            api,
            self._logger.info,
            self._logger.warning,
        )
        return Application(rotation, SECRET, self._logger)
