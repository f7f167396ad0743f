"""What number is this numeral?  Chinese and Arabic numerals, both ways."""

from __future__ import annotations

import re
from typing import Final

DIGITS: Final[dict[str, int]] = {
    **dict(zip("零一二三四五六七八九", range(10), strict=True)),
    **dict(zip("〇壹贰叁肆伍陆柒捌玖", range(10), strict=True)),
    **dict.fromkeys("○ＯOo", 0),  # What keyboards without 〇 give: 二○二○年, 二O二O年.
    **dict(zip("貳參陸兩两", (2, 3, 6, 2, 2), strict=True)),
}
UNITS: Final[dict[str, int]] = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
TENS: Final[dict[str, str]] = {"廿": "二十", "卄": "二十", "卅": "三十", "卌": "四十"}
MYRIAD: Final = ("万", "萬")

NUMERAL_CHARACTERS: Final = "".join((*DIGITS, *UNITS, *TENS, *MYRIAD))
"""Every character that a Chinese numeral of at most 99,999 may be written with."""

LARGEST: Final = 99_999
LONGEST: Final = 12
"""Characters; 九万九千九百九十九 has nine, and a numeral may be padded with zeros."""

_ARABIC = re.compile(r"[0-9０-９]+")


def to_int(numeral: str) -> int | None:
    """Return the number a numeral stands for, or None if it is not one of 0–99,999.

    Understood are Arabic digits of either width (27, ２７), Chinese numerals with units (二十七,
    廿五, 一百二十八, 一百零三) and without (二五, 二〇二〇), plain and banker's characters.
    """
    if not numeral or len(numeral) > LONGEST:
        return None
    if _ARABIC.fullmatch(numeral):
        value: int | None = int(numeral)
    else:
        spelled = "".join(TENS.get(character, character) for character in numeral)
        value = _by_place(spelled) if set(spelled) <= DIGITS.keys() else _by_unit(spelled)
    return value if value is not None and value <= LARGEST else None


def _by_place(spelled: str) -> int:
    """Read 二〇二〇 digit by digit."""
    return int("".join(str(DIGITS[character]) for character in spelled))


def _by_unit(spelled: str) -> int | None:
    """Read 九万零一百二十八: each digit times the unit behind it, units descending.

    一百二 is 120 to some and 102 to others, so it is nothing; 一百零二 is clear.
    """
    total, above, digit, zero = 0, 10 * LARGEST, None, False
    for character in spelled:
        if character in DIGITS:
            if digit is not None:
                return None
            digit = DIGITS[character] or None
            zero = zero or digit is None
            continue
        unit = 10_000 if character in MYRIAD else UNITS.get(character)
        if unit is None or unit >= above or (digit is None and unit != 10):
            return None
        total, above, digit, zero = total + (digit or 1) * unit, unit, None, False
    if digit is None:
        return None if zero else total
    return total + digit if zero or above == 10 else None


def to_chinese(number: int) -> str:
    """Return the numeral as it is usually written: 27 is 二十七, 103 is 一百零三, 110 一百一十.

    Raises `ValueError` outside 0–99,999.
    """
    if not 0 <= number <= LARGEST:
        raise ValueError(f"{number} is not in 0–{LARGEST}")
    if number < 10:
        return "零一二三四五六七八九"[number]
    written = ""
    for unit, name in ((10_000, "万"), (1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            written += "零一二三四五六七八九"[digit] + name
        elif written and number and not written.endswith("零"):
            written += "零"
    return written.removeprefix("一") if written.startswith("一十") else written
