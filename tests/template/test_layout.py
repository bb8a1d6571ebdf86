"""The template's table of contents, at its top, is that of its banners."""

import re

from template.reading import ROOT

TEXT = (ROOT / "template.yaml").read_text(encoding="utf-8")


def test_table_of_contents_lists_the_banners_in_order() -> None:
    contents = re.findall(r"^# +(\d+)\. (.+)$", TEXT, re.MULTILINE)
    banners = re.findall(r"^  # -{94}\n  # (\d+)\. (.+)\n  # -{94}$", TEXT, re.MULTILINE)
    assert [number for number, _ in banners] == [str(n + 1) for n in range(len(banners))]
    assert contents == banners
