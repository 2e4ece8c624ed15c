"""What is drawn on a copy so far, and the way back and forth; no Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.services.annotating import Mark, Point


@dataclass(frozen=True, slots=True)
class Drawn:
    """Marks in their order, and how far the picture was turned for them (degrees, clockwise)."""

    marks: tuple[Mark, ...] = ()
    turn: int = 0


class Drawing:
    """The present state with all former ones."""

    def __init__(self) -> None:
        self.now = Drawn()
        self._past: list[Drawn] = []
        self._future: list[Drawn] = []

    @property
    def touched(self) -> bool:
        """Whether there is anything to keep."""
        return bool(self.now.marks) or self.now.turn != 0

    def add(self, mark: Mark) -> None:
        """One more mark; one without any extent is a slip of the hand."""
        if mark.kind == "text" and not mark.text.strip():
            return
        if mark.kind != "text" and _extent(mark) < 0.004:
            return
        self._go(replace(self.now, marks=(*self.now.marks, mark)))

    def rotate(self) -> None:
        """Turn by a quarter, the marks with it."""
        marks = tuple(
            replace(each, points=tuple((1 - y, x) for x, y in each.points)) for each in self.now.marks
        )
        self._go(Drawn(marks, (self.now.turn + 90) % 360))

    def undo(self) -> bool:
        """Back by one; ``False`` at the beginning."""
        if not self._past:
            return False
        self._future.append(self.now)
        self.now = self._past.pop()
        return True

    def redo(self) -> bool:
        """Forth by one; ``False`` at the end."""
        if not self._future:
            return False
        self._past.append(self.now)
        self.now = self._future.pop()
        return True

    def can_undo(self) -> bool:
        """Whether there is a way back."""
        return bool(self._past)

    def can_redo(self) -> bool:
        """Whether there is a way forth."""
        return bool(self._future)

    def _go(self, state: Drawn) -> None:
        self._past.append(self.now)
        self._future.clear()
        self.now = state


def _extent(mark: Mark) -> float:
    xs, ys = [x for x, _ in mark.points], [y for _, y in mark.points]
    return max(max(xs) - min(xs), max(ys) - min(ys))


def held(point: Point) -> Point:
    """A point inside the picture."""
    return min(max(point[0], 0.0), 1.0), min(max(point[1], 0.0), 1.0)
