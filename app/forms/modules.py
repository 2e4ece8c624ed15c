"""The modules of a QR code: those that segno makes, with its choice of mask found faster.

Of the eight masks that may lie over a code the one with the least penalty is taken (ISO/IEC 18004:2015,
7.8.3). segno looks at every module eight times for that, which takes longer than setting the page; here
all modules of a code are the bits of one number, so that a look at all of them is a few operations. The
code is the same to the last module.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import segno
from segno import encoder

BORDER = 2
"""White modules around a code."""

_LAYOUT: Any = encoder  # the functions that lay a code out carry no types
_MASKS = 8
_RUN, _BLOCK, _FINDER, _SHARE = 2, 3, 40, 10
"""Penalties: of a run beyond its length less 4, of a block of four, of what looks like a finder, of a share."""


@lru_cache(maxsize=4)
def modules(payload: str) -> tuple[bytes, ...]:
    """The lines of a code of medium error correction or better, with its border; 1 is dark."""
    made = segno.make(payload, error="m", micro=False, mask=0)
    grid = _grid(len(made.matrix))
    data = _bits(made.matrix) & grid.data ^ grid.masks[0]
    lying = _bits(zip(*made.matrix, strict=True)) & grid.data_across ^ grid.masks_across[0]
    best = min(range(_MASKS), key=lambda mask: grid.penalty(data, lying, mask))
    frame = _frame(int(made.version), made.error, best)
    return tuple(_bordered(grid.lines(frame | data ^ grid.masks[best])))


def _bordered(lines: Iterable[bytes]) -> Iterator[bytes]:
    side = bytes(BORDER)
    inner = [side + line + side for line in lines]
    white = [bytes(len(inner) + 2 * BORDER)] * BORDER
    return iter((*white, *inner, *white))


@dataclass(frozen=True, slots=True)
class _Grid:
    """What all codes of a size share, bit ``row * stride + column``; ``across`` with rows and columns changed.

    ``data`` are the modules that a mask changes, ``masks`` what each changes of them, ``fixed`` the dark ones
    of the patterns that every code has.
    """

    size: int
    fixed: int
    fixed_across: int
    data: int
    data_across: int
    masks: tuple[int, ...]
    masks_across: tuple[int, ...]

    @property
    def stride(self) -> int:
        """Bits from a row to the next: one more than a row has, so that none touches the next."""
        return self.size + 1

    def lines(self, code: int) -> Iterator[bytes]:
        """The rows of a code."""
        for number in range(self.size):
            row = code >> number * self.stride
            yield bytes(row >> column & 1 for column in range(self.size))

    def penalty(self, data: int, lying: int, mask: int) -> int:
        """The penalty of a code under a mask; format and version are not there yet, and count as light."""
        code = self.fixed | data ^ self.masks[mask]
        across = self.fixed_across | lying ^ self.masks_across[mask]
        share = code.bit_count() / self.size**2
        return (
            self._runs(code)
            + self._runs(across)
            + self._blocks(code)
            + self._finders(code)
            + self._finders(across)
            + _SHARE * int(abs(share * 100 - 50) / 5)
        )

    def _alike(self, code: int) -> int:
        """Modules of the colour of the next in their row."""
        return ~(code ^ code >> 1) & _every(self.size, self.size - 1, self.size)

    def _runs(self, code: int) -> int:
        """Five or more of one colour in a row: 3, and 1 for each further one."""
        alike = self._alike(code)
        fives = alike & alike >> 1 & alike >> 2 & alike >> 3
        return fives.bit_count() + _RUN * (fives & ~(fives << 1)).bit_count()

    def _blocks(self, code: int) -> int:
        """Two by two of one colour."""
        alike, below = self._alike(code), ~(code ^ code >> self.stride)
        inner = _every(self.size, self.size, self.size - 1)
        return _BLOCK * (alike & alike >> self.stride & below & inner).bit_count()

    def _finders(self, code: int) -> int:
        """Dark 1, light 1, dark 3, light 1, dark 1 in a row, with four light ones or the edge on a side."""
        found = code & ~(code >> 1) & code >> 2 & code >> 3 & code >> 4 & ~(code >> 5) & code >> 6
        found &= _every(self.size, self.size - 6, self.size)
        penalty, row, free = 0, -1, 0
        while found:
            number, column = divmod((found & -found).bit_length() - 1, self.stride)
            found &= found - 1
            if number != row:
                row, free = number, 0
            if (
                column >= free
            ):  # one that was counted takes its modules; of another the last four may begin one
                lonely = self._stands_free(code >> number * self.stride, column)
                penalty += _FINDER * lonely
                free = column + (7 if lonely else 4)
        return penalty

    def _stands_free(self, row: int, column: int) -> bool:
        before = row >> max(column - 4, 0) & (1 << min(column, 4)) - 1
        after = row >> column + 7 & (1 << min(self.size - column - 7, 4)) - 1
        return not before or not after


@lru_cache(maxsize=256)
def _every(size: int, wide: int, high: int) -> int:
    """The first so many bits of the first so many rows."""
    row = (1 << wide) - 1
    return sum(row << number * (size + 1) for number in range(high))


@lru_cache(maxsize=8)
def _grid(size: int) -> _Grid:
    """What the codes of so many modules a side share; segno's own functions lay it out, a test compares."""
    laid = _LAYOUT.make_matrix(size, size)
    _LAYOUT.add_finder_patterns(laid, size, size)
    _LAYOUT.add_alignment_patterns(laid, size, size)
    laid[-8][8] = 0  # dark in the end, but not while the masks are judged
    data = [[module > 1 for module in row] for row in laid]
    fixed = [[module == 1 for module in row] for row in laid]
    ways = _LAYOUT.get_data_mask_functions(False)
    masks = [[[data[i][j] and bool(way(i, j)) for j in range(size)] for i in range(size)] for way in ways]
    return _Grid(
        size,
        _bits(fixed), _bits(zip(*fixed, strict=True)),
        _bits(data), _bits(zip(*data, strict=True)),
        tuple(_bits(mask) for mask in masks), tuple(_bits(zip(*mask, strict=True)) for mask in masks),
    )  # fmt: skip


@lru_cache(maxsize=256)
def _frame(version: int, error: str, mask: int) -> int:
    """The dark modules that no data lies in, those that tell the format and the version among them."""
    made = segno.make("0", version=version, error=error, mask=mask, boost_error=False, micro=False)
    return _bits(made.matrix) & ~_grid(len(made.matrix)).data


def _bits(rows: Iterable[Sequence[int]]) -> int:
    """Modules as the bits of one number, with a light one after each row."""
    text = "0".join("".join("1" if module else "0" for module in row) for row in rows)
    return int(text[::-1], 2)
