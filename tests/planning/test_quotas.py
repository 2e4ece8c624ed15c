"""Quotas of the notices and what holds for all of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import BadInput
from app.planning.quotas import Progress, Quota, progress, required
from app.wording import sentence


@pytest.mark.parametrize(
    "quota, base, wanted",
    [
        (Quota(permille=50), 100, 5),
        (Quota(permille=50), 101, 6),  # five per cent of 101 is reached by 6, not by 5
        (Quota(permille=1000), 37, 37),
        (Quota(permille=300), 0, 0),
        (Quota(number=2), 50, 2),
        (Quota(number=2, permille=100), 50, 5),
        (Quota(), 50, 0),
    ],
)
def test_required(quota, base, wanted):
    assert required(quota, base) == wanted


def test_progress():
    assert progress(Quota(permille=500), 9, 3) == Progress(required=5, done=3)
    assert Progress(5, 3).remaining == 2
    assert Progress(5, 7).remaining == 0
    assert Progress(5, 5).complete
    assert not Progress(5, 4).complete


@given(st.integers(0, 1000), st.integers(0, 100_000))
def test_the_share_is_reached_and_not_by_one_less(permille, base):
    wanted = required(Quota(permille=permille), base)
    assert wanted * 1000 >= base * permille
    assert (wanted - 1) * 1000 < base * permille
    assert wanted <= base


@pytest.mark.parametrize("number, permille", [(-1, None), (None, 1001), (None, -1)])
def test_nonsense_is_refused(number, permille):
    with pytest.raises(BadInput) as caught:
        Quota(number, permille)
    assert sentence(caught.value).remedy
