"""How one speaker listened: counts of what motivational interviewing counts, and the facets.

Counts and evidence, never a grade: MITI 4 grades twenty minutes of a counsellor's talk, read by
people. A stretch that reflects meaning and feeling at once is one reflection.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from voice_coach.conversation import Measure, Measured, Unmeasured
from voice_coach.recordings.analysis import Speaker
from voice_coach.recordings.own import Reply
from voice_coach.scoring.scorecard import Facet, Move, MoveKind

REFLECTIONS: frozenset[MoveKind] = frozenset({"reflection_content", "reflection_feeling"})
QUESTIONS: frozenset[MoveKind] = frozenset({"open_question", "closed_question", "check_in"})
FEWEST_COUNTED = 5
"""Fewer reflections and questions together give no ratio. Chosen."""
TOO_FEW = f"under {FEWEST_COUNTED} reflections and questions together"
NO_QUESTION = "no question was found"
NOT_TOLD_APART = "simple and complex reflections are not told apart"
"""On 500 reflections that AnnoMI's counsellors made, half of them complex, nothing that the network
or the words say parts the two: a named feeling, the best sign, has an area under the curve of 0.57
(chance 0.5); copying has 0.51, length 0.55."""
CLEAR = 0.5
"""A facet of a reply from here on is counted: half of its scale. Chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetName:
    """A facet for people: ``plain`` words, and the ``term`` that the literature uses."""

    plain: str
    term: str
    helps: bool


NAMES: Mapping[Facet, FacetName] = MappingProxyType(
    {
        "validating": FacetName(
            plain="says the feeling makes sense", term="validating emotions", helps=True
        ),
        "inviting": FacetName(
            plain="asks to hear more", term="encouraging elaboration", helps=True
        ),
        "understanding": FacetName(
            plain="shows what was understood", term="demonstrating understanding", helps=True
        ),
        "advising": FacetName(
            plain="says what the other should do", term="advice giving", helps=False
        ),
        "self_focus": FacetName(plain="turns to oneself", term="self-oriented", helps=False),
        "dismissing": FacetName(
            plain="makes it smaller or waves it away", term="dismissing emotions", helps=False
        ),
        "attacking": FacetName(
            plain="blames or runs the other down", term="attacking", helps=False
        ),
    }
)
"""Terms as in the "Lend an Ear" rubric; attacking is this project's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Over all replies of one speaker. ``of_feeling`` are the reflections that name a feeling."""

    reflections: int
    of_feeling: int
    questions: int

    @property
    def reflections_per_question(self) -> Measure:
        """Not given for fewer than FEWEST_COUNTED of both, nor without a question."""
        unit = "reflections/question"
        if self.reflections + self.questions < FEWEST_COUNTED:
            return Unmeasured(reason=TOO_FEW, unit=unit)
        if not self.questions:
            return Unmeasured(reason=NO_QUESTION, unit=unit)
        return Measured(value=self.reflections / self.questions, unit=unit)

    @property
    def complex_share(self) -> Measure:
        """Of the reflections; never given, since nothing here tells it."""
        return Unmeasured(reason=NOT_TOLD_APART, unit="share")


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetShown:
    """One facet over a speaker's replies.

    ``mean`` is 0 to 1 over all ``replies``, ``clear`` how many reach CLEAR. ``evidence`` are the
    moves behind it, each with its reply, those of the replies that show the facet most first.
    """

    facet: Facet
    mean: float
    clear: int
    replies: int
    evidence: tuple[tuple[Reply, Move], ...]

    @property
    def name(self) -> FacetName:
        """What to call it."""
        return NAMES[self.facet]


def counted(replies: Iterable[Reply]) -> Counted:
    """What the replies hold."""
    reflections = of_feeling = questions = 0
    for reply in replies:
        moves = reply.judged.moves
        reflected = _stretches([move for move in moves if move.move in REFLECTIONS])
        reflections += len(reflected)
        of_feeling += sum(
            any(move.move == "reflection_feeling" for move in stretch) for stretch in reflected
        )
        questions += len(_stretches([move for move in moves if move.move in QUESTIONS]))
    return Counted(reflections=reflections, of_feeling=of_feeling, questions=questions)


def facets_of(speaker: Speaker) -> tuple[FacetShown, ...]:
    """The facets, those that help first, each half with the strongest first; none unjudged."""
    shown = [
        FacetShown(
            facet=facet,
            mean=mean,
            clear=sum(reply.judged.facets[facet] >= CLEAR for reply in speaker.replies),
            replies=len(speaker.replies),
            evidence=_evidence(facet, speaker.replies),
        )
        for facet, mean in speaker.facets.items()
    ]
    return tuple(sorted(shown, key=lambda each: (not each.name.helps, -each.mean)))


def _evidence(facet: Facet, replies: Sequence[Reply]) -> tuple[tuple[Reply, Move], ...]:
    found = [(reply, move) for reply in replies for move in reply.judged.behind(facet)]
    found.sort(key=lambda each: (-each[0].judged.facets[facet], -each[1].confidence))
    # Two moves on the same words are one quote.
    seen: dict[tuple[int, str], tuple[Reply, Move]] = {}
    for reply, move in found:
        seen.setdefault((reply.turn, move.quote), (reply, move))
    return tuple(seen.values())


def _stretches(moves: Sequence[Move]) -> list[list[Move]]:
    """Moves of one reply that share characters belong together."""
    parts: list[list[Move]] = []
    for move in sorted(moves, key=lambda each: each.start):
        if parts and move.start < max(each.end for each in parts[-1]):
            parts[-1].append(move)
        else:
            parts.append([move])
    return parts
