"""What is uploaded: layer and function, zipped."""

import io
import zipfile
from pathlib import Path

from bench.cold import BUILD
from bench.figures import Figure

ARTEFACTS = ("InvitesLayer", "SendInvitesFunction")
GOAL_MEGABYTES = 3.0


def measure() -> list[Figure]:
    """All figures."""
    sizes = {name: _zipped(BUILD / name) / 1e6 for name in ARTEFACTS}
    return [
        *(Figure(name, [size], "MB") for name, size in sizes.items()),
        Figure("in all", [sum(sizes.values())], "MB", at_most=GOAL_MEGABYTES),
    ]


def _zipped(folder: Path) -> int:
    """Bytes of the zip file, as `sam deploy` makes it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, path.relative_to(folder))
    return buffer.tell()
