"""The code of a page is segno's own, to the last module, whatever it says and however large it gets."""

from __future__ import annotations

import segno
from hypothesis import example, given
from hypothesis import strategies as st

from app.forms.modules import BORDER, modules

# As papers have them, and in every other way of packing; up to the larger sizes.
said = st.one_of(
    st.text("0123456789ABCDEF:/-", min_size=1, max_size=400),
    st.text("0123456789", min_size=1, max_size=300),
    st.text(min_size=1, max_size=150),
)


@given(said)
@example("1")  # the smallest size, which has no alignment pattern
@example("CHAYAN:" + "0123456789ABCDEF" * 9)
@example("查" * 500)
def test_a_code_has_the_modules_that_segno_gives_it(payload: str) -> None:
    made = segno.make(payload, error="m", micro=False)
    assert modules(payload) == tuple(bytes(row) for row in made.matrix_iter(border=BORDER))
