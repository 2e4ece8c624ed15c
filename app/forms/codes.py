"""What the code on a printed page says, so that a scan of it finds its record. Pure.

``CHAYAN:<record>:<fingerprint>:<form>:<page>/<pages>:<copy>:<content>``, in capitals because a QR code
packs capitals, digits and these marks into two thirds of the room. Pages that former builds printed say
``chayan:<record>:<fingerprint>`` and are read too.

``copy`` tells one copy of a form from another of the same record: a digest of the paper's key, or of the
key of the order, case … it is about (:func:`copy_mark`). ``content`` is a digest of what the form read,
so that a page can be told from one of the record as it is now, whatever else has changed in the record.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

SCHEME = "chayan"
_MARK = 8
_CONTENT = 12
_LONGEST = 400
"""Characters of a code that are looked at; ours have about 150."""

_FORMER = re.compile(r"([0-9a-f-]{32,36}):([0-9a-f]{64})")
_WHOLE = re.compile(
    _FORMER.pattern + r":([^:/]{1,60}):([1-9][0-9]{0,2})/([1-9][0-9]{0,2}):([0-9a-f]{8})?:([0-9a-f]{12})?"
)


@dataclass(frozen=True, slots=True)
class Code:
    """What a page says of itself; ``form`` is empty and ``page`` 0 on pages of former builds."""

    record: str
    fingerprint: str
    form: str = ""
    page: int = 0
    pages: int = 0
    copy: str = ""
    content: str = ""

    def text(self) -> str:
        """What is printed."""
        if not self.form:
            return f"{SCHEME}:{self.record}:{self.fingerprint}"
        parts = (
            SCHEME, self.record, self.fingerprint, self.form.replace(":", "-").replace("/", "-")[:60],
            f"{self.page}/{self.pages}", self.copy, self.content,
        )  # fmt: skip
        return ":".join(parts).upper()


def is_ours(text: str) -> bool:
    """Whether a code was made by this program at all."""
    return text[: len(SCHEME) + 1].lower() == f"{SCHEME}:"


def read_code(text: str) -> Code | None:
    """The code that ``text`` says; ``None`` for anything that this program does not print."""
    if not is_ours(text) or len(text) > _LONGEST:
        return None
    rest = text[len(SCHEME) + 1 :].lower()
    if found := _FORMER.fullmatch(rest):
        return Code(found[1], found[2])
    found = _WHOLE.fullmatch(rest)
    if found is None or int(found[4]) > int(found[5]):
        return None
    return Code(
        found[1], found[2], found[3], int(found[4]), int(found[5]), found[6] or "", found[7] or ""
    )  # fmt: skip


def copy_mark(key: str) -> str:
    """The mark of a copy: eight hex digits of its key's SHA-256, nothing for no key."""
    return hashlib.sha256(key.encode()).hexdigest()[:_MARK] if key else ""


def content_mark(read: bytes) -> str:
    """The mark of what a form read: twelve hex digits."""
    return hashlib.sha256(read).hexdigest()[:_CONTENT]
