"""The checklist on paper: what is 待核对 says so beside itself, and what was gone through for nothing is told."""

from __future__ import annotations

import io
from collections import Counter

import pypdfium2
import pytest

from app.checklists.loader import catalog
from app.checklists.schema import Item
from app.law.citation import lacks_article
from app.law.library import Library
from app.models.inspection import Inspection
from app.services import inspecting, instances, issuing, questions
from app.services.form_checklist import answered_checklist, blank_checklist
from app.services.lawbook import law_on
from app.services.workplace import Workplace
from app.vocabulary import InspectionStatus, InspectionType
from tests.services.conftest import Visit
from tests.services.test_instances import visit as trial_visit

__all__ = ["trial_visit"]

TYPES = sorted(found.inspection_type for found in catalog().values())
MARK = "（待核对）"
LEGEND = "注：标“待核对”的依据或者条目"


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    return "".join("".join(page.get_textpage().get_text_range().split()) for page in document)


def doubted(law: Library, ids: tuple[str, ...]) -> int:
    """How many of the provisions have to be confirmed and do not say themselves that they lack an article."""
    found = [law.get(each) for each in ids]
    return sum(
        each.needs_confirmation and not lacks_article(law.cite(name))
        for name, each in zip(ids, found, strict=True)
        if each is not None
    )


def marks(law: Library, item: Item) -> Counter[str]:
    """The marks that an item must carry, by the column."""
    return Counter(
        text="待核对" in item.how,
        basis=doubted(law, item.references),
        penalty=doubted(law, item.penalty_references),
    )


@pytest.mark.parametrize("kind", TYPES)
def test_what_was_not_verified_is_marked_beside_its_reference(laptop: Workplace, kind: str) -> None:
    law = law_on(laptop, laptop.today())
    checklist = questions.newest(laptop, InspectionType(kind))
    rows = {row["id"]: row for row in blank_checklist(law, checklist)["items"]}
    for item in checklist.items():
        row = rows[item.shown]
        found = Counter({name: str(row[name]).count(MARK) for name in ("text", "basis", "penalty")})
        assert found == marks(law, item), item.id


def test_the_sheet_has_the_marks_and_says_at_its_foot_what_they_mean(laptop: Workplace, visit: Visit) -> None:
    law = law_on(laptop, laptop.today())
    checklist = questions.newest(laptop, InspectionType.MS_WITNESS)
    wanted = sum((marks(law, item) for item in checklist.items()), Counter[str]()).total()
    assert wanted > 3
    blank = text_of(
        issuing.print_blank(laptop, form="checklist", inspection_type=InspectionType.MS_WITNESS).pdf
    )
    assert (blank.count(MARK), blank.count(LEGEND)) == (wanted, 1)
    filled = text_of(issuing.print_form(laptop, form="checklist", inspection_id=visit.id).pdf)
    shown = visit.sheet()
    rows = [row for section in shown.sections for row in section.items]
    provisions = [each for row in rows for each in (*row.references, *row.penalties)]
    assert filled.count(MARK) == sum(
        each.needs_confirmation and not lacks_article(each.text) for each in provisions
    )
    assert filled.count(LEGEND) == any(each.needs_confirmation for each in provisions)


def test_a_sheet_without_doubts_needs_no_legend(laptop: Workplace) -> None:
    assert LEGEND not in text_of(issuing.print_blank(laptop, form="checklist").pdf)


def repeated(visit: Visit) -> list[str]:
    """The words for groups without instances on the visit's sheet."""
    return [str(row["none"]) for row in answered_checklist(visit.sheet())["items"] if row.get("none")]


def printed(visit: Visit) -> str:
    return text_of(issuing.print_form(visit.place, form="checklist", inspection_id=visit.id).pdf)


def test_a_part_that_was_gone_through_for_nothing_is_told(visit: Visit) -> None:
    assert repeated(visit) == ["未填"]
    assert "抽查的产品（未填）" in printed(visit)
    visit.fill_header()
    visit.answer_all()
    visit.sign_all()
    inspecting.finish(visit.place, inspection_id=visit.id)
    assert repeated(visit) == ["无"]
    assert "抽查的产品（无）" in printed(visit)


def test_its_only_line_is_its_title(visit: Visit) -> None:
    rows = [row for section in visit.sheet().sections for row in section.items]
    said = sum(row.text.count("未查") for row in rows)
    assert printed(visit).count("未查") == len(rows) + said, "no boxes to tick stand where nothing was asked"


def test_an_added_one_takes_the_word_away(visit: Visit) -> None:
    [group] = [each.group for each in visit.sheet().sections if each.group is not None]
    assert group is not None
    instances.add_instance(visit.place, inspection_id=visit.id, section=group.section, label="电源适配器")
    assert repeated(visit) == []
    assert "抽查的产品1电源适配器" in printed(visit)


def test_certificates_that_nobody_went_through_are_counted(trial_visit: Visit) -> None:
    shown = trial_visit.sheet()
    for section in shown.sections:
        if section.instance is not None:
            instances.remove_instance(
                trial_visit.place, inspection_id=trial_visit.id, key=section.instance.key
            )
    assert repeated(trial_visit) == ["未填"], "the visit is not over"
    # It asks for one at least, so it cannot be finished here; a record of another program can.
    with trial_visit.place.write("test.finished") as work:
        work.session.get_one(Inspection, trial_visit.id).status = InspectionStatus.FINALISED
        work.commit()
    assert repeated(trial_visit) == ["未逐项检查，名录中有证书 2 张"]
