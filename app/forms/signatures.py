"""Signatures on paper: the drawn image, the words for refusal and absence, or room to sign.

Who refuses to sign or is not there is noted with the reason, and a witness may sign (Provisions on
Administrative Penalty Procedures for Market Regulation, on signing of records).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from PIL import Image

from app.forms.entries import Chosen
from app.forms.fonts import Style
from app.forms.paper import MM, Paper, signature_picture
from app.forms.phrases import words
from app.forms.pieces import NO_TEXT, PAD_X, Area, Lines
from app.forms.schema import Sign
from app.forms.template import Scope, fill, lookup, rows, written
from app.forms.wrapping import wrap
from app.vocabulary import SignatureState

_PLACE = 15 * MM
_ABREAST = 2


@dataclass(frozen=True, slots=True)
class Place:
    """Room for one signature, with the picture and the printed name where there are any."""

    picture: Image.Image | None = None
    name: Lines = NO_TEXT


@dataclass(frozen=True, slots=True)
class Signatures:
    """The signatures of one party: title, notices, places ``abreast``, the date at the foot."""

    title: Lines
    notices: Lines
    places: tuple[Place, ...]
    signed_on: Lines
    style: Style
    abreast: int

    @property
    def height(self) -> float:
        """Height of all parts."""
        return self.title.height + self.notices.height + self._places_height + self.signed_on.height

    @property
    def _places_height(self) -> float:
        return -(-len(self.places) // self.abreast) * self._step

    @property
    def _step(self) -> float:
        return _PLACE + max((place.name.height for place in self.places), default=0.0)

    def draw(self, paper: Paper, area: Area) -> None:
        """Draw title, notices and places from the top, the date at the bottom right."""
        y = area.y
        for part in (self.title, self.notices):
            part.draw(paper, Area(area.x, y, area.width, part.height))
            y += part.height
        wide = area.width / self.abreast
        for number, place in enumerate(self.places):
            down, across = divmod(number, self.abreast)
            self._draw_place(paper, place, Area(area.x + across * wide, y + down * self._step, wide, _PLACE))
        foot = self.signed_on.height
        self.signed_on.draw(paper, Area(area.x, area.y + area.height - foot, area.width, foot))

    def _draw_place(self, paper: Paper, place: Place, area: Area) -> None:
        if place.picture is not None:
            paper.image(place.picture, area.x + 1 * MM, area.y + 1 * MM, area.width - 4 * MM, _PLACE - 2 * MM)
        place.name.draw(paper, Area(area.x, area.y + _PLACE, area.width, place.name.height))

    def split(self, room: float, /) -> tuple[Signatures, Signatures] | None:
        """Cut a reason that fills pages; title and places themselves are never cut."""
        halves = self.notices.split(room - self.title.height)
        if halves is None:
            return None
        first = replace(self, notices=halves[0], places=(), signed_on=NO_TEXT)
        return first, replace(self, title=NO_TEXT, notices=halves[1])


def signed_by(scope: Scope) -> dict[str, list[Scope]]:
    """The record's signatures by party, so that a row can ask whether a party has any."""
    found: dict[str, list[Scope]] = {}
    for row in rows(scope, "signatures"):
        found.setdefault(str(lookup(row, "item.party")), []).append(row)
    return found


def signatures(sign: Sign, scope: Scope, style: Style, room: float) -> Signatures:
    """The signature cell of one party, filled from the record."""
    entries = _entries(sign, scope)
    notices = [_notice(entry) for entry in entries if _state(entry) != SignatureState.SIGNED]
    signed = [entry for entry in entries if _state(entry) == SignatureState.SIGNED]
    left_open = max(sign.places - len(entries), 0)
    abreast = _abreast(sign, len(signed) + left_open)
    wide = room / abreast - PAD_X
    places = [_place(entry, style, wide) for entry in signed] + [Place()] * left_open
    return Signatures(
        title=Lines(wrap(fill(sign.title, scope), style, room), style),
        notices=Lines(wrap("\n".join(notices), style, room), style, "justify"),
        places=tuple(places),
        signed_on=Lines(wrap(_day(entries) if sign.dated else "", style, room), style, "right"),
        style=style,
        abreast=abreast,
    )


def _abreast(sign: Sign, places: int) -> int:
    """How many stand side by side: at the foot of a page as many as keep it as high as nobody signed it."""
    if sign.page:
        down = -(-max(sign.places, 1) // _ABREAST)
        return max(-(-places // down), 1)
    return min(_ABREAST, max(places, 1))


def _entries(sign: Sign, scope: Scope) -> list[Scope]:
    """Who signed here: on this page, else as the paper's entries tell it, else in the record."""
    on_page = scope.get("page_signed")
    if sign.page and isinstance(on_page, Mapping) and sign.page in on_page:
        return list(on_page[sign.page])
    return _on_paper(sign, scope) if sign.entries else signed_by(scope).get(sign.party, [])


def _on_paper(sign: Sign, scope: Scope) -> list[Scope]:
    """A refusal or an absence as the paper's entries tell it; who signs does so by hand."""
    state = lookup(scope, f"paper.{sign.entries}_state")
    word = next(iter(state.codes), "") if isinstance(state, Chosen) else ""
    if word not in (SignatureState.REFUSED, SignatureState.ABSENT):
        return []
    told = {name: lookup(scope, f"paper.{sign.entries}_{name}") for name in ("name", "reason", "witness")}
    return [{"item": {**told, "state": word}}]


def _state(entry: Scope) -> str:
    return str(lookup(entry, "item.state") or SignatureState.SIGNED)


def _notice(entry: Scope) -> str:
    item = {name: lookup(entry, f"item.{name}") for name in ("name", "reason", "witness")}
    return fill(words("signature")[_state(entry)], item)


def _place(entry: Scope, style: Style, room: float) -> Place:
    name, image = str(lookup(entry, "item.name") or ""), lookup(entry, "item.image")
    picture = signature_picture(image, name) if isinstance(image, bytes) else None
    return Place(picture, Lines(wrap(name, style, room), style))


def _day(entries: list[Scope]) -> str:
    days = [day for entry in entries if isinstance(day := lookup(entry, "item.signed_at"), date)]
    return written(max(days), "date") if days else words("blank")["date"]
