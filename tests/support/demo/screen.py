"""What the demo shows: lines as things happen, and the table at the end."""

from collections import Counter

from rich.console import Console
from rich.table import Table

from support.demo.account import Account
from support.demo.plan import Sending

_STYLES = {
    "invited": "green",
    "already_invited": "cyan",
    "ignored": "dim",
    "dead_lettered": "yellow",
}


class Screen:
    """Writes to the terminal, or plain lines where the output is no terminal."""

    def __init__(self) -> None:
        # Without a terminal rich takes 80 columns, and would break the table's words.
        self._console = Console(highlight=False)
        if not self._console.is_terminal:
            self._console = Console(highlight=False, width=120)

    def step(self, text: str) -> None:
        """A new part of the demo begins."""
        self._console.print(f"[bold]{text}[/bold]")

    def line(self, text: str) -> None:
        """Something happened."""
        self._console.print(f"  {text}", markup=False, soft_wrap=True)

    def sent(self, sending: Sending) -> None:
        """A message was sent."""
        self.line(f"sent    {sending.sample:<28} by {sending.route}")

    def account(self, account: Account) -> None:
        """The table, the tally and the judgement."""
        table = Table(title="What became of each message")
        headings = ["message", "by", "person", "became", "reason"]
        for heading in headings if account.adds_up else [*headings, "expected"]:
            table.add_column(heading)
        for entry in account.entries:
            sending = entry.sending
            fate = f"[{_STYLES.get(entry.fate, 'bold red')}]{entry.fate.replace('_', ' ')}[/]"
            row = [sending.sample, sending.route, sending.address or "-", fate, entry.reason]
            if not account.adds_up:
                row.append("" if entry.adds_up else f"[bold red]{sending.expected}[/]")
            table.add_row(*row)
        self._console.print(table)
        self._console.print(tally(account))
        for problem in account.unexpected:
            self._console.print(f"[bold red]unexpected: {problem}[/]")


def tally(account: Account) -> str:
    """The sum in one line: `15 sent = 7 invited + …`."""
    counts = Counter(entry.fate for entry in account.entries)
    fates = ["invited", "already_invited", "ignored", "dead_lettered"]
    fates += [fate for fate in counts if fate not in fates]
    terms = (f"{counts[fate]} {fate.replace('_', ' ')}" for fate in fates)
    return f"{len(account.entries)} sent = {' + '.join(terms)}"
