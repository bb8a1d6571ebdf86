"""Doing at once what several threads want done within the same moment."""

from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future, wait
from threading import Lock
from typing import Generic, TypeVar

Request = TypeVar("Request")


class Gathering(Generic[Request]):
    """Gathers requests. Safe to use from several threads, which is what it is for.

    The first who asks waits a moment for others and then asks for all of them; whoever makes the
    group full does so at once.

    Args:
        act: Does what a group asks for, and says of each request whether it was done. It may not
            raise what it can foresee: one request's error would be everybody's.
        most: The largest group.
        moment: Lets the moment pass.
        wait: Waits for what another thread does.
    """

    def __init__(
        self,
        act: Callable[[Sequence[Request]], Sequence[bool]],
        most: int,
        moment: Callable[[], None],
        wait: Callable[[Collection[Future[bool]]], object] = wait,
    ) -> None:
        self._act = act
        self._most = most
        self._moment = moment
        self._wait = wait
        self._lock = Lock()
        self._waiting: list[tuple[Request, Future[bool]]] = []

    def ask(self, request: Request) -> bool:
        """Have it done, together with what others ask for; whether it was."""
        done: Future[bool] = Future()
        with self._lock:
            self._waiting.append((request, done))
            is_first, is_full = len(self._waiting) == 1, len(self._waiting) == self._most
            group = self._take() if is_full else []
        if is_first and not is_full:
            self._moment()
            with self._lock:
                # Nobody, if the group has become full meanwhile; or already some of the next.
                group = self._take()
        self._do(group)
        self._wait([done])
        return done.result()

    def _take(self) -> list[tuple[Request, "Future[bool]"]]:
        group, self._waiting = self._waiting, []
        return group

    def _do(self, group: Sequence[tuple[Request, "Future[bool]"]]) -> None:
        if not group:
            return
        try:
            answers = self._act([request for request, _ in group])
            for (_, done), answer in zip(group, answers, strict=True):
                done.set_result(answer)
        except Exception as error:  # noqa: BLE001 - all of them wait for an answer
            for _, done in group:
                if not done.done():
                    done.set_exception(error)
