"""Numbers as they are said: "7" seven, "1,250" one thousand two hundred fifty, "1998" as a year.

Recognisers write figures where words were said. Of the ways to say a number the plainest is taken.
"""

from __future__ import annotations

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_GROUPS = ((10**9, "billion"), (10**6, "million"), (10**3, "thousand"), (10**2, "hundred"))
_LONGEST = 10
"""More figures than this are a row of figures: said one by one."""
_ORDINAL = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}


def number_in_words(figures: str) -> tuple[str, ...]:
    """The words of a whole number, of digits with commas or without; no "and" in them.

    Four digits are a year where years go in two halves (1100 to 1999, 2010 to 2099); what begins
    with a zero, and what is too long for a number, is said digit by digit.
    """
    digits = figures.replace(",", "")
    number = int(digits)
    if len(digits) > _LONGEST or (digits[0] == "0" and number) or digits == "00":
        return digit_by_digit(digits)
    if len(figures) == 4 and (1100 <= number < 2000 or 2010 <= number < 2100):
        return _as_year(number)
    return _counted(number)


def digit_by_digit(digits: str) -> tuple[str, ...]:
    """As a telephone number is said."""
    return tuple("oh" if digit == "0" else _SMALL[int(digit)] for digit in digits)


def ordinal_in_words(figures: str) -> tuple[str, ...]:
    """The words of "1st", "22nd", "30th", given their digits."""
    *before, last = _counted(int(figures.replace(",", "")))
    if last in _ORDINAL:
        return (*before, _ORDINAL[last])
    return (*before, f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th")


def _as_year(number: int) -> tuple[str, ...]:
    century, rest = divmod(number, 100)
    if not rest:
        return (*_counted(century), "hundred")
    return (*_counted(century), *(("oh",) if rest < 10 else ()), *_counted(rest))


def _counted(number: int) -> tuple[str, ...]:
    if number < 20:
        return (_SMALL[number],)
    if number < 100:
        tens, ones = divmod(number, 10)
        return (_TENS[tens - 2], *((_SMALL[ones],) if ones else ()))
    for size, name in _GROUPS:
        if number >= size:
            whole, rest = divmod(number, size)
            return (*_counted(whole), name, *(_counted(rest) if rest else ()))
    raise AssertionError("every number from a hundred on holds a hundred")
