from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_coach.conversation import Turn
from voice_coach.errors import UserError
from voice_coach.recordings.captions import read_captions
from voice_coach.recordings.tabbed import read_tabbed
from voice_coach.recordings.textgrid import read_textgrid
from voice_coach.recordings.transcripts import read_transcript

Told = list[tuple[str, float, float, str]]

TALK: Told = [("Maya", 0.0, 2.5, "You said seven."), ("Leo", 2.25, 3.0, "Mm-hm.")]

TABBED = "start\tend\tspeaker\ttext\n0.0\t2.5\tMaya\tYou said seven.\n2.25\t3\tLeo\tMm-hm.\n"
OTHER_COLUMNS = (
    "id\tspeaker\ttext\tStart\tEnd\n1\tMaya\tYou said seven.\t0:00\t0:02.5\n\n"
    "2\tLeo\tMm-hm.\t0:00:02.25\t3\n"
)
VOICES = """WEBVTT - a talk

STYLE
::cue { color: red }

NOTE
who said it is in the voice tag

1
00:00.000 --> 00:02.500 align:start
<v Maya>You <i>said</i> seven.</v>

00:00:02.250 --> 00:00:03.000
<v.loud Leo>Mm-hm.
"""
NAMES = """1
00:00:00,000 --> 00:00:02,500
Maya: You said
seven.

2
00:00:02,250 --> 00:00:03,000
>> Leo: Mm-hm.
"""
SHORT_GRID = """File type = "ooTextFile"
Object class = "TextGrid"

0
3
<exists>
3
"IntervalTier"
"Maya"
0
3
2
0
2.5
"You said seven."
2.5
3
""
"TextTier"
"bell"
0
3
1
1.5
"ding"
"IntervalTier"
"Leo"
0
3
2
0
2.25
""
2.25
3
"Mm-hm."
"""
LONG_GRID = """File type = "ooTextFile"
Object class = "TextGrid"

xmin = 0
xmax = 3
tiers? <exists>
size = 2
item []:
    item [1]:
        class = "IntervalTier"
        name = "Maya"
        xmin = 0
        xmax = 3
        intervals: size = 1
        intervals [1]:
            xmin = 0
            xmax = 2.5
            text = "You said seven."
    item [2]:
        class = "IntervalTier"
        name = "Leo"
        xmin = 0
        xmax = 3
        intervals: size = 1
        intervals [1]:
            xmin = 2.25
            xmax = 3
            text = "Mm-hm."
"""


def told(turns: tuple[Turn, ...]) -> Told:
    return [(turn.speaker, turn.span.start_s, turn.span.end_s, turn.text) for turn in turns]


def kept(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("talk.tsv", TABBED),
        ("talk.txt", TABBED.replace("\n", "\r\n")),
        ("talk.tsv", "\ufeff" + OTHER_COLUMNS),
        ("talk.vtt", VOICES),
        ("talk.srt", NAMES),
        ("talk.srt", NAMES.replace("\n", "\r\n")),
        ("talk.TextGrid", SHORT_GRID),
        ("talk.textgrid", LONG_GRID),
        ("talk.TextGrid", LONG_GRID.encode("utf-16")),
    ],
)
def test_every_format_tells_the_same(tmp_path: Path, name: str, content: str | bytes) -> None:
    assert told(read_transcript(kept(tmp_path, name, content)).utterances) == TALK


def test_rttm_tells_who_spoke_when(tmp_path: Path) -> None:
    path = kept(
        tmp_path,
        "talk.rttm",
        ";; made by hand\nSPKR-INFO talk 1 <NA> <NA> <NA> unknown Maya <NA> <NA>\n"
        "SPEAKER talk 1 2.250 0.750 <NA> <NA> Leo <NA> <NA>\n"
        "SPEAKER talk 1 0.000 2.500 <NA> <NA> Maya\n",
    )
    assert told(read_transcript(path).utterances) == [
        ("Maya", 0.0, 2.5, ""),
        ("Leo", 2.25, 3.0, ""),
    ]


def test_words_share_their_utterance_evenly(tmp_path: Path) -> None:
    (turn, _) = read_transcript(kept(tmp_path, "talk.tsv", TABBED)).utterances
    assert [word.span.start_s for word in turn.words] == pytest.approx([0.0, 2.5 / 3, 5 / 3])


def test_a_tier_of_words_keeps_their_times() -> None:
    grid = SHORT_GRID.replace('"Maya"', '"Maya - words"').replace('"You said seven."', '"You"')
    grid = grid.replace('2.5\n3\n""', '2.5\n3\n"said"')
    (turn, _) = read_textgrid(grid, Path("talk.TextGrid"))
    assert turn.speaker == "Maya"
    assert [(word.text, word.span.start_s) for word in turn.words] == [("You", 0.0), ("said", 2.5)]
    phones = grid.replace("Maya - words", "Maya - phones")
    assert [turn.speaker for turn in read_textgrid(phones, Path("talk.TextGrid"))] == ["Leo"]


def test_quotes_inside_a_textgrid_are_doubled() -> None:
    grid = SHORT_GRID.replace("You said seven.", 'You said ""seven"" at 7 ! no 2')
    (turn, _) = read_textgrid(grid, Path("talk.TextGrid"))
    assert turn.text == 'You said "seven" at 7 ! no 2'


def test_a_caption_without_a_name_carries_on() -> None:
    text = NAMES.replace(">> Leo: Mm-hm.", "And it was nine &amp; dark.")
    assert [turn.speaker for turn in read_captions(text, Path("talk.srt"))] == ["Maya", "Maya"]


def test_two_names_in_one_caption_share_its_time() -> None:
    text = "1\n00:00:00,000 --> 00:00:04,000\nMaya: You said seven.\nLeo: Sorry.\n"
    assert told(read_captions(text, Path("talk.srt"))) == [
        ("Maya", 0.0, 3.0, "You said seven."),
        ("Leo", 3.0, 4.0, "Sorry."),
    ]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("talk.tsv", "start\tend\twho\ttext\n", "1: the header has no column speaker"),
        ("talk.tsv", TABBED.replace("\tMaya", ""), "2: 3 columns where the header has 4"),
        ("talk.tsv", TABBED.replace("2.5", "soon"), "2: “soon” is no time"),
        ("talk.tsv", TABBED.replace("2.5", "nan"), "2: “nan” is no time"),
        ("talk.tsv", TABBED.replace("2.25", "9"), "3: it ends (3) before it starts (9)"),
        ("talk.tsv", TABBED.replace("Leo", " "), "3: nobody is named"),
        ("talk.tsv", b"start\tend\tspeaker\ttext\n0\t1\tA\t\xe9t\xe9\n", "2: not UTF-8 text"),
        ("talk.tsv", "start\tend\tspeaker\ttext\n", "holds nothing that was said"),
        ("talk.tsv", "", "1: the header has no column"),
        ("talk.rttm", "SPEAKER talk 1 2.0 1.0\n", "1: 5 fields instead of 10"),
        ("talk.rttm", "SPEAKER talk 1 2.0 -1.0 <NA> <NA> A\n", "1: the duration is negative"),
        (
            "talk.rttm",
            "SPEAKER a 1 2.0 1.0 <NA> <NA> A\nSPEAKER b 1 2.0 1.0 <NA> <NA> A\n",
            "2: a second recording",
        ),
        ("talk.vtt", VOICES.replace("<v Maya>", ""), "10: nobody is named"),
        ("talk.srt", NAMES.replace("00:00:00,000 -->", "00:00:00,000 ->"), "1: a caption without"),
        ("talk.srt", NAMES.replace("--> 00:00:02,500", "-->"), "2: “” is no time"),
        ("talk.TextGrid", "File type\n", "1: the file ends where"),
        ("talk.TextGrid", SHORT_GRID.replace('"TextGrid"', '"Pitch"'), "2: a Pitch and no"),
        ("talk.TextGrid", SHORT_GRID.replace("2.5\n3", "3\n2.5"), "it ends (2.5) before"),
        ("talk.TextGrid", SHORT_GRID.replace('"Leo"', '""'), "a tier without a name"),
        ("talk.TextGrid", SHORT_GRID.replace('3\n"Mm-hm."', ""), "the file ends where"),
        ("talk.TextGrid", SHORT_GRID.replace("<exists>\n3", "<exists>\n2.5"), "“2.5” is not"),
        ("talk.TextGrid", SHORT_GRID.replace('"TextTier"', '"Tier"'), "unknown kind of tier"),
        ("talk.TextGrid", SHORT_GRID.replace("<exists>", "<absent>"), "holds nothing"),
        ("talk.doc", TABBED, "no transcript by its name"),
    ],
)
def test_what_cannot_be_read_is_one_line_with_its_place(
    tmp_path: Path, name: str, content: str | bytes, says: str
) -> None:
    path = kept(tmp_path, name, content)
    with pytest.raises(UserError) as refused:
        read_transcript(path)
    line = str(refused.value)
    assert "\n" not in line
    assert line.startswith(str(path))
    assert says in line


def test_no_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no file"):
        read_transcript(tmp_path / "gone.tsv")
    (tmp_path / "folder.tsv").mkdir()
    with pytest.raises(UserError, match="folder"):
        read_transcript(tmp_path / "folder.tsv")


def test_more_names_than_people_are_refused(tmp_path: Path) -> None:
    rows = "".join(f"{n}\t{n + 1}\tName{n}\thello\n" for n in range(40))
    with pytest.raises(UserError, match="40 speakers"):
        read_transcript(kept(tmp_path, "talk.tsv", f"start\tend\tspeaker\ttext\n{rows}"))


@given(st.sampled_from([".tsv", ".rttm", ".vtt", ".srt", ".TextGrid"]), st.data())
def test_any_damage_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, ending: str, data: st.DataObject
) -> None:
    whole = {".tsv": TABBED, ".vtt": VOICES, ".srt": NAMES, ".TextGrid": LONG_GRID}.get(
        ending, "SPEAKER talk 1 2.250 0.750 <NA> <NA> Leo <NA> <NA>\n"
    )
    at = data.draw(st.integers(0, len(whole)))
    to = data.draw(st.integers(at, len(whole)))
    damaged = whole[:at] + data.draw(st.text(max_size=4)) + whole[to:]
    path = kept(tmp_path_factory.mktemp("talk"), f"talk{ending}", damaged)
    try:
        line = f"{len(read_transcript(path).utterances)} turns"
    except UserError as error:
        line = str(error)
    assert "\n" not in line
    assert line != "0 turns"


names = st.text(st.characters(categories=["L"]), min_size=1, max_size=8)
ticks = st.integers(0, 800)


@given(st.lists(st.tuples(ticks, ticks, names, st.sampled_from(["hello", "I see", ""]))))
def test_tabbed_rows_come_back(rows: list[tuple[int, int, str, str]]) -> None:
    lines = [f"{at / 8}\t{(at + long) / 8}\t{name}\t{text}" for at, long, name, text in rows]
    text = "\n".join(["start\tend\tspeaker\ttext", *lines])
    assert told(read_tabbed(text, Path("talk.tsv"))) == [
        (name, at / 8, (at + long) / 8, text) for at, long, name, text in rows
    ]
