"""The sitting: a line is spoken, a reply is heard, judged and answered.

The engine owns the order of things and nothing else: sound comes from a Duplex, words from a
ReplyListener, judgement from scoring, speech from voices, wishes from a Learner; what happens is
emitted as events, in order, to every reader. Its clock is the microphone's samples, so a sitting
from files runs as fast as it can be computed and gives the same events.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from voice_coach.audio.samples import SPEECH_RATE_HZ
from voice_coach.errors import UserError
from voice_coach.practice.booth import Booth, Stopped
from voice_coach.practice.echoes import Echoes
from voice_coach.practice.events import (
    Branched,
    Choice,
    Chosen,
    FeedbackSpoken,
    FeedbackStarted,
    LineStarted,
    Noted,
    Overlapped,
    Scored,
    SettingSpoken,
    SittingEnded,
    SittingStarted,
    TurnEnded,
)
from voice_coach.practice.hearing import Hearing
from voice_coach.practice.preparation import Answer, HearsFillers, Pieces, Preparer, Question
from voice_coach.practice.summary import changes_since, outcome_of, summarise
from voice_coach.scenarios.model import Line, Scenario
from voice_coach.scoring.listening import BEYOND
from voice_coach.scoring.scorecard import Scorecard
from voice_coach.speech.listener import ReplyListener

SLOW_S = 1.5
"""From this wait for an answer on, a quicker model is offered. Chosen."""
MOST_UNANSWERED = 2
"""A line that meets silence is said again so often; then nobody is there. Chosen."""
QUICKEST = "tiny.en"
"""The quickest of the models that come along."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voices:
    """Who speaks: the narrator reads settings, the partner lines, the coach gives feedback."""

    narrator: Pieces
    partner: Pieces
    coach: Pieces
    name: str


class Sitting:
    """One practice session with one scenario."""

    def __init__(
        self,
        *,
        scenario: Scenario,
        booth: Booth,
        listener: ReplyListener,
        voices: Voices,
        model: str = "",
        fillers: HearsFillers | None = None,
        now: Callable[[], datetime] = lambda: datetime.now().astimezone(),
    ) -> None:
        self._scenario = scenario
        self._booth = booth
        self._listener = listener
        self._voices = voices
        self._model = model
        self._now = now
        self._preparer = Preparer(
            voices.coach, in_background=not booth.settings.at_once, fillers=fillers
        )
        self._echoes = Echoes(booth, booth.settings.pair)
        self._scored: list[Scored] = []
        self._late_s: list[float] = []
        self._hearing: Hearing | None = None
        self._replied = 0
        self._unanswered = 0
        self._cards: dict[str, Scorecard] = {}

    def run(self) -> SittingEnded:
        """The whole sitting, from the setting to the summary.

        Raises UserError where a device or the disk fails; the sitting is closed with that reason
        first, so that all that was said is kept.
        """
        reason = "finished"
        try:
            self._begin()
            self._go_through()
        except (Stopped, KeyboardInterrupt):
            reason = "stopped"
            self._booth.duplex.stop_playing()
            self._take_in_the_rest()
        except UserError as error:
            self._take_in_the_rest()
            self._end(str(error))
            raise
        except Exception:
            self._end("a fault in the program")
            raise
        finally:
            self._booth.close()
            self._preparer.close()
        self._note_if_slow()
        return self._end(reason)

    def _begin(self) -> None:
        booth = self._booth
        settings = booth.settings
        booth.emit(
            SittingStarted(
                at_s=booth.now_s,
                began=self._now().isoformat(timespec="seconds"),
                scenario=self._scenario.id,
                title=self._scenario.title + settings.title_note,
                setting=self._scenario.setting,
                partner=self._scenario.partner.name,
                input_device=settings.input_device,
                output_device=settings.output_device,
                model=self._model,
                voice=self._voices.name,
                microphone=settings.microphone,
            )
        )
        for note in settings.notes:
            booth.emit(Noted(at_s=booth.now_s, text=note))
        booth.enter("setting")
        skipped = self._echoes.begin(spoken_next=settings.read_setting)
        span = None
        if settings.read_setting and not skipped:
            spoken, heard = booth.say(self._voices.narrator(self._scenario.setting))
            self._echoes.after(spoken, heard)
            span = spoken.span
        booth.emit(SettingSpoken(at_s=booth.now_s, text=self._scenario.setting, span=span))

    def _go_through(self) -> None:
        booth = self._booth
        line: Line | None = self._scenario.line(self._scenario.start)
        while line is not None:
            scored = self._attempt(line)
            if scored.listening.reason == BEYOND:
                return  # it was said that the exercise stops here
            choice = self._choose()
            booth.emit(Chosen(at_s=booth.now_s, choice=choice))
            if choice == "stop":
                raise Stopped
            if choice == "again" or self._unanswered:
                if not booth.learner.stays() or self._unanswered > MOST_UNANSWERED:
                    return
                continue
            outcome = outcome_of(scored)
            following = self._scenario.next(line.id, outcome)
            booth.emit(
                Branched(
                    at_s=booth.now_s,
                    outcome=outcome,
                    from_line=line.id,
                    to_line=following.id if following else None,
                )
            )
            line = following if booth.learner.stays() else None

    def _attempt(self, line: Line) -> Scored:
        booth = self._booth
        number = len(self._scored) + 1
        self._listener.reset()
        self._preparer.forget()
        booth.emit(LineStarted(at_s=booth.now_s, attempt=number, line_id=line.id, text=line.says))
        booth.enter("line")
        hearing = Hearing(
            booth=booth,
            listener=self._listener,
            preparer=self._preparer,
            line=line,
            partner=self._scenario.partner.name,
            number=number,
            asked=Question(
                model_replies=tuple(line.replies),
                previous=self._cards.get(line.id),
                variant=number - 1,
            ),
            echoes=self._echoes,
        )
        self._hearing = hearing
        hearing.line(self._voices.partner(line.says))
        booth.enter("reply")
        answer = hearing.reply()
        if hearing.late_s is not None:
            self._late_s.append(hearing.late_s)
        scored = self._show(line, number, hearing, answer)
        self._tell(number, answer)
        if hearing.echo == "leaks":
            # Only now, for it takes a second: nobody is to wait for the feedback.
            self._echoes.leaked(*hearing.line_sound)
        self._cards[line.id] = answer.card
        return scored

    def _show(self, line: Line, number: int, hearing: Hearing, answer: Answer) -> Scored:
        booth = self._booth
        at_s = booth.now_s
        card = answer.card
        self._turn_ended(number, hearing)
        for overlap in card.overlaps:
            booth.emit(
                Overlapped(
                    at_s=at_s,
                    attempt=number,
                    by=overlap.by,
                    over=overlap.over,
                    span=overlap.span,
                    kind=overlap.kind,
                    confidence=overlap.confidence,
                )
            )
        scored = Scored(
            at_s=at_s,
            attempt=number,
            line_id=line.id,
            listening=card.listening,
            pacing=card.pacing,
            interruptions=card.interruptions,
            primary=card.judged.primary,
            level=card.judged.level,
            facets=card.judged.facets,
            moves=card.judged.moves,
            measures=card.measures,
            pauses=card.pauses,
            model=card.judged.model,
            changes=changes_since(self._cards.get(line.id), card),
            track=card.track,
            fillers=card.fillers,
            tone=card.tone,
            own_pace=card.own_pace,
        )
        self._scored.append(scored)
        booth.emit(scored)
        return scored

    def _turn_ended(self, number: int, hearing: Hearing) -> None:
        reply = hearing.heard_reply
        self._hearing = None
        self._replied += bool(reply.words)
        self._unanswered = 0 if reply.words else self._unanswered + 1
        self._booth.emit(
            TurnEnded(
                at_s=self._booth.now_s,
                attempt=number,
                text=reply.text,
                words=reply.words,
                span=reply.span,
                activity=reply.activity.spans,
                ended_by=hearing.ended_by,
            )
        )

    def _take_in_the_rest(self) -> None:
        """A reply that is broken off is kept as far as it was said."""
        hearing = self._hearing
        if hearing is not None:
            hearing.leave()
            if hearing.heard_reply.words:
                self._turn_ended(len(self._scored) + 1, hearing)

    def _tell(self, number: int, answer: Answer) -> None:
        booth = self._booth
        booth.enter("feedback")
        feedback = answer.feedback
        booth.emit(
            FeedbackStarted(
                at_s=booth.now_s,
                attempt=number,
                keep=feedback.keep,
                change=feedback.change,
                say_instead=feedback.say_instead,
                show_help=feedback.show_help,
            )
        )
        spoken, _ = booth.say(answer.pieces)
        booth.emit(
            FeedbackSpoken(
                at_s=booth.now_s,
                attempt=number,
                keep=feedback.keep,
                change=feedback.change,
                say_instead=feedback.say_instead,
                span=spoken.span if booth.settings.sounded else None,
                cut_short=spoken.cut_short,
                evidence=feedback.evidence,
            )
        )

    def _choose(self) -> Choice:
        booth = self._booth
        booth.enter("choice")
        while True:
            choice = booth.learner.choice(("next", "again", "stop"))
            if choice is not None:
                return choice
            booth.frame()

    def _note_if_slow(self) -> None:
        """Say so where this machine is too slow for the model, and name the mend."""
        if len(self._late_s) > 1 and median(self._late_s) > SLOW_S and self._model != QUICKEST:
            self._booth.emit(
                Noted(
                    at_s=self._booth.now_s,
                    text=f"The words took {median(self._late_s):.0f} s to be recognised here. "
                    f"`voice-coach models use {QUICKEST}` answers sooner, a little less exactly.",
                )
            )

    def _end(self, reason: str) -> SittingEnded:
        ended = SittingEnded(
            at_s=self._booth.now_s,
            reason=reason,
            attempts=self._replied,
            summary=summarise(self._scored, self._replied),
            lost_s=self._booth.duplex.lost_frames / SPEECH_RATE_HZ,
        )
        self._booth.emit(ended)
        return ended
