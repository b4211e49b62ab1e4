"""Who speaks when, on one microphone: voices told apart by their vectors.

::

    voice      [-----------)   [----)     [---------)
    vectors     . . . . . .     . .        . . . . .      one every 0.2 s
    nearest     A A A B B B     B B        A A A A A      to an enrolled voice, or to a cluster
    spans      [----A-)[-B-)   [-B-)      [----A----)

Enrolled voices are known; otherwise the vectors are parted by spectral clustering (Ng, Jordan &
Weiss 2002), which looks at which vectors are neighbours, so that one speaker's calm and loud voice
may be one cluster although their mean fits neither. One voice at a time: where two talk at once,
the nearer one has the moment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from voice_coach.audio.samples import Sound
from voice_coach.conversation import Span, Timeline
from voice_coach.speech.embedding import STEP_S, embeddings_of, unit

if TYPE_CHECKING:
    import numpy.typing as npt

JOINED_S = 0.25
"""Silences up to this lie within what somebody says: the shortest pause (de Jong & Wempe 2009)."""
SMOOTHED = 3
"""Vectors over which nearness is averaged, 0.6 s. Chosen: from 1 to 7 the error is the same."""
ALIKE, ALIKE_SHORT = 0.88, 0.76
"""Nearness of two speakers' prints from which they may be one. One reader parted in two comes out
at 0.91 or more, two readers at 0.84 or less (13 readers of TIMIT and LibriSpeech); two women on one
telephone at 0.93. In less than ENOUGH vectors one reader comes out at 0.78 or more."""
ENOUGH = 80
STRANGE = 0.58
"""A stretch less near to its enrolled print than this, in the mean, is nobody's. Of a reader's own
vectors 3 % are less near to a print from other sentences, of a stranger's nearest of two prints
80 % (13 readers of TIMIT and LibriSpeech)."""
FEWEST = 10
"""Fewer vectors, 2 s of voice, cannot be parted. Chosen."""
MOST_CLUSTERED = 1200
"""So many vectors, evenly taken, are clustered; the others go to the nearest cluster. Chosen:
that takes about a second."""
NEIGHBOURS = 0.3
"""Share of the vectors that count as another's neighbours. Chosen."""
REFINED = 5
"""Rounds of taking clusters' means and giving each vector to the nearest. Chosen."""
GRID_S = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Parted:
    """Voices told apart, in order of their first words; empty for one not found.

    ``alike``: two of them sound so alike that they may be one person's.
    """

    timelines: tuple[Timeline, ...]
    alike: bool = False


def diarise(sound: Sound, activity: Timeline, *, speakers: int) -> Parted:
    """So many speakers' voices.

    ``activity`` is when any voice is heard. Raises ValueError for fewer than one speaker.
    """
    if speakers < 1:
        raise ValueError(f"somebody speaks: at least one, got {speakers}")
    voiced = activity.bridged(JOINED_S)
    if speakers == 1:
        return Parted(timelines=(voiced,))
    vectors, middles_s = embeddings_of(sound, voiced)
    if len(vectors) < FEWEST:
        return Parted(timelines=(voiced, *[Timeline()] * (speakers - 1)), alike=True)
    prints = _clustered(vectors, speakers)
    found = _nearest(vectors @ prints.T, middles_s, voiced)
    between = (prints @ prints.T)[np.triu_indices(speakers, 1)]
    return Parted(
        timelines=tuple(sorted(found, key=lambda each: each.hull.start_s if each.hull else np.inf)),
        alike=bool(between.max() > (ALIKE if len(vectors) >= ENOUGH else ALIKE_SHORT)),
    )


def recognise(
    sound: Sound, activity: Timeline, enrolled: Mapping[str, npt.NDArray[np.float32]]
) -> tuple[dict[str, Timeline], Timeline]:
    """When each enrolled voice speaks, by name; and when somebody does who is none of them."""
    voiced = activity.bridged(JOINED_S)
    vectors, middles_s = embeddings_of(sound, voiced)
    if not len(vectors):
        return dict.fromkeys(enrolled, Timeline()), Timeline()
    nearness = vectors @ np.stack(list(enrolled.values())).T
    found, strange = {}, []
    for n, (name, line) in enumerate(
        zip(enrolled, _nearest(nearness, middles_s, voiced), strict=True)
    ):
        near = [_mean_within(span, nearness[:, n], middles_s) for span in line]
        strange += [span for span, value in zip(line, near, strict=True) if value < STRANGE]
        found[name] = Timeline.of(
            span for span, value in zip(line, near, strict=True) if value >= STRANGE
        )
    return found, Timeline.of(strange)


def _mean_within(
    span: Span, values: npt.NDArray[np.float32], middles_s: npt.NDArray[np.float64]
) -> float:
    """The mean of the values whose moments lie in the span; the nearest one's where none does."""
    inside = values[slice(*np.searchsorted(middles_s, (span.start_s, span.end_s)))]
    if not len(inside):
        inside = values[[int(np.argmin(np.abs(middles_s - span.middle_s)))]]
    return float(inside.mean())


def _nearest(
    nearness: npt.NDArray[np.float32], middles_s: npt.NDArray[np.float64], voiced: Timeline
) -> list[Timeline]:
    """The voiced time parted: (vectors, speakers) cosines to a timeline for each speaker."""
    kernel = np.ones(SMOOTHED) / SMOOTHED
    found: list[list[Span]] = [[] for _ in range(nearness.shape[1])]
    for span in voiced:
        inside = slice(*np.searchsorted(middles_s, (span.start_s - STEP_S, span.end_s + STEP_S)))
        at_s, near = middles_s[inside], nearness[inside]
        if not len(at_s):  # its one vector's middle lies outside: at the very start or end
            at = int(np.argmin(np.abs(middles_s - span.middle_s)))
            at_s, near = middles_s[at : at + 1], nearness[at : at + 1]
        moments = np.arange(span.start_s, span.end_s, GRID_S)
        padded = np.pad(near, ((SMOOTHED // 2, SMOOTHED // 2), (0, 0)), "edge")
        curves = [
            np.interp(moments, at_s, np.convolve(padded[:, n], kernel, "valid"))
            for n in range(near.shape[1])
        ]
        who = np.argmax(curves, axis=0)
        cuts = [0, *(np.flatnonzero(np.diff(who)) + 1).tolist(), len(who)]
        edges = [span.start_s, *(float(moments[cut]) for cut in cuts[1:-1]), span.end_s]
        for n, cut in enumerate(cuts[:-1]):
            found[who[cut]].append(Span(start_s=edges[n], end_s=edges[n + 1]))
    return [Timeline.of(spans) for spans in found]


def _clustered(vectors: npt.NDArray[np.float32], count: int) -> npt.NDArray[np.float32]:
    """The clusters' means, (count, SIZE)."""
    from sklearn.cluster import KMeans

    steady = unit(_averaged(vectors))
    some = steady[:: -(-len(steady) // MOST_CLUSTERED)]
    alike = (some @ some.T + 1) / 2
    kept = max(count, round(NEIGHBOURS * len(some)))
    least = np.partition(alike, -kept, axis=1)[:, -kept, np.newaxis]
    alike = np.where(alike >= least, alike, 0.0)
    alike = (alike + alike.T) / 2
    degree = np.sqrt(alike.sum(axis=1))
    _, leading = np.linalg.eigh(alike / np.outer(degree, degree))
    rows = unit(leading[:, -count:].astype(np.float32))
    labels = KMeans(count, n_init=10, random_state=0).fit_predict(rows)
    prints = np.stack([unit(some[labels == n].mean(axis=0)) for n in range(count)])
    for _ in range(REFINED):
        nearest = np.argmax(steady @ prints.T, axis=1)
        prints = np.stack(
            [
                unit(steady[nearest == n].mean(axis=0)) if (nearest == n).any() else prints[n]
                for n in range(count)
            ]
        )
    return prints


def _averaged(vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Each vector with its neighbours in time: (n, SIZE) in and out."""
    padded = np.pad(vectors, ((SMOOTHED // 2, SMOOTHED // 2), (0, 0)), "edge")
    parts = [padded[n : n + len(vectors)] for n in range(SMOOTHED)]
    return np.asarray(np.mean(parts, axis=0), np.float32)
