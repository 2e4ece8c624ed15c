"""Identifiers of the field: credit codes with their check digits, certificate numbers as hints.

Credit code: GB 32100-2015, with the body identifier's own check of GB 11714 as a second hint
(domain.md section 5.5). Certificate numbers are only ever hinted at, never refused (section 5.4).
"""

from __future__ import annotations

import re
from functools import lru_cache
from operator import mul

from app.vocabulary import Scheme

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)

_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_CREDIT_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
_OLD_CODE = re.compile(r"[0-9A-Z]{8}[0-9X]")
_NOISE = re.compile(r"[\s\-\u200b\ufeff]+")
_SHAPES = {
    Scheme.CCC: re.compile(r"[12]\d{15}"),
    Scheme.ORGANIC: re.compile(r"(\d{3,4}|F\d{2}|[89]\d{3})OP\d{7}(-\d+)?"),
}


def credit_check_digit(head: str) -> str:
    """The 18th character for the first 17 of a credit code (GB 32100-2015)."""
    total = sum(map(mul, map(_VALUES.__getitem__, head), WEIGHTS))
    return ALPHABET[(31 - total % 31) % 31]


def body_check_digit(body: str) -> str:
    """The ninth character for the eight of an organization code (GB 11714)."""
    total = sum(int(character, 36) * weight for character, weight in zip(body, BODY_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]


def is_credit_code(code: str) -> bool:
    """Whether ``code`` has the shape and the check digit of a unified social credit code."""
    return bool(_CREDIT_CODE.fullmatch(code)) and credit_check_digit(code[:17]) == code[17]


def is_old_code(code: str) -> bool:
    """Whether ``code`` is a nine-character organization code with a right check digit (GB 11714)."""
    return bool(_OLD_CODE.fullmatch(code)) and body_check_digit(code[:8]) == code[8]


def body_code(credit_code: str) -> str:
    """The old nine-character code inside a credit code: positions 9 to 17."""
    return credit_code[8:17]


def normalised_code(text: str) -> str:
    """A code as stored: full-width forms narrowed, upper case, no white space, no hyphens."""
    if text.isascii() and text.isalnum():
        return text.upper()
    return _NOISE.sub("", _narrowed(text)).upper()


def normalised_number(text: str) -> str:
    """A certificate number as stored: narrowed, upper case, no white space; hyphens belong to it."""
    if text.isascii() and text.isalnum():
        return text.upper()
    return "".join(_narrowed(text).split()).upper()


def _narrowed(text: str) -> str:
    # Only the full-width ASCII block: compatibility forms of Chinese characters stay as they are.
    return "".join(chr(ord(c) - 0xFEE0) if "\uff01" <= c <= "\uff5e" else c for c in text)


@lru_cache(maxsize=1 << 10)
def code_state(code: str) -> str:
    """What kind of organization code this is: ``ok``, ``old``, ``bad`` or empty for none.

    ``old`` means nine characters whatever their check says, since old data holds many.
    """
    if not code:
        return ""
    if is_credit_code(code):
        return "ok"
    return "old" if _OLD_CODE.fullmatch(code) else "bad"


def looks_like_credit_code(code: str) -> bool:
    """Whether the shape is that of a credit code, so that only the check digit can be wrong."""
    return bool(_CREDIT_CODE.fullmatch(code))


def number_fits_scheme(number: str, scheme: Scheme) -> bool:
    """Whether a certificate number has its scheme's usual shape; true where none is known."""
    shape = _SHAPES.get(scheme)
    return shape is None or bool(shape.fullmatch(number))


def scheme_of_number(number: str) -> Scheme | None:
    """The scheme whose number shape fits, as a hint where a list does not say."""
    return next((scheme for scheme, shape in _SHAPES.items() if shape.fullmatch(number)), None)
