"""The demonstration and the self-test do the whole job; the same seed gives the same tables."""

from __future__ import annotations

import json
from pathlib import Path

import pypdfium2
import pytest

from app import bootstrap
from app.clock import local_date
from app.demo import sample
from app.demo.clerk import specs
from app.demo.rehearsal import PASSPHRASE, rehearse
from app.demo.selftest import selftest
from app.errors import BadInput
from app.forms.catalog import forms
from app.intake.identifiers import body_code, code_state, is_old_code
from app.intake.people import read_people
from app.intake.plans import read_plan
from app.intake.reading import open_registry
from app.services import (
    backentry,
    disputes,
    enforcing,
    issuing,
    numbering,
    outbox,
    resolving,
    scan_rows,
    upkeep,
    visits,
)
from app.services.sheets import sheet
from app.vocabulary import CertificateStatus, InspectionStatus, InspectionType

STATES = {
    InspectionType.CCC_PRODUCER: ("2.1", "2.3"),
    InspectionType.ORGANIC_ORG: ("1.1", "1.1"),
    InspectionType.SELENIUM_ORG: ("1.1", "1.1"),
    InspectionType.MS_ORG: ("1.5", "1.4"),
}
"""Items that ask whether certificates are valid, and whether they have not expired."""


def silent(_line: str) -> None:
    """Nobody reads the progress."""


@pytest.mark.slow
def test_the_same_seed_gives_the_same_tables(tmp_path: Path) -> None:
    first, second = (
        rehearse(tmp_path / name, organizations=60, seed=5, visits=3, screens=False, tell=silent)
        for name in ("one", "two")
    )
    assert json.dumps(first.statistics, default=str) == json.dumps(second.statistics, default=str)
    assert first.statistics["shanghai-annex2"]["rows"]["total"]["inspected"] == 3
    kinds = {Path(name).suffix for name in first.files}
    assert {".xlsx", ".docx", ".pdf", ".cyb", ".csv", ".json"} <= kinds
    assert all((tmp_path / "one" / name).is_file() for name in first.files)
    filled = {Path(name).stem for name in first.files if Path(name).stem.startswith("paper-")}
    assert {f"paper-{name}-1" for name in ("on-site-record", "interview-record", "plan-table")} <= filled

    with bootstrap.open_home(tmp_path / "one" / "office", PASSPHRASE) as office:
        assert upkeep.verify(office).ok
        (*_, oldest) = visits.inspection_ids(office)
        document = backentry.inspection_document(office, inspection_id=oldest)
    path = tmp_path / "visit.json"
    path.write_text(json.dumps(document, ensure_ascii=False), "utf8")
    with bootstrap.open_home(tmp_path / "one" / "office", PASSPHRASE) as office:
        again = backentry.load_file(office, path=path)
        assert (again.loaded, again.already, again.problems) == ((), 1, ())
    with bootstrap.open_home(tmp_path / "one" / "laptop", PASSPHRASE) as laptop:
        assert upkeep.status(laptop).inspections[InspectionStatus.IN_PROGRESS] == 1
        [waiting] = [each.record_id for each in outbox.unexported(laptop).rows]
        copies = scan_rows.signed_copies(laptop, inspection_id=waiting)
        assert [copy.missing for copy in copies] == [()], "its signed papers are scanned, whole"
        assert len(scan_rows.tray_rows(laptop)) == 1


def test_every_form_that_is_filled_in_is_written_in_the_demonstration():
    asked = {form.id: form for form in forms().values() if form.entries}
    assert specs().keys() == asked.keys()
    for name, spec in specs().items():
        written = {key.partition(".")[0] for key in spec}
        assert written <= {entry.id for entry in asked[name].entries} | {
            "only",
            "left",
            "void_reason",
        }


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small demonstration, to be read."""
    out = tmp_path_factory.mktemp("played") / "out"
    rehearse(out, organizations=60, seed=5, visits=6, screens=False, tell=silent)
    return out


@pytest.mark.slow
def test_its_numbers_are_by_the_offices_rule_without_a_gap_or_fault(played: Path) -> None:
    for home in ("office", "laptop"):
        with bootstrap.open_home(played / home, PASSPHRASE) as place:
            series = {each.form: each for each in numbering.report(place)}
            assert {"rectification-order", "body-notification"} <= series.keys()
            for each in series.values():
                assert (each.gaps, each.duplicates, each.foreign) == ((), (), ()), each.form
                assert (each.year, each.last) == (2026, each.count)
            order = series["rectification-order"]
            assert order.next == f"宜市监责改〔2026〕{order.count + 1:02}号"


@pytest.mark.slow
def test_its_orders_name_their_articles_and_who_may_be_turned_to(played: Path) -> None:
    with bootstrap.open_home(played / "office", PASSPHRASE) as office:
        disputed = {each.record_id for each in disputes.conflict_rows(office)}
        orders = enforcing.order_rows(office, open_only=False)
        assert {each.inspection_id for each in orders} - disputed
        assert [each.lacking for each in orders] == [()] * len(orders)
        for each in orders:
            printed = issuing.print_form(
                office, form="rectification-order", inspection_id=each.inspection_id, subject_key=each.key
            )
            with pypdfium2.PdfDocument(printed.pdf) as document:
                text = "".join("".join(page.get_textpage().get_text_range().split()) for page in document)
            assert "向宜春市人民政府申请行政复议" in text
            assert "向宜春市袁州区人民法院提起行政诉讼" in text
            assert ("草稿" in text) is (each.inspection_id in disputed)


@pytest.mark.slow
def test_its_papers_agree_with_themselves(played: Path) -> None:
    def text(path: Path) -> str:
        with pypdfium2.PdfDocument(path) as document:
            return "".join("".join(page.get_textpage().get_text_range().split()) for page in document)

    receipts = [text(path) for path in sorted((played / "forms").glob("paper-service-receipt-*.pdf"))]
    taken = ["收件人：企业质量负责人" in each for each in receipts]
    assert taken == [True, False]
    assert ["负责人见到文书后拒绝接收" in each for each in receipts] == [False, True]
    assert all("涉嫌涉嫌" not in text(path) for path in (played / "forms").glob("paper-*.pdf"))
    with bootstrap.open_home(played / "office", PASSPHRASE) as office:
        for visit in visits.inspection_ids(office):
            shown = sheet(office, inspection_id=visit)
            on = local_date(shown.header.started_at)
            wrong = {each.item for each in shown.findings}
            first, second = STATES[shown.header.inspection_type]
            for each in shown.certificates:
                if each.in_scheme and each.status is not CertificateStatus.VALID:
                    assert first in wrong, each.number
                elif each.in_scheme and each.expires_on and each.expires_on < on:
                    assert second in wrong, each.number


@pytest.mark.slow
def test_one_dispute_waits_and_one_is_decided_on_both_devices(played: Path) -> None:
    waiting, decided = set(), set()
    for home in ("office", "laptop"):
        with bootstrap.open_home(played / home, PASSPHRASE) as place:
            [open_one] = disputes.conflict_rows(place)
            [decided_one] = resolving.decided_rows(place)
            assert "situation" in open_one.paths
            assert decided_one.paths == ("place",)
            waiting.add(open_one.record_id)
            decided.add(decided_one.record_id)
    assert len(waiting) == len(decided) == 1
    assert waiting != decided


@pytest.mark.slow
def test_the_self_test_passes() -> None:
    lines: list[str] = []
    done = selftest(tell=lines.append)
    assert done.ok, done.problems
    assert [step.name for step in done.steps] == [line.partition(":")[0] for line in lines]
    assert {"vault", "import", "inspect", "print", "export", "table"} <= {step.name for step in done.steps}


def test_a_folder_with_something_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep", "utf8")
    with pytest.raises(BadInput) as refused:
        rehearse(tmp_path, tell=silent)
    assert refused.value.problem.code == "demo.not_empty"
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("organizations", [None, 45])
def test_the_sample_reads_without_a_fault(tmp_path: Path, organizations: int | None) -> None:
    files = sample.lay_out(tmp_path / "out", organizations=organizations, seed=3)
    names = set()
    for path in files.registry:
        for batch in open_registry(path).batches():
            assert batch.problems == ()
            names.update(row.organization.name for row in batch.rows)
            codes = [row.organization.credit_code for row in batch.rows if row.organization.credit_code]
            assert all(code_state(code) == "ok" and is_old_code(body_code(code)) for code in codes)
    assert len(names) == (organizations or 300)
    people, plan = read_people(files.people), read_plan(files.plan)
    assert (len(people.rows), people.problems) == (9, ())
    assert (len(plan.rows), plan.problems) == (4, ())


def test_a_made_up_registry_depends_on_its_seed_alone(tmp_path: Path) -> None:
    one, two, other = (
        sample.lay_out(tmp_path / name, organizations=20, seed=seed).registry[0].read_bytes()
        for name, seed in (("one", 1), ("two", 1), ("other", 2))
    )
    assert one == two != other
