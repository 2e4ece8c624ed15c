"""Back-entry: what showing prints can be loaded elsewhere, whole or not at all."""

import json
from datetime import date

import pytest

from app.checklists.loader import checklist
from app.errors import BadInput
from app.services import inspecting
from app.services.backentry import inspection_document, load_file
from app.sync.documents import read_document

from .conftest import add_target


@pytest.fixture
def shown(visit) -> dict:
    """A finished inspection as `inspection show` prints it, without the drawn signatures' files."""
    visit.fill_header()
    visit.answer_all()
    visit.sign_all()
    inspecting.finish(visit.place, inspection_id=visit.id)
    return json.loads(json.dumps(inspection_document(visit.place, inspection_id=visit.id)))


def carry_files(visit, place) -> None:
    """Photos and drawn signatures reach the other home on their own way."""
    for sha256 in visit.place.evidence.names():
        place.evidence.put_bytes(visit.place.evidence.read(sha256))


def load(place, tmp_path, content):
    file = tmp_path / "补录.json"
    file.write_text(json.dumps(content, ensure_ascii=False), "utf8")
    return load_file(place, path=file)


def test_a_shown_inspection_is_loaded_in_another_home_once(office, visit, shown, tmp_path):
    carry_files(visit, office)
    add_target(office)  # same credit code, another id
    first = load(office, tmp_path, [shown])
    assert (first.loaded, first.problems) == ((shown["id"],), ())
    with office.read() as session:
        stored = read_document(session, "inspection", shown["id"])
    assert stored["subject_name"] == "宜春袁州恒𬭎电器有限公司"
    assert load(office, tmp_path, shown).already == 1
    assert stored | {"organization_id": ""} == shown["document"] | {"organization_id": ""}


@pytest.mark.parametrize(
    "change, code",
    [
        (lambda shown: shown["document"].update(status="in_progress"), "backentry.not_finished"),
        (lambda shown: shown["document"].update(production_status="busy"), "backentry.bad_value"),
        (lambda shown: shown["document"].update(nonsense="x"), "backentry.bad_value"),
        (lambda shown: shown["document"].pop("subject_name"), "backentry.lacking"),
        (lambda shown: shown["document"].pop("situation"), "backentry.incomplete"),
        (lambda shown: shown.update(id="x"), "backentry.not_a_document"),
        (
            lambda shown: shown["document"].update({"signatures/party/image": "0" * 64}),
            "backentry.missing_blob",
        ),
    ],
)
def test_a_bad_document_is_named_and_the_good_one_goes_in(office, visit, shown, tmp_path, change, code):
    carry_files(visit, office)
    add_target(office)
    bad = json.loads(json.dumps(shown)) | {"id": "f" * 32}
    change(bad)
    result = load(office, tmp_path, [bad, shown])
    assert result.loaded == (shown["id"],)
    assert [(problem.code, problem.where.row) for problem in result.problems] == [(code, 1)]


def test_an_unknown_subject_is_refused(office, shown, tmp_path):
    [problem] = load(office, tmp_path, shown).problems
    assert problem.code == "backentry.unknown_subject"


def test_a_file_nested_without_end_is_refused(office, tmp_path):
    path = tmp_path / "deep.json"
    path.write_text("[" * 100_000)
    with pytest.raises(BadInput, match=r"backentry\.not_json"):
        load_file(office, path=path)


def test_a_visit_of_before_its_checklist_goes_in_with_the_first_version(office, visit, shown, tmp_path):
    # Nine types have no checklist before 1 August 2026, and the period of Shanghai begins in November 2025.
    document = shown["document"]
    assert checklist(document["checklist_id"], document["checklist_version"]).effective_from == date(
        2026, 8, 1
    )
    for path, value in document.items():
        if isinstance(value, str) and value.startswith("2026-08-12"):
            document[path] = value.replace("2026-08-12", "2026-05-12")
    carry_files(visit, office)
    add_target(office)
    assert load(office, tmp_path, shown).loaded == (shown["id"],)
    with office.read() as session:
        stored = read_document(session, "inspection", shown["id"])
    assert stored["started_at"].startswith("2026-05-12")
