"""Mistakes in the steps of a rotation."""

from simulation.mutants.mutant import Mutant

_STEPS = "functions/rotate_token/rotation.py"
_REFUSED = "token: revoked, token: new one refused as well"

ROTATION = [
    Mutant(
        "a step that is repeated has a second token made",
        _STEPS,
        "if version.value is not None:",
        "if False:",
        "token: revoked, lambda: cut off",
    ),
    Mutant(
        "a new token that is refused is not given up",
        _STEPS,
        "        if CURRENT not in version.labels:\n            self._versions.drop_pending(",
        "        if False:\n            self._versions.drop_pending(",
        _REFUSED,
    ),
    Mutant(
        "a refused token is given up, and the rotation goes on",
        _STEPS,
        'raise RotationError("the API refuses the new token',
        'self._log_warning("the API refuses the new token',
        _REFUSED,
    ),
    Mutant(
        "the new token is not tried",
        _STEPS,
        "if self._api.accepts(self._token(version_id, version)):",
        "if True:",
        _REFUSED,
    ),
    Mutant(
        "the label of a rotation is left when it has ended",
        _STEPS,
        "        if PENDING in self._versions.labels().get(version_id, ()):\n"
        "            self._versions.drop_pending(version_id)\n",
        "",
        "token: revoked",
    ),
    Mutant(
        "a rotation that is done makes its version current again, and fails",
        _STEPS,
        "        if CURRENT not in version.labels:\n            labels =",
        "        if True:\n            labels =",
        "token: revoked, lambda: cut off",
    ),
]
