from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from voice_coach.errors import UserError
from voice_coach.scenarios.library import new_scenario, scenarios_dir
from voice_coach.scenarios.reading import problems, read_scenario


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return new_scenario(tmp_path / "evening.yaml")


def spoil(path: Path, old: str, new: str) -> int:
    """Replace the first occurrence; return the number of the line it was on."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_a_good_file_has_no_problems(good: Path) -> None:
    assert problems(good) == ()
    assert read_scenario(good).partner.name == "Robin"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("    says: >-", "    say: >-", '"say" of line "kitchen" is not a known key. Did you mean'),
        ("heat: tense", "heat: tepid", "'calm', 'tense' or 'heated'"),
        ("heat: tense", "hot: yes", '"hot" is not a known key'),
        ("  name: Robin", "  name: 7", '"name" of the partner must be text, but is a number'),
        ("  name: Robin", "  name: yes", "is a yes-or-no"),
        ("  name: Robin", "  name:", "but is nothing"),
        ("  name: Robin", "  name: 2024-13-45", "is a date"),
        ("  name: Robin", "  name: [Robin]", "is a list"),
        ("  name: Robin", "  name: !who Robin", "is !who"),
        ("  name: Robin", "  name: ''", '"name" of the partner is empty'),
        ("  name: Robin", "  name: R\n  name: S", '"name" is given twice'),
        ("  name: Robin", f"  name: {'R' * 81}", "over 80 letters"),
        ("  name: Robin", '  name: "R\\e[31m"', "control character"),
        ("    feels: [tired, let down]", "    feels: tired", "must be a list"),
        ("    feels: [tired, let down]", "    feels: []", "needs at least 1"),
        ("[tired, let down]", "[tired, 3]", 'entry 2 of "feels" of line "kitchen" must be text'),
        ("softens: asking ", "softens: askng ", 'leads to "askng"'),
        ("softens: asking ", "softens: Asking! ", "small letters, digits"),
        ("softens: asking ", "softly: asking ", "is not a known key"),
        ("start: kitchen ", "start: cellar ", 'names "cellar"'),
        ("  - id: tired", "  - id: kitchen", "two lines have the id"),
        ("partner:\n", "partner: Robin\nlearnt:\n", "must be keys with values"),
        ("help that does not", "help " * 3 + "? that: does not", ""),
    ],
)
def test_a_fault_is_named_with_its_line(good: Path, old: str, new: str, words: str) -> None:
    number = spoil(good, old, new)
    found = problems(good)
    assert any(words in problem for problem in found), found
    lines = [int(problem.removeprefix(f"{good}:").split(":")[0]) for problem in found]
    assert lines == sorted(lines)
    assert any(number <= line <= number + 1 for line in lines), (number, found)
    with pytest.raises(UserError) as caught:
        read_scenario(good)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith(found[0])


def test_a_missing_key_is_named_where_it_belongs_and_what_it_is(good: Path) -> None:
    number = spoil(good, "    needs: [help that does not have to be asked for]\n", "")
    (problem,) = problems(good)
    assert '"needs" of line "kitchen" is missing. Add it: What the partner needs.' in problem
    assert int(problem.removeprefix(f"{good}:").split(":")[0]) < number


def test_a_list_of_faulty_entries_is_not_said_to_be_empty(tmp_path: Path) -> None:
    path = tmp_path / "one.yaml"
    path.write_text("lines:\n  - id: only\n    says: You forgot me.\n", encoding="utf-8")
    found = problems(path)
    assert any('"feels" of line "only" is missing' in problem for problem in found)
    assert not any("needs at least" in problem for problem in found)


def test_all_faults_are_listed_fields_and_branches_alike(good: Path) -> None:
    spoil(good, "heat: tense", "heat: tepid")
    spoil(good, "  name: Robin", "  nam: Robin")
    spoil(good, "escalates: tired", "escalates: tried")
    found = problems(good)
    assert len(found) == 4, found
    with pytest.raises(UserError, match=r"3 more: voice-coach scenarios check .* lists all"):
        read_scenario(good)


@pytest.mark.parametrize(
    ("text", "number", "words"),
    [
        ("id: a\n\tstart: b\n", 2, "a tab indents this line"),
        ("id: a\nsetting: You said: seven\n", 2, "a colon stands inside the text"),
        ('id: a\nsetting: "You said\nstart: b\n', 2, "quotation mark is opened here"),
        ("id: &a one\nstart: *a\n", 2, "an alias (*) stands here"),
        ("id: a\n---\nid: b\n", 2, "a second document"),
        ("id: a\nlines: [one, two\n", 3, "the YAML cannot be read here"),
        ("id: a\nstart: \x07\n", 2, "character that text may not hold"),
        ("? [a, b]\n: c\n", 1, "a key must be one word"),
        ("", 1, "the file is empty"),
        ("# nothing here\n", 1, "the file is empty"),
        ("- a\n- b\n", 1, "there is a list at the top"),
        ("just words\n", 1, "there is text at the top"),
        ("[" * 5000, 1, "nested too deep"),
    ],
)
def test_yaml_that_cannot_be_read_is_named_with_its_line(
    tmp_path: Path, text: str, number: int, words: str
) -> None:
    path = tmp_path / "odd.yaml"
    path.write_text(text, encoding="utf-8", newline="\n")
    (first, *_) = problems(path)
    assert first.startswith(f"{path}:{number}: ")
    assert words in first


def test_what_is_not_a_text_file_is_said(tmp_path: Path) -> None:
    gone = tmp_path / "gone.yaml"
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("id: a\ntitle: Café\n".encode("latin-1"))
    large = tmp_path / "large.yaml"
    large.write_bytes(b"#" * 1_000_001)
    for path, words in (
        (gone, "There is no file"),
        (tmp_path, "it is a folder"),
        (latin, "latin.yaml:2: the file is not UTF-8"),
        (large, "too large"),
    ):
        with pytest.raises(UserError, match=words):
            read_scenario(path)
        assert len(problems(path)) == 1


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(good: Path) -> None:
    text = good.read_bytes().replace(b"\n", b"\r\n")
    good.write_bytes(b"\xef\xbb\xbf" + text)
    assert problems(good) == ()


TEMPLATE_LINES = (scenarios_dir() / "late-home.yaml").read_text(encoding="utf-8").splitlines()


@example(at=43, cut=0, put="")
@settings(max_examples=60, deadline=None)
@given(at=st.integers(0, 60), cut=st.integers(0, 40), put=st.text(max_size=6))
def test_a_damaged_file_is_read_or_told_never_a_crash(
    tmp_path_factory: pytest.TempPathFactory, at: int, cut: int, put: str
) -> None:
    lines = list(TEMPLATE_LINES)
    lines[at] = lines[at][:cut] + put
    path = tmp_path_factory.getbasetemp() / "damaged.yaml"
    path.write_text("\n".join(lines), encoding="utf-8", errors="replace")
    found = problems(path)
    assert all(problem.startswith(f"{path}:") and "\n" not in problem for problem in found)
    if not found:
        assert read_scenario(path).id
