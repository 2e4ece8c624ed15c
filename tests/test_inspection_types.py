"""Every type of inspection has everything that is looked up by type."""

from __future__ import annotations

from app.checklists.loader import shipped
from app.services import questions
from app.services.workplace import Workplace
from app.statistics.loader import load_tables
from app.vocabulary import SCHEME_OF, InspectionType, Scheme
from app.wording import labels


def test_the_types_are_those_of_the_field() -> None:
    assert len(InspectionType) == 13
    assert SCHEME_OF.keys() == set(InspectionType)
    assert list(labels("inspection_type")) == list(InspectionType)
    assert len(set(labels("inspection_type").values())) == 13


def test_who_holds_no_certificate_of_a_scheme_of_ours() -> None:
    others = {kind for kind, scheme in SCHEME_OF.items() if scheme is Scheme.OTHER}
    assert others == {"CCC_LAB", "CCC_EXEMPTION", "MS_CB", "SH_BRAND", "CMA_LAB", "CB_SELF"}


def test_a_type_is_offered_when_there_is_a_checklist_for_it(laptop: Workplace) -> None:
    there = {each.inspection_type for each in shipped() if each.effective_from <= laptop.today()}
    assert set(questions.offered(laptop)) == there
    assert questions.offered(laptop)["CCC_PRODUCER"] == "CCC 生产企业"


def test_every_table_by_type_knows_where_each_type_counts() -> None:
    """A type without a row of its own counts in the row for the rest, or in the total alone."""
    by_type = [table for table in load_tables()[0].values() if table.dimension == "inspection_type"]
    assert by_type
    for table in by_type:
        assert set(table.placement()) <= set(InspectionType), table.id
        for kind in InspectionType:
            key = table.placement().get(kind, table.unplaced)
            assert not key or table.row(key) is not None
