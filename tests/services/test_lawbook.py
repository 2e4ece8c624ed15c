"""The law of a home: supplements in force from their day on, old inspections with the law they had."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app.errors import BadInput
from app.law.library import library
from app.law.provision import Standing
from app.services import handover, inspecting, lawbook, merging
from app.services.workplace import Workplace
from app.vocabulary import Verdict
from tests.services.forge import forge, revision
from tests.services.parcels import introduce, make_task

SUPPLEMENT = """
[supplement]
id = "jx"
version = "2026-2"
title = "江西补充"
effective_from = {day}

[[provisions]]
document = "{document}"
article = "{article}"
duty = "{duty}"
confidence = "verified"
"""


def written(folder: Path, *, day: str = "2026-06-01", duty: str = "新的说法", article: str = "54") -> Path:
    path = folder / "补充.toml"
    text = SUPPLEMENT.format(day=day, document="ccc-rules-2022", article=article, duty=duty)
    path.write_text(text, "utf8")
    return path


def test_an_office_takes_a_supplement_into_use(office: Workplace, tmp_path: Path) -> None:
    done = lawbook.import_law(office, path=written(tmp_path))
    assert done.problems == ()
    assert done.replaced == ("ccc-rules-2022/54",)
    assert done.added == ()
    assert [each.name for each in lawbook.supplements(office)] == ["jx@2026-2"]
    before = lawbook.law_on(office, date(2026, 5, 31)).get("ccc-rules-2022/54")
    assert before == library().get("ccc-rules-2022/54")
    assert lawbook.law_on(office, date(2026, 6, 1)).get("ccc-rules-2022/54").duty == "新的说法"
    again = lawbook.import_law(office, path=written(tmp_path))
    assert (again.added, again.replaced) == ((), ())


def test_a_version_never_changes_its_words(office: Workplace, tmp_path: Path) -> None:
    lawbook.import_law(office, path=written(tmp_path))
    with pytest.raises(BadInput) as error:
        lawbook.import_law(office, path=written(tmp_path, duty="悄悄改了"))
    assert error.value.problem.code == "law.same_version"
    assert lawbook.law_on(office, date(2026, 6, 1)).get("ccc-rules-2022/54").duty == "新的说法"


def test_a_faulty_supplement_changes_nothing(office: Workplace, tmp_path: Path) -> None:
    done = lawbook.import_law(office, path=written(tmp_path, article="54bis"))
    assert [problem.code for problem in done.problems] == ["law.bad_article"]
    assert lawbook.supplements(office) == ()


def test_only_the_office_changes_the_law(laptop: Workplace, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as error:
        lawbook.import_law(laptop, path=written(tmp_path))
    assert error.value.problem.code == "law.not_the_office"


def test_an_inspection_keeps_the_law_of_its_day(visit, laptop: Workplace, tmp_path: Path) -> None:
    """A supplement from the day after the visit does not reach back; one from the day before does."""
    item, cited = next(
        (row.id, row.references[0])
        for section in visit.sheet().sections
        for row in section.items
        if row.references and row.references[0].id.startswith("ccc-rules-2022/")
    )
    inspecting.answer(laptop, inspection_id=visit.id, item=item, verdict=Verdict.CONFORMING)
    article = cited.id.partition("/")[2]
    started = visit.sheet().header.started_at.date()
    for day, expected in ((date.fromordinal(started.toordinal() + 2), cited.duty), (started, "新的说法")):
        path = written(tmp_path, day=day.isoformat(), article=article)
        target = lawbook.supplement_path(laptop, f"jx@{day:%Y.%m.%d}")
        target.write_bytes(path.read_bytes())
        shown = next(row for section in visit.sheet().sections for row in section.items if row.id == item)
        assert shown.references[0].duty == expected


def test_provisions_are_found_by_any_of_their_words(office: Workplace) -> None:
    found = lawbook.provisions(office, query="免办证明")
    assert "ccc-rules-2022/52" in [each.provision.id for each in found]
    assert all("免办" in each.citation + each.provision.duty + each.provision.penalty for each in found)
    assert lawbook.provisions(office, query="没有这样的话") == ()


@pytest.mark.parametrize(
    "day, there, missing",
    [
        # The regulation's article moved with the version of 2023, the supervision rules' with that of 2025.
        (date(2021, 6, 1), "accreditation-regulation-2020/67", "accreditation-regulation-2023/66"),
        (date(2026, 6, 1), "accreditation-regulation-2023/66", "accreditation-regulation-2020/67"),
        (date(2024, 6, 1), "lab-supervision-2021/26", "lab-supervision-2025/27"),
        (date(2026, 6, 1), "lab-supervision-2025/27", "lab-supervision-2021/26"),
        (date(2021, 7, 15), "penalty-law-2021/42", "ccc-rules-2022/54"),
    ],
)
def test_a_day_has_the_provisions_in_force_on_it_and_no_others(office, day, there, missing) -> None:
    listed = {each.provision.id: each for each in lawbook.provisions(office, on=day)}
    assert there in listed
    assert missing not in listed
    every = {each.provision.id: each for each in lawbook.provisions(office, on=day, every=True)}
    assert every[missing].standing in {Standing.REPEALED, Standing.NOT_YET}
    assert len(every) == len(library())


def test_an_older_act_finds_the_version_of_its_day(office: Workplace) -> None:
    for asked in ("lab-supervision-2025/27", "lab-supervision-2021/26"):
        found = lawbook.matter(office, provision_id=asked, on=date(2024, 12, 1))
        assert [(each.provision.id, each.applies) for each in found] == [
            ("lab-supervision-2021/26", True),
            ("lab-supervision-2025/27", False),
        ]
    # Versions whose end is not known are all shown; the officer decides.
    assert [each.applies for each in lawbook.matter(office, provision_id="mark-rules/26")] == [True, True]
    with pytest.raises(BadInput, match="unknown_provision"):
        lawbook.matter(office, provision_id="nowhere/1")


def test_task_packages_carry_the_office_s_law(office: Workplace, laptop: Workplace, tmp_path: Path) -> None:
    """What the office took in is in use on the laptop after its next task package, once."""
    introduce(office, laptop, tmp_path)
    make_task(office, laptop.device_id)
    lawbook.import_law(office, path=written(tmp_path))
    sent = handover.export_package(office, out=tmp_path / "task.cyb", to=laptop.device_id)
    assert "law/jx@2026-2.toml" in handover.inspect_package(laptop, path=sent.path).checklists
    (done,) = merging.import_packages(laptop, paths=[sent.path])
    assert (done.problem, done.remarks) == (None, ())
    assert lawbook.law_on(laptop, date(2026, 6, 1)).get("ccc-rules-2022/54").duty == "新的说法"
    merging.import_packages(office, paths=[done.receipt])
    with pytest.raises(BadInput, match="nothing_to_send"):
        handover.export_package(office, out=tmp_path / "again.cyb", to=laptop.device_id)


@pytest.mark.parametrize(
    "name, said",
    [
        ("law/jx@2026-2.toml", "悄悄改了"),
        ("law/other@1.toml", "新的说法"),
        ("law/jx@2026-3.toml", "]["),
    ],
)
def test_law_that_is_not_what_it_says_is_left_out(
    office: Workplace, laptop: Workplace, tmp_path: Path, name: str, said: str
) -> None:
    introduce(office, laptop, tmp_path)
    known = lawbook.supplement_path(laptop, "jx@2026-2")
    known.write_bytes(written(tmp_path).read_bytes())
    forged = forge(
        office, laptop, tmp_path / "x.cyb", [revision(office, "plan", "a" * 32, {"title": "计划", "year": 2026})],
        contents={name: written(tmp_path, duty=said).read_bytes() if said != "][" else b"]["},
    )  # fmt: skip
    (done,) = merging.import_packages(laptop, paths=[forged])
    assert [problem.code for problem in done.remarks] == ["sync.bad_content"]
    assert done.accepted == 1
    assert [each.name for each in lawbook.supplements(laptop)] == ["jx@2026-2"]
    assert lawbook.known(laptop).get("ccc-rules-2022/54").duty == "新的说法"


def test_a_laptop_hands_out_no_law(office: Workplace, laptop: Workplace, tmp_path: Path) -> None:
    introduce(office, laptop, tmp_path)
    forged = forge(
        laptop,
        office,
        tmp_path / "x.cyb",
        [],
        contents={"law/jx@2026-2.toml": written(tmp_path).read_bytes()},
    )
    (done,) = merging.import_packages(office, paths=[forged])
    assert [problem.code for problem in done.remarks] == ["sync.bad_content"]
    assert lawbook.supplements(office) == ()
