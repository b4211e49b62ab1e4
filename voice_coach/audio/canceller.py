"""Taking out of the microphone's sound what the loudspeaker plays.

::

    played ──► adaptive filter ──► expected echo ─┐
    microphone ─────────────────────────────────(−)──► linear ──► suppressor ──► voice

The filter is a partitioned-block frequency-domain Kalman filter (Enzner & Vary 2006; Kuech, Mabande
& Enzner 2014): it learns the way from loudspeaker to microphone, and learns slower the more there
is in the microphone that it cannot explain, so that somebody talking does not spoil it. Where the
way becomes another (sound was lost, the laptop was moved) it would take tens of seconds to learn it
anew, so there it forgets the old one. What it leaves is small echoes of echoes; the suppressor
knows from quiet moments how much that usually is, in each band, and takes away as much, no more.
WebRTC's canceller takes away so much that half of those who talk over the loudspeaker are lost: see
benchmarks/echo.py, which measures both.

Blocks have 256 samples at 16 kHz; whatever the sizes that sound is fed in, the result is the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from voice_coach.audio.samples import SPEECH_RATE_HZ

Samples = npt.NDArray[np.float32]

BLOCK = 256
"""Samples in one step of the filter, 16 ms. Chosen."""

PARTITIONS = 20
"""Blocks of past sound that the filter explains: 0.32 s, most of what a living room gives back.
Chosen."""

KEEPS = 0.9999
"""How much of the way from loudspeaker to microphone stays as it is from block to block (the
state transition of the Kalman filter). Chosen: a laptop stands still; people around it move."""

FIRST_DOUBT_DB = 18.0
"""How much stronger than told the way may be, before anything was heard. Of 6 to 36 dB the one that
leaves least of the echo in eight rooms at 10 to 30 dB (benchmarks/echo.py): with more it learns the
room's noise too, with less it learns slowly."""

USUAL_WAY_DB = -10.0
"""Taken where nobody told how loud the echo is. Chosen: a loud laptop."""

FIRST_DECAY_S = 0.15
"""Seconds in which what is expected of the way falls to 1/e, as rooms do. Chosen."""

UNEXPLAINED_SMOOTHING = 0.7
"""Smoothing of the power that the filter cannot explain, a block at a time. Chosen."""

TAIL_DECAY = 0.9
"""What is left a block later of an echo's power beyond the filter: 60 dB in 2 s. Chosen."""

USUAL_STEP_DB = 0.3
"""How fast the usual remainder is followed, up or down, dB a block: its median. Chosen."""

OVERSUBTRACTION = 4.0
"""The remainder may be so much more than usual, as power, before it counts as somebody. Chosen."""

FLOOR = 0.05
"""The least the suppressor leaves of a band, as amplitude. Chosen."""

MADE_WORSE = 1.15
"""What is left may be so much more than what was heard, as power, before the way is forgotten: a
filter for another way adds its wrong echo to the true one, while somebody who talks is in both.
Chosen."""

HELPED = 0.25
"""It was the right way once where so little was left, as power. Chosen: 6 dB."""

MADE_WORSE_BLOCKS = 32
"""Blocks over which that is seen, 0.5 s. Chosen."""

_LEAST = 1e-9
"""Keeps divisions finite; as power in one band it is far below any microphone's noise."""

_SHARES = 4
"""The filter's partitions are kept causal a quarter at a time (alternated constraint)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """What became of the microphone's next samples, all float32 of one shape (n,).

    ``echo`` is what the filter expects of the loudspeaker; ``linear`` is the microphone less that;
    ``voice`` is ``linear`` less what usually remains: for finding voices, not for measuring them.
    """

    echo: Samples
    linear: Samples
    voice: Samples


class EchoCanceller:
    """Learns how the loudspeaker is heard and takes it out, block by block.

    Both sounds run on one clock; an echo must come after what was played, by less than the filter
    is long. What comes out lags: one block, and what does not fill one. ``forgotten`` counts how
    often the way turned out to be another, and was learnt anew.
    """

    def __init__(self, *, way_db: float = USUAL_WAY_DB) -> None:
        """``way_db``: the echo's level less that of what is played, as far as is known."""
        bands = BLOCK + 1
        lateness_s = np.arange(PARTITIONS)[:, np.newaxis] * BLOCK / SPEECH_RATE_HZ
        expected = np.exp(-lateness_s / FIRST_DECAY_S)
        expected *= 10 ** ((way_db + FIRST_DOUBT_DB) / 10) / np.sum(expected)
        self._first_doubt = np.repeat(expected, bands, axis=1).astype(np.float32)
        self._played = np.zeros((PARTITIONS, bands), np.complex64)
        self._forget_way()
        self.forgotten = 0
        self._unexplained = np.zeros(bands, np.float32)
        self._far_before = np.zeros(BLOCK, np.float32)
        self._turn = 0
        self._near_rest = np.zeros(0, np.float32)
        self._far_rest = np.zeros(0, np.float32)
        self._suppressor = _Suppressor()
        self._before: tuple[Samples, Samples] | None = None

    def begin_anew(self) -> None:
        """Forget what is on its way through, and keep what was learnt: another sound follows."""
        self._played[:] = 0.0
        self._far_before = np.zeros(BLOCK, np.float32)
        self._near_rest = self._far_rest = np.zeros(0, np.float32)
        self._before = None
        self._suppressor.begin_anew()

    def feed(self, near: Samples, far: Samples) -> Cleaned:
        """Take in what the microphone heard and, for the same moments, what was played.

        Both float32 of one shape (n,) at 16 kHz. Raises ValueError where the shapes differ.
        """
        if near.shape != far.shape or near.ndim != 1:
            raise ValueError(f"both sounds have one shape (n,), got {near.shape} and {far.shape}")
        near = np.concatenate([self._near_rest, near])
        far = np.concatenate([self._far_rest, far])
        whole = len(near) - len(near) % BLOCK
        self._near_rest, self._far_rest = near[whole:], far[whole:]
        out: list[tuple[Samples, Samples, Samples]] = []
        for start in range(0, whole, BLOCK):
            block = slice(start, start + BLOCK)
            rest, echo = self._filtered(near[block], far[block])
            cleaned = self._suppressor.cleaned(rest, echo)
            if self._before is not None:
                out.append((*self._before, cleaned))
            self._before = (echo, rest)
        if not out:
            nothing = np.zeros(0, np.float32)
            return Cleaned(echo=nothing, linear=nothing, voice=nothing)
        echo, linear, voice = (np.concatenate(blocks) for blocks in zip(*out, strict=True))
        return Cleaned(echo=echo, linear=linear, voice=voice)

    def _filtered(self, near: Samples, far: Samples) -> tuple[Samples, Samples]:
        """The block less its expected echo, and that echo; the filter learns from it."""
        self._played[1:] = self._played[:-1]
        self._played[0] = np.fft.rfft(np.concatenate([self._far_before, far]))
        self._far_before = far
        played = self._played.real**2 + self._played.imag**2
        if not played.any():
            return near, np.zeros(BLOCK, np.float32)
        expected = np.einsum("pb,pb->b", self._played, self._way)
        echo = np.fft.irfft(expected)[BLOCK:].astype(np.float32)
        rest = near - echo
        if self._makes_worse(near, rest):
            self._forget_way()
            self.forgotten += 1
            return near, np.zeros(BLOCK, np.float32)
        padded = np.concatenate([np.zeros(BLOCK, np.float32), rest])
        error = np.fft.rfft(padded).astype(np.complex64)
        power = error.real**2 + error.imag**2
        self._unexplained += (1 - UNEXPLAINED_SMOOTHING) * (power - self._unexplained)
        doubtful = np.einsum("pb,pb->b", played, self._doubt)
        # Padding halves the power, hence 2 and 0.5 (Kuech et al. 2014, frame shift over length).
        step = self._doubt / (doubtful + 2 * self._unexplained + _LEAST)
        self._way += step * self._played.conj() * error
        self._keep_causal()
        way = self._way.real**2 + self._way.imag**2
        kept = KEEPS**2
        self._doubt *= kept * np.maximum(0.0, 1 - 0.5 * step * played)
        self._doubt += (1 - kept) * way
        return rest, echo

    def _makes_worse(self, near: Samples, rest: Samples) -> bool:
        """Whether of late more was left than was heard, and less before: the way is another."""
        powers = np.array([np.dot(rest, rest), np.dot(near, near)])
        self._left_and_heard += (powers - self._left_and_heard) / MADE_WORSE_BLOCKS
        left, heard = self._left_and_heard
        self._helped |= bool(left < HELPED * heard)
        return self._helped and bool(left > MADE_WORSE * heard)

    def _forget_way(self) -> None:
        """Know no more of the way than at the beginning."""
        self._way = np.zeros_like(self._played)
        self._doubt = self._first_doubt.copy()
        self._left_and_heard = np.zeros(2)
        self._helped = False

    def _keep_causal(self) -> None:
        """Each partition explains its own block only: what wraps around is cut off, in turns."""
        chosen = slice(self._turn, PARTITIONS, _SHARES)
        self._turn = (self._turn + 1) % _SHARES
        taps = np.fft.irfft(self._way[chosen], axis=1)
        taps[:, BLOCK:] = 0.0
        self._way[chosen] = np.fft.rfft(taps, axis=1)


class _Suppressor:
    """Takes the usual remainder of an echo away, one block late.

    The usual remainder of a band is the median of its power over that of the echo expected there;
    somebody who talks a part of the time hardly moves a median.
    """

    def __init__(self) -> None:
        bands = BLOCK + 1
        self._window = np.sqrt(np.hanning(2 * BLOCK + 1)[:-1]).astype(np.float32)
        self._rest_before = np.zeros(BLOCK, np.float32)
        self._echo_before = np.zeros(BLOCK, np.float32)
        self._overlap = np.zeros(BLOCK, np.float32)
        self._tail = np.zeros(bands, np.float32)
        self._power = np.zeros(bands, np.float32)
        self._quiet = np.full(bands, np.inf, np.float32)
        self._usual_db = np.zeros(bands, np.float32)

    def begin_anew(self) -> None:
        """Forget what is on its way through."""
        self._rest_before = np.zeros(BLOCK, np.float32)
        self._echo_before = np.zeros(BLOCK, np.float32)
        self._overlap = np.zeros(BLOCK, np.float32)

    def cleaned(self, rest: Samples, echo: Samples) -> Samples:
        """The block before this one, its usual remainder taken away."""
        spectrum = self._spectrum(self._rest_before, rest)
        expected = np.abs(self._spectrum(self._echo_before, echo)) ** 2
        self._rest_before, self._echo_before = rest, echo
        power = np.abs(spectrum) ** 2
        self._tail = np.maximum(expected, TAIL_DECAY * self._tail)
        self._power = (self._power + power) / 2
        self._learn(power)
        usual = OVERSUBTRACTION * 10 ** (self._usual_db / 10) * self._tail
        gain = np.clip(1 - usual / np.maximum(self._power, _LEAST), FLOOR, 1.0)
        block = np.fft.irfft(spectrum * gain).astype(np.float32) * self._window
        out = self._overlap + block[:BLOCK]
        self._overlap = block[BLOCK:]
        return out

    def _spectrum(self, before: Samples, block: Samples) -> npt.NDArray[np.complex64]:
        windowed = np.concatenate([before, block]) * self._window
        return np.fft.rfft(windowed).astype(np.complex64)

    def _learn(self, power: Samples) -> None:
        """Follow the median of what remains, where the echo would be heard over the room."""
        fallen = np.minimum(self._quiet * 1.003, power)
        self._quiet = np.where(power > 0.0, fallen, self._quiet)
        heard = self._tail > 4 * np.where(np.isfinite(self._quiet), self._quiet, 0.0)
        ratio_db = 10 * np.log10((power + _LEAST) / (self._tail + _LEAST))
        step_db = np.where(ratio_db > self._usual_db, USUAL_STEP_DB, -USUAL_STEP_DB)
        self._usual_db = np.minimum(self._usual_db + np.where(heard, step_db, 0.0), 0.0)
