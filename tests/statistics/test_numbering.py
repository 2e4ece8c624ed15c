"""What is kept of each subject takes the same room however many of them were met."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from app.models.base import new_id
from app.statistics.loader import load_tables
from app.statistics.material import HeldCertificate, Material, Order, Standing, Visits
from app.statistics.numbering import Ids, Numbering
from app.statistics.period import Period
from app.statistics.whole import Whole
from app.vocabulary import InspectionType, ProductClass, ProductionStatus, SubjectKind

SUBJECTS = 20_000
AT_ONCE = 500
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
TABLE = load_tables()[0]["ccc-annex1"]

# As they are made here; nearly so (capitals, a space, a sign too few or too many); and any text.
written = st.one_of(
    st.uuids().map(lambda each: each.hex),
    st.sampled_from(["0" * 32, "A" * 32, "a" * 31, "a" * 33, "a" * 34, f"{'a' * 30} a", f"{'a' * 32} "]),
    st.text(min_size=1),
)


@given(st.lists(st.tuples(st.integers(0, 5), written)))
def test_an_id_comes_back_as_it_was_written(steps: list[tuple[int, str]]) -> None:
    ids, plain = Ids(), dict[int, str]()
    ids.grow(4)
    ids.grow(2)
    for number, text in steps:
        ids[number] = plain[number] = text
        assert {each: ids[each] for each in plain} == plain


@given(st.sets(st.sampled_from("甲乙丙丁")), st.sampled_from("甲乙丙丁戊"))
def test_a_set_of_bits_has_what_was_put_in(subjects: set[str], asked: str) -> None:
    numbers = Numbering("丁丙乙甲")
    assert numbers.has(numbers.bits(subjects), asked) == (asked in subjects)


def parts(inspected: int, base: Material) -> Iterator[Material]:
    """An inspection of each of so many subjects with an open order, some at a time, ids as texts of their own."""
    for start in range(0, inspected, AT_ONCE):
        visits, orders = Visits(), []
        for number, held in enumerate(base.certificates[start : start + AT_ONCE]):
            visits.id.append(new_id())
            visits.subject.append(held.subject)
            visits.inspection_type.append(InspectionType.CCC_PRODUCER)
            visits.product_class.append(ProductClass.CABLE)
            visits.production_status.append(ProductionStatus.NORMAL)
            visits.in_period.append(True)
            visits.standing.append(Standing.COUNTS)
            visits.finalised.append("2026-03-02T08:00:00.000000Z")
            kind = SubjectKind.ORGANIZATION
            orders.append(Order(number, visits.id[number], "o1", kind, held.subject, closed=False))
        yield Material(YEAR, visits=visits, orders=tuple(orders))


def held_after(inspected: int) -> int:
    """Bytes that are held once so many of the subjects were looked at, beyond what the registry takes."""
    base = Material(
        YEAR,
        certificates=tuple(
            HeldCertificate(f"org{n}", "C1", f"9136{n:014d}", ProductClass.CABLE, has_dossier=True)
            for n in range(SUBJECTS)
        ),
    )
    numbers = Numbering(held.subject for held in base.certificates)
    tracemalloc.start()
    try:
        whole = Whole(TABLE, TABLE.columns, base, numbers)
        for part in parts(inspected, base):
            whole.look(part)
        assert sum(1 for _ in whole.met()) == inspected
        return tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()


def test_looking_at_every_subject_holds_hardly_more_than_at_a_tenth_of_them() -> None:
    held_after(AT_ONCE)  # what is loaded once
    few, many = held_after(SUBJECTS // 10), held_after(SUBJECTS)
    # the ids as texts would take 1,460,000 bytes more, a set of the subjects 900,000
    assert many < few * 1.05, f"{few:,} bytes, then {many:,}"
