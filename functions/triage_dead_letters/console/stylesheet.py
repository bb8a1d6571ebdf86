"""The look of the console: in the dashboard's theme, and in a widget of any width."""

from triage_dead_letters.console.html import Html, join, tag

# Contrast of at least 4.5 to 1 on the dashboard's own background (WCAG 2.1, 1.4.3).
_THEMES = {
    "light": ("#16191f", "#545b64", "#ffffff", "#d5dbdb", "#b32100", "#f2f3f3"),
    "dark": ("#e9ebed", "#aab7b8", "#1b232d", "#414d5c", "#ff9a8a", "#0f1b2a"),
}

# Every selector is below .letters: the page around the widget is CloudWatch's.
_RULES = """
.letters {{ color: {ink}; font-size: 13px; line-height: 1.45; overflow-wrap: anywhere; }}
.letters h3, .letters p {{ margin: 0 0 6px; color: {ink}; }}
.letters h3 {{ font-size: 15px; }}
.letters .cards {{ display: grid; gap: 10px;
  grid-template-columns: repeat(auto-fit, minmax(min(250px, 100%), 1fr)); }}
.letters .card {{ border: 1px solid {line}; border-radius: 6px; padding: 10px;
  background: {paper}; }}
.letters .soft {{ color: {soft}; }}
.letters .unseen {{ color: {alert}; direction: ltr; unicode-bidi: isolate; }}
.letters .alert {{ color: {alert}; font-weight: bold; }}
.letters .count {{ float: right; font-size: 18px; font-weight: bold; }}
.letters .row {{ display: flex; flex-wrap: wrap; gap: 6px; margin: 8px 0; }}
.letters form {{ display: flex; flex-wrap: wrap; column-gap: 12px; }}
.letters label {{ flex: 1 1 250px; max-width: 420px; display: block; margin: 6px 0;
  color: {soft}; }}
.letters input {{ display: block; box-sizing: border-box; width: 100%;
  padding: 5px 8px; border: 1px solid {soft}; border-radius: 4px; background: {paper};
  color: {ink}; }}
.letters pre {{ max-height: 320px; overflow: auto; white-space: pre-wrap; direction: ltr;
  unicode-bidi: isolate; padding: 8px; border: 1px solid {line}; background: {shade};
  color: {ink}; }}
.letters dl {{ margin: 0; }}
.letters dt {{ color: {soft}; }}
.letters dd {{ margin: 0 0 6px; direction: ltr; unicode-bidi: isolate; }}
"""


def page(theme: object, *children: str) -> Html:
    """A page in the dashboard's theme; light if the theme is not known."""
    names = ("ink", "soft", "paper", "line", "alert", "shade")
    colours = _THEMES["dark" if theme == "dark" else "light"]
    rules = Html(_RULES.format(**dict(zip(names, colours, strict=True))))
    return join(tag("style", rules), tag("div", *children, class_="letters"))
