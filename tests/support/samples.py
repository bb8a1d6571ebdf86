"""The samples in events/: where they are, and what stands beside them."""

from pathlib import Path

EVENTS = Path(__file__).parents[2] / "events"
EXPECTED = ".expected.json"
# All samples, and the texts of the JSON ones.
SAMPLES = sorted(
    path
    for path in EVENTS.glob("*/*")
    if path.suffix in {".json", ".txt"} and not path.name.endswith(EXPECTED)
)
JSON_TEXTS = sorted(path.read_text(encoding="utf-8") for path in SAMPLES if path.suffix == ".json")


def name(path: Path) -> str:
    """What a sample is called in a test report."""
    return str(path.relative_to(EVENTS).with_suffix(""))
