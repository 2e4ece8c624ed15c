"""How a provision is written out: article notation to the words of a statute.

The notation of the data files: ``55`` an article, ``29.2`` its second paragraph, ``54(2)`` its second
item, ``10-11`` a range, ``26+27`` several. The words and numerals come from ``citation.toml``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache

from app.files import catalog
from app.wording import joined

_PART = re.compile(r"(?P<first>\d+)(?:-(?P<last>\d+))?(?:\.(?P<paragraph>\d+))?(?:\((?P<item>\d+)\))?")
_PINPOINT = re.compile(r"\(\d+\)$")


@cache
def _words() -> dict[str, str]:
    words: dict[str, str] = tomllib.loads(catalog("law", "citation.toml").read_text("utf8"))
    return words


def numeral(number: int) -> str:
    """Write 1 to 999 as a statute does, without the digit one before a leading ten."""
    words = _words()
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = words["digits"][hundreds] + words["hundred"] if hundreds else ""
    if tens:
        text += (words["digits"][tens] if tens > 1 or hundreds else "") + words["ten"]
    elif hundreds and ones:
        text += words["digits"][0]
    return text + (words["digits"][ones] if ones else "")


def is_article(notation: str) -> bool:
    """Tell whether every part of ``notation`` can be written out."""
    return all(_PART.fullmatch(part) for part in notation.split("+"))


def without_item(provision_id: str) -> str:
    """The id without the item at its end: ``measures/7(2)`` is found as ``measures/7``."""
    return _PINPOINT.sub("", provision_id)


def article_words(notation: str) -> str:
    """Write an article notation out, empty for an entry that names no article."""
    return _words()["and"].join(_part(part) for part in notation.split("+")) if notation else ""


def _part(part: str) -> str:
    found = _PART.fullmatch(part)
    if found is None:
        return part
    words = _words()
    text = _counted("article", found["first"])
    if found["last"]:
        text += words["to"] + _counted("article", found["last"])
    return text + _counted("paragraph", found["paragraph"]) + _counted("item", found["item"])


def _counted(word: str, number: str | None) -> str:
    return _words()[word].format(n=numeral(int(number))) if number else ""


def document_words(title: str, edition: str) -> str:
    """Title and edition as a citation begins with them."""
    words = _words()
    return words["title"].format(title=title) + (words["edition"].format(edition=edition) if edition else "")


def without_article(text: str) -> str:
    """``text`` with the words that its article still has to be written."""
    return _words()["no_article"].format(text=text)


def lacks_article(text: str) -> bool:
    """Whether a citation still holds the words for an article that nobody has written."""
    return _words()["unplaced"] in text


def unplaced_span(text: str) -> tuple[int, int]:
    """Where those words begin and end in a text that has them, with the brackets of their own."""
    whole = _words()["no_article"].format(text="")
    words = whole if whole in text else _words()["unplaced"]
    start = text.index(words)
    return start, start + len(words)


def as_written(texts: Sequence[str], said: str) -> tuple[str, ...]:
    """Each of some citations as it stands in what a person ``said`` about all of them.

    They are told apart by the document that they name; one that stands there unchanged, or that nothing
    said belongs to, stays as it is.
    """
    left = [part.strip() for part in re.split(_words()["between"], said) if part.strip()]
    found = {text: text for text in texts if text in left}
    left = [part for part in left if part not in found]
    for name, some in _by_name(text for text in texts if text not in found).items():
        own = [part for part in left if name and _same(name, _name(part))]
        left = [part for part in left if part not in own]
        one_each = len(own) == len(some)
        found |= {
            text: own[at] if one_each else joined("clauses", own) for at, text in enumerate(some) if own
        }
    waiting = [text for text in texts if text not in found]
    if len(waiting) == 1 and left:
        found[waiting[0]] = joined("clauses", left)
    return tuple(found.get(text, text) for text in texts)


def _by_name(texts: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for text in texts:
        found.setdefault(_name(text), []).append(text)
    return found


def _name(text: str) -> str:
    """The first document that a citation names; empty for none."""
    found = re.search(_words()["name"], text)
    return found[1] if found else ""


def _same(name: str, other: str) -> bool:
    """Whether two names mean one document: the long one begins with the state's name."""
    return bool(name and other) and (name.endswith(other) or other.endswith(name))


def names_confiscation(penalty: str) -> bool:
    """Whether the words of a penalty speak of confiscation."""
    return _words()["confiscation"] in penalty
