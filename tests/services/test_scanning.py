"""Signed papers come back: real forms, printed, scanned, and found again by their codes."""

import io

import pytest
import segno
from PIL import Image
from sqlalchemy import select

from app.errors import BadInput
from app.forms.codes import Code
from app.models.inspection import Correction, Evidence, Inspection
from app.models.registry import Organization
from app.models.scans import Scan, TrayPage
from app.services import (
    evidence,
    handover,
    inspecting,
    integrity,
    issuing,
    papers,
    questions,
    scan_rows,
    scan_tray,
)
from app.services.scan_tray import Wanted
from app.services.scanning import import_scans
from app.vocabulary import InspectionType, Verdict
from tests.forms.papers_seen import Scanner, encoded, photographed, several
from tests.services.conftest import add_target
from tests.services.parcels import VISIT, introduce, make_task, make_visit, receive, send


def printed(visit, form="inspection-record", **about):
    return issuing.print_form(visit.place, form=form, inspection_id=visit.id, **about).pdf


def long_record(visit):
    """A record whose sheet has several pages."""
    visit.fill_header()
    inspecting.set_header(visit.place, inspection_id=visit.id, situation="查看成品库与出货台账。" * 250)


def put(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data)
    return path


def test_every_page_of_a_scan_goes_to_its_record_whichever_way_it_lies(visit, tmp_path):
    long_record(visit)
    pages = Scanner(150, 182, grain=12).pages(printed(visit))
    assert len(pages) >= 2
    path = put(tmp_path, "扫描.pdf", several(pages, "PDF", resolution=150))
    done = import_scans(visit.place, paths=[path])
    assert [line.outcome for line in done.lines] == ["placed"] * len(pages)
    assert [(line.page, line.pages) for line in done.lines] == [
        (number, len(pages)) for number in range(1, len(pages) + 1)
    ]
    assert {line.subject_name for line in done.lines} == {"宜春袁州恒𬭎电器有限公司"}
    assert {line.title for line in done.lines} == {"检查记录表"}
    assert {line.rotation for line in done.lines} == {180}
    assert not done.lacking
    (copy,) = scan_rows.signed_copies(visit.place, inspection_id=visit.id)
    assert (copy.whole, copy.outdated) == (True, False)


def test_a_missing_page_is_named_until_it_is_scanned_too(visit, tmp_path):
    long_record(visit)
    pages = Scanner(200).pages(printed(visit))
    rest = put(tmp_path, "a.tif", several([*pages[:1], *pages[2:]], "TIFF", compression="tiff_lzw"))
    (lacking,) = import_scans(visit.place, paths=[rest]).lacking
    assert (lacking.copy.copy.title, lacking.copy.missing) == ("检查记录表", (2,))
    second = put(tmp_path, "b.png", encoded(pages[1], "PNG"))
    assert not import_scans(visit.place, paths=[second]).lacking
    assert scan_rows.signed_copy(visit.place, inspection_id=visit.id, form="inspection-record").whole


def test_a_scan_does_not_make_the_next_page_of_the_paper_older(visit, tmp_path):
    long_record(visit)
    pages = Scanner(200).pages(printed(visit))
    done = import_scans(
        visit.place,
        paths=[put(tmp_path, f"{n}.jpg", encoded(page, "JPEG")) for n, page in enumerate(pages)],
    )
    assert [line.outdated for line in done.lines] == [False] * len(pages)


def test_a_print_that_the_record_has_left_behind_is_told_and_others_are_not(visit, tmp_path):
    visit.fill_header()
    record, questions = printed(visit), printed(visit, "checklist")
    item = visit.sheet().sections[0].items[0].id
    inspecting.answer(visit.place, inspection_id=visit.id, item=item, verdict=Verdict.CONFORMING)
    paths = [
        put(tmp_path, "a.jpg", Scanner().jpeg(record)),
        put(tmp_path, "b.jpg", Scanner().jpeg(questions)),
    ]
    lines = import_scans(visit.place, paths=paths).lines
    # The answer stands on the checklist; the record sheet would print as it did.
    assert [(line.title, line.outdated) for line in lines] == [("检查记录表", False), ("监督检查表", True)]


def test_papers_and_orders_are_told_apart_by_their_copy(visit, tmp_path):
    begun = [papers.begin(visit.place, inspection_id=visit.id, form="on-site-record").key for _ in range(2)]
    paths = [
        put(tmp_path, f"{n}.jpg", Scanner(200).jpeg(printed(visit, "on-site-record", paper=key)))
        for n, key in enumerate(begun)
    ]
    lines = import_scans(visit.place, paths=paths).lines
    rows = scan_rows.scan_rows(visit.place, inspection_id=visit.id)
    assert {line.key: line.outcome for line in lines} == {row.key: "placed" for row in rows}
    assert {row.copy_key for row in rows} == set(begun)


def test_the_bytes_of_a_page_are_kept_sealed_and_shown_upright(visit, tmp_path):
    visit.fill_header()
    data = Scanner(150, 90).jpeg(printed(visit))
    (line,) = import_scans(visit.place, paths=[put(tmp_path, "a.jpg", data)]).lines
    assert visit.place.evidence.read(line.sha256) == data
    assert data not in visit.place.evidence.path(line.sha256).read_bytes()
    shown = evidence.preview(visit.place, sha256=line.sha256, box=400, rotation=line.rotation)
    with Image.open(io.BytesIO(shown)) as picture:
        assert picture.height > picture.width
    assert line.sha256 in integrity.referenced(visit.place)


def test_the_same_file_again_takes_nothing_in_and_another_scan_of_the_page_is_told(visit, tmp_path):
    visit.fill_header()
    path = put(tmp_path, "a.jpg", Scanner(150).jpeg(printed(visit)))
    first = import_scans(visit.place, paths=[path]).lines[0]
    again = import_scans(visit.place, paths=[put(tmp_path, "copy.jpg", path.read_bytes())]).lines[0]
    assert (again.outcome, again.key, again.subject_name) == ("duplicate", first.key, first.subject_name)
    other = put(tmp_path, "b.jpg", Scanner(200).jpeg(printed(visit)))
    assert import_scans(visit.place, paths=[other]).lines[0].outcome == "again"
    assert len(scan_rows.scan_rows(visit.place, inspection_id=visit.id)) == 2


def test_a_sealed_visit_takes_its_signed_papers(visit, tmp_path):
    visit.fill_header()
    visit.answer_all()
    visit.sign_all()
    inspecting.finish(visit.place, inspection_id=visit.id)
    path = put(tmp_path, "a.jpg", Scanner(200).jpeg(printed(visit)))
    (line,) = import_scans(visit.place, paths=[path]).lines
    assert (line.outcome, line.outdated) == ("placed", False)


def code_page(*texts):
    """A page that carries these codes, as another program or a forger would print it."""
    page = Image.new("L", (1240, 1754), 255)
    for place, text in enumerate(texts):
        out = io.BytesIO()
        segno.make(text, error="m", micro=False).save(out, kind="png", scale=4)
        with Image.open(out) as drawn:
            page.paste(drawn.convert("L"), (100 + 600 * place, 1300))
    return encoded(page, "PNG")


def ours(record, **told):
    values = {"form": "inspection-record", "page": 1, "pages": 1} | told
    return Code(record, "ab" * 32, **values).text()


def test_what_finds_no_record_waits_in_the_tray_with_its_reason(visit, tmp_path):
    add_target(visit.place, "另一家企业有限公司")
    with visit.place.read() as session:
        organization = session.scalars(select(Organization.id)).first()
    pages = {
        "scans.no_code": code_page(),
        "scans.foreign_code": code_page("https://example.org/pay"),
        "scans.damaged_code": code_page("CHAYAN:" + "0" * 90),
        "scans.several_codes": code_page(ours(visit.id), ours("0" * 32)),
        "scans.unknown_record": code_page(ours("f" * 32)),
        "scans.unknown_form": code_page(ours(visit.id, form="no-such-form")),
        "scans.unknown_copy": code_page(ours(visit.id, form="on-site-record", copy="00000000")),
        "scans.other_record": code_page(ours(organization, form="demonstration-enterprise")),
    }
    paths = [put(tmp_path, f"{code}.png", data) for code, data in pages.items()]
    done = import_scans(visit.place, paths=paths)
    assert [(line.file, line.outcome) for line in done.lines] == [(f"{code}.png", "aside") for code in pages]
    rows = {row.file_name: row for row in scan_rows.tray_rows(visit.place)}
    assert {row.reason for row in rows.values()} == pages.keys()
    assert rows["scans.unknown_record.png"].problem.values == {"record": "f" * 32}
    assert scan_rows.tray_count(visit.place) == len(pages)


def test_a_file_that_cannot_be_read_stops_no_other(visit, tmp_path):
    visit.fill_header()
    paths = [
        put(tmp_path, "broken.pdf", b"%PDF-1.4 nothing"),
        tmp_path / "gone.pdf",
        put(tmp_path, "good.jpg", Scanner(150).jpeg(printed(visit))),
    ]
    done = import_scans(visit.place, paths=paths)
    assert [problem.code for problem in done.problems] == ["scans.unreadable", "disk.missing"]
    assert [line.outcome for line in done.lines] == ["placed"]


def test_a_stopped_import_keeps_what_it_took_and_goes_on_from_there(visit, tmp_path):
    long_record(visit)
    pages = Scanner(150).pages(printed(visit))
    path = put(tmp_path, "a.pdf", several(pages, "PDF"))
    seen = []
    stopped = import_scans(
        visit.place,
        paths=[path],
        progress=lambda done, total: seen.append((done, total)),
        cancelled=lambda: bool(seen),
    )
    assert seen == [(1, len(pages))]
    assert [problem.code for problem in stopped.problems] == ["scans.cancelled"]
    rest = import_scans(visit.place, paths=[path])
    assert [line.outcome for line in rest.lines] == ["duplicate"] + ["placed"] * (len(pages) - 1)


def test_a_folder_gives_its_scans(visit, tmp_path):
    visit.fill_header()
    folder = tmp_path / "扫描"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(Scanner(150).jpeg(printed(visit)))
    (folder / "notes.txt").write_text("x")
    assert [line.file for line in import_scans(visit.place, paths=[folder]).lines] == ["a.jpg"]


@pytest.fixture
def waiting(visit, tmp_path):
    """A page in the tray whose code nobody can read."""
    import_scans(visit.place, paths=[put(tmp_path, "blank.png", code_page())])
    return scan_rows.tray_rows(visit.place)[0].id


def test_a_page_is_given_to_a_record_by_hand_and_taken_back(visit, waiting):
    to = Wanted(visit.id, "inspection-record", "", 2, 3)
    moved = scan_tray.assign(visit.place, page=waiting, to=to)
    (row,) = scan_rows.scan_rows(visit.place, inspection_id=visit.id)
    assert (row.key, row.form, row.page, row.pages, row.by_hand) == (
        moved.key,
        "inspection-record",
        2,
        3,
        True,
    )
    assert not scan_rows.tray_rows(visit.place)
    back = scan_tray.take_back(visit.place, inspection_id=visit.id, key=row.key)
    (again,) = scan_rows.tray_rows(visit.place)
    assert (again.id, again.sha256, again.reason) == (back.key, row.sha256, "scans.taken_back")
    assert not scan_rows.scan_rows(visit.place, inspection_id=visit.id)


@pytest.mark.parametrize(
    "to,code",
    [
        ({"page": 4, "pages": 3}, "scans.bad_page"),
        ({"page": 0, "pages": 3}, "scans.bad_page"),
        ({"form": "nonsense"}, "scans.unknown_form"),
        ({"form": "plan-table"}, "scans.wrong_form"),
        ({"form": "on-site-record", "copy_key": "gone"}, "scans.unknown_copy"),
        ({"inspection_id": "0" * 32}, "inspecting.unknown_inspection"),
    ],
)
def test_an_assignment_that_cannot_be_is_refused_and_the_page_stays(visit, waiting, to, code):
    with pytest.raises(BadInput) as caught:
        scan_tray.assign(visit.place, page=waiting, to=Wanted(**{"inspection_id": visit.id, **to}))
    assert caught.value.problem.code == code
    assert [row.id for row in scan_rows.tray_rows(visit.place)] == [waiting]


def test_a_page_that_was_sealed_goes_back_only_with_a_reason(visit, waiting):
    visit.fill_header()
    visit.answer_all()
    visit.sign_all()
    key = scan_tray.assign(visit.place, page=waiting, to=Wanted(visit.id)).key
    assert not scan_tray.needs_reason(visit.place, inspection_id=visit.id, key=key)
    inspecting.finish(visit.place, inspection_id=visit.id)
    assert scan_tray.needs_reason(visit.place, inspection_id=visit.id, key=key)
    with pytest.raises(BadInput, match=r"scans\.reason_missing"):
        scan_tray.take_back(visit.place, inspection_id=visit.id, key=key)
    scan_tray.take_back(visit.place, inspection_id=visit.id, key=key, reason="归错了企业")
    with visit.place.read() as session:
        assert [row.reason for row in session.scalars(select(Correction))] == ["归错了企业"]


def test_a_page_is_thrown_away_and_lies_there_again(visit, waiting):
    row = scan_tray.discard(visit.place, page=waiting)
    assert not scan_rows.tray_rows(visit.place)
    scan_tray.restore(visit.place, row=row)
    assert scan_rows.tray_rows(visit.place) == (row,)


def test_a_page_is_turned_where_it_lies(visit, waiting):
    scan_tray.turn(visit.place, key=waiting, rotation=-90)
    assert scan_rows.tray_rows(visit.place)[0].rotation == 270
    key = scan_tray.assign(visit.place, page=waiting, to=Wanted(visit.id)).key
    scan_tray.turn(visit.place, key=key, rotation=360, inspection_id=visit.id)
    assert scan_rows.scan_rows(visit.place, inspection_id=visit.id)[0].rotation == 0


def test_a_page_whose_record_comes_later_finds_it_when_tried_again(visit, tmp_path, clock):
    visit.fill_header()
    path = put(tmp_path, "a.jpg", Scanner(200).jpeg(printed(visit)))
    (line,) = import_scans(visit.place, paths=[path]).lines
    with visit.place.write("test") as work:
        row = work.session.get_one(Scan, (visit.id, line.key))
        code = Code(visit.id, "ab" * 32, "inspection-record", 1, 1).text()
        page = {name: getattr(row, name) for name in scan_tray._PAGE}
        work.session.add(
            TrayPage(
                id="p",
                **page,
                code=code,
                reason="scans.unknown_record",
                detail=visit.id,
                taken_at=clock(),
                taken_by="x",
            )
        )
        work.session.delete(row)
        work.commit()
    done = scan_tray.retry(visit.place)
    assert (done.placed, done.waiting) == ((("p", "宜春袁州恒𬭎电器有限公司"),), 0)
    assert len(scan_rows.scan_rows(visit.place, inspection_id=visit.id)) == 1


def test_a_photographed_paper_finds_its_record(visit, tmp_path):
    visit.fill_header()
    path = put(tmp_path, "photo.jpg", encoded(photographed(printed(visit)), "JPEG", quality=80))
    (line,) = import_scans(visit.place, paths=[path]).lines
    assert (line.outcome, line.rotation) == ("placed", 90)


@pytest.fixture
def pair(office, laptop, tmp_path):
    """An office and its laptop with a finished visit."""
    introduce(office, laptop, tmp_path)
    make_task(office, laptop.device_id)
    receive(laptop, send(office, tmp_path, laptop.device_id))
    make_visit(laptop)
    with laptop.write("test") as work:
        row = work.session.get_one(Inspection, VISIT)
        found = questions.newest(laptop, InspectionType.CCC_PRODUCER)
        row.checklist_id, row.checklist_version = found.id, found.version
        work.session.delete(work.session.get_one(Evidence, (VISIT, "e1")))
        work.commit()
    return office, laptop


def test_a_signed_copy_that_comes_late_travels_by_itself_and_the_office_shows_it(pair, tmp_path):
    office, laptop = pair
    receive(office, send(laptop, tmp_path))
    pdf = issuing.print_form(laptop, form="random-inspection", inspection_id=VISIT).pdf
    data = Scanner(150, 270).jpeg(pdf)
    (line,) = import_scans(laptop, paths=[put(tmp_path, "签字.jpg", data)]).lines
    exported = handover.export_package(laptop, out=tmp_path)
    assert (exported.records, exported.blobs) == (1, 1)
    assert receive(office, exported.path).accepted == 1
    (copy,) = scan_rows.signed_copies(office, inspection_id=VISIT)
    assert (copy.whole, copy.scans[0].sha256, copy.scans[0].rotation) == (True, line.sha256, 270)
    assert office.evidence.read(line.sha256) == data


def test_a_page_waits_in_the_office_until_its_record_comes_in(pair, tmp_path):
    office, laptop = pair
    pdf = issuing.print_form(laptop, form="random-inspection", inspection_id=VISIT).pdf
    path = put(tmp_path, "签字.jpg", Scanner(200).jpeg(pdf))
    (line,) = import_scans(office, paths=[path]).lines
    assert (line.outcome, line.problem.code) == ("aside", "scans.unknown_record")
    assert scan_tray.retry(office).waiting == 1
    receive(office, send(laptop, tmp_path))
    assert scan_tray.retry(office).placed == ((line.key, "宜春市𬭎业电缆厂"),)
    (row,) = scan_rows.scan_rows(office, inspection_id=VISIT)
    assert (row.form, row.outdated) == ("random-inspection", False)
