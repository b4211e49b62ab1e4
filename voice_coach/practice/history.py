"""What was practised: the list of sittings, one sitting as a value, and erasing for good."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from voice_coach.conversation import Span
from voice_coach.errors import UserError
from voice_coach.home import PRIVATE_FOLDER
from voice_coach.practice.couple.journal import FILE as REHEARSAL
from voice_coach.practice.events import (
    Event,
    FeedbackSpoken,
    FeedbackStarted,
    LineSpoken,
    LineStarted,
    Overlapped,
    Scored,
    SittingEnded,
    SittingStarted,
    TurnEnded,
)
from voice_coach.practice.store import SittingHeader, Store

INTERRUPTED = "interrupted"
"""How a sitting ended that recorded no end: the program or the machine stopped."""

RUNNING = "running"
"""The sitting that is going on in another window."""

RECORDINGS = Path("recordings")
"""Where kept sound lies in the home folder, by sitting."""
SCRATCH = Path("voices", "feedback")
"""Where the system's voice leaves its sound for a moment; feedback quotes the person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One line and what became of it; parts that were not reached are None.

    ``holds`` are the silences within the line in which the partner waited. ``feedback`` is a
    FeedbackStarted where the sitting broke off while it was spoken.
    """

    number: int
    line_id: str
    line: str
    line_span: Span | None = None
    holds: tuple[Span, ...] = ()
    turn: TurnEnded | None = None
    overlaps: tuple[Overlapped, ...] = ()
    scored: Scored | None = None
    feedback: FeedbackStarted | FeedbackSpoken | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSitting:
    """One sitting: its number, how it ended, and all its events in order."""

    number: int
    ended: str
    events: tuple[Event, ...]

    @property
    def started(self) -> SittingStarted:
        """The first event. Raises UserError where the record lacks it."""
        if not self.events or not isinstance(self.events[0], SittingStarted):
            raise UserError(
                f"Sitting {self.number} has lost its beginning and cannot be shown. "
                f"`voice-coach erase {self.number}` takes it out of your history."
            )
        return self.events[0]

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """The attempts in order."""
        return attempts_of(self.events)

    @property
    def summary(self) -> tuple[str, ...]:
        """The closing summary as it was told; empty where it was not reached."""
        ends = [event for event in self.events if isinstance(event, SittingEnded)]
        return ends[-1].summary if ends else ()


def list_sittings(store: Store) -> tuple[SittingHeader, ...]:
    """All sittings, the oldest first, each with how it ended.

    One that recorded no end is "interrupted", or "running" where it still goes on.
    """
    headers = store.headers()
    newest = headers[-1].number if headers else None
    return tuple(
        header
        if header.ended is not None
        else replace(header, ended=_unended(store, newest=header.number == newest))
        for header in headers
    )


def sitting(store: Store, number: int) -> KeptSitting:
    """One sitting with all its events. Raises UserError where there is none of that number."""
    header = next((each for each in list_sittings(store) if each.number == number), None)
    if header is None:
        raise _no_such(number)
    return KeptSitting(
        number=number, ended=header.ended or INTERRUPTED, events=store.events(number)
    )


def replay(events: Iterable[Event]) -> Iterator[Event]:
    """The events as those of a finished sitting.

    Where the sitting was interrupted, an end with the reason "interrupted" follows the last one.
    """
    last: Event | None = None
    seen: list[Event] = []
    for last in events:
        seen.append(last)
        yield last
    if last is not None and not isinstance(last, SittingEnded):
        replied = {event.attempt for event in seen if isinstance(event, TurnEnded)}
        yield SittingEnded(at_s=last.at_s, reason=INTERRUPTED, attempts=len(replied))


def attempts_of(events: Iterable[Event]) -> tuple[Attempt, ...]:
    """The events gathered by attempt. Where a reply was extended, its last form counts."""
    found: dict[int, Attempt] = {}
    for event in events:
        match event:
            case LineStarted():
                found[event.attempt] = Attempt(
                    number=event.attempt, line_id=event.line_id, line=event.text
                )
            case LineSpoken():
                found[event.attempt] = Attempt(
                    number=event.attempt,
                    line_id=event.line_id,
                    line=event.text,
                    line_span=event.span,
                    holds=event.holds,
                )
            case TurnEnded() | Overlapped() | Scored() | FeedbackStarted() | FeedbackSpoken():
                if event.attempt in found:
                    found[event.attempt] = _with(found[event.attempt], event)
    return tuple(found[number] for number in sorted(found))


def new_scratch(home: Path) -> Path:
    """An empty scratch folder; what a program that was killed may have left there is gone.

    Raises UserError where it cannot be emptied or made.
    """
    folder = home / SCRATCH
    _remove(folder)
    try:
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True)
    except OSError as error:
        raise UserError(
            f"The folder {folder} cannot be made ({error.strerror}). Make room, or make the folder "
            "above it writable."
        ) from error
    return folder


def erase(store: Store, number: int) -> None:
    """Erase one sitting for good: its rows, its recordings, its spoken feedback.

    Raises UserError, with nothing lost, where there is no such sitting or one is running.
    """
    with nobody_sitting(store):
        if all(header.number != number for header in store.headers()):
            raise _no_such(number)
        store.settle()
        _remove(store.home / RECORDINGS / str(number))
        _remove(store.home / SCRATCH)
        store.forget(number)


def erase_all(store: Store) -> None:
    """Erase every sitting and rehearsal, the baseline, whatever recordings and speech lie about.

    The person's choices (devices, model) and the voices stay. Raises UserError where a sitting
    is running.
    """
    with nobody_sitting(store):
        store.settle()
        _remove(store.home / RECORDINGS)
        _remove(store.home / SCRATCH)
        (store.home / REHEARSAL).unlink(missing_ok=True)
        store.forget(None)


@contextmanager
def nobody_sitting(store: Store) -> Iterator[None]:
    """A while in which no sitting can run. Raises UserError while one does."""
    if store.lock.held:
        raise UserError("A sitting is running. Finish it first, then erase.")
    store.lock.take()
    try:
        yield
    finally:
        store.lock.release()


def _unended(store: Store, *, newest: bool) -> str:
    return RUNNING if newest and store.lock.taken() else INTERRUPTED


def _with(
    attempt: Attempt,
    event: TurnEnded | Overlapped | Scored | FeedbackStarted | FeedbackSpoken,
) -> Attempt:
    match event:
        case TurnEnded():
            return replace(attempt, turn=event)
        case Scored():
            return replace(attempt, scored=event)
        case FeedbackStarted() | FeedbackSpoken():
            return replace(attempt, feedback=event)
        case Overlapped():
            # Told again when a reply is extended: the same beginning is the same overlap.
            others = (
                each
                for each in attempt.overlaps
                if (each.by, each.over, each.span.start_s)
                != (event.by, event.over, event.span.start_s)
            )
            return replace(attempt, overlaps=(*others, event))


def _remove(folder: Path) -> None:
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        return
    except OSError as error:
        raise UserError(
            f"The sound in {folder} could not be deleted ({error.strerror}). "
            "Close what is playing it, then erase again."
        ) from error


def _no_such(number: int) -> UserError:
    return UserError(
        f"There is no sitting {number} in your history. `voice-coach history` lists them."
    )
