from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select

from app.errors import BadInput
from app.models.journal import JournalEntry
from app.models.registry import Certificate, CertificationBody, Organization, RegistryHistory, RegistrySource
from app.services.registering import (
    Counts,
    RegistryFilters,
    export_registry,
    import_people,
    import_registry,
    organization_detail,
    organization_ids,
    organization_rows,
    people_rows,
    registry_counts,
)
from app.vocabulary import CertificateStatus, Scheme
from app.wording import known_codes

DATA = Path(__file__).parents[1] / "data" / "registry"
QUERY, SURVEY, MS, CCC = (
    "registry-query.xlsx",
    "selenium-survey.xlsx",
    "ms-certificates.xls",
    "ccc-certificates.xlsx",
)
ALL = [MS, CCC, SURVEY, "ms-report-html.xls", "organizations-gbk.csv", QUERY]
NOTHING = Counts(0, 0, 0)

HEADER = [
    "证书编号",
    "认证项目",
    "证书状态",
    "到期日期",
    "获证组织名称",
    "统一社会信用代码",
    "地址",
    "发证机构",
]
GOOD_CODE, OTHER_CODE = "914403001922038216", "9144030071526726XG"


def row(number="Z1", status="有效", expires="2027-03-01", name="甲公司", code=GOOD_CODE, address="", body=""):
    return [number, "质量管理体系认证", status, expires, name, code, address, body]


@pytest.fixture(scope="session")
def truth():
    return json.loads((DATA / "registry.json").read_text("utf8"))


@pytest.fixture
def listed(tmp_path):
    """Write a certificate list; ``as_of`` stands in a line above it."""

    def write(*rows, as_of="", name="list.xlsx"):
        book = Workbook()
        for line in [[f"数据截至 {as_of}"], HEADER, *rows]:
            book.active.append(line)
        book.save(tmp_path / name)
        return tmp_path / name

    return write


def count(place, model):
    with place.read() as session:
        return session.scalar(select(func.count()).select_from(model))


def journal(place):
    with place.read() as session:
        return [entry.action for entry in session.scalars(select(JournalEntry))]


def words(result):
    assert {problem.code for problem in result.problems} <= known_codes("intake")
    return [problem.code.removeprefix("intake.") for problem in result.problems]


def only_organization(place):
    (key,) = organization_ids(place)
    return organization_detail(place, key)


# The sample registry, planted faults and all.


def test_a_list_with_faults_brings_its_good_rows_in(office):
    result = import_registry(office, path=DATA / QUERY)
    assert result.layout == "certificate-query"
    assert result.certificates == Counts(64, 0, 0) == Counts(count(office, Certificate), 0, 0)
    assert result.organizations == Counts(count(office, Organization), 0, 0)
    assert words(result) == [
        "bad_check_digit",
        "old_code",
        "unknown_status",
        "bad_date",
        "formula",
        "unknown_organization",
    ]
    assert (result.problems[-1].where.row, result.problems[-1].taken) == (12, False)


def test_all_files_of_one_registry_meet_in_the_same_organizations(office, truth):
    for name in ALL:
        import_registry(office, path=DATA / name)
    counts = registry_counts(office)
    assert counts.organizations == len(truth["organizations"])
    assert counts.certificates == len({(one["org"], one["number"]) for one in truth["certificates"]})
    true = {one["uscc"]: one for one in truth["organizations"]}
    for found in organization_rows(office, organization_ids(office)):
        assert found.code_state == "ok"
        assert true[found.credit_code]["name"] == found.name
        assert true[found.credit_code]["risk"] == found.risk
        assert true[found.credit_code]["region"] == found.region
        detail = organization_detail(office, found.id)
        assert detail.dossier_on == office.today()
    with office.read() as session:
        bodies = {body.name: body.approval for body in session.scalars(select(CertificationBody))}
    named = {one["body"]: one["approval"] for one in truth["certificates"]}
    assert bodies.keys() == named.keys()
    for name, approval in bodies.items():
        assert approval in ("", named[name])
    assert any(bodies.values())


@pytest.mark.parametrize("name", ALL)
def test_importing_the_same_file_again_changes_nothing(office, name):
    first = import_registry(office, path=DATA / name)
    before = _rows(office)
    again = import_registry(office, path=DATA / name)
    assert _rows(office) == before
    assert (again.organizations.added, again.organizations.updated) == (0, 0)
    assert (again.certificates.added, again.certificates.updated) == (0, 0)
    assert again.certificates.unchanged == first.certificates.added
    assert again.organizations.unchanged == first.organizations.added
    assert words(again) == words(first)
    assert again.source_id == first.source_id
    assert count(office, RegistryHistory) == 0
    assert count(office, RegistrySource) == 1


def _rows(place):
    with place.read() as session:
        tables = (Organization.__table__, Certificate.__table__, CertificationBody.__table__)
        return [sorted(map(repr, session.execute(select(table)))) for table in tables]


@pytest.mark.parametrize("order", [ALL, ALL[::-1], ALL[3:] + ALL[:3]], ids=["listed", "reversed", "turned"])
def test_all_files_again_change_nothing_whatever_came_first(office, order):
    first = {name: import_registry(office, path=DATA / name) for name in order}
    before = _rows(office)
    for name in ALL:
        again = import_registry(office, path=DATA / name)
        assert (again.organizations.added, again.organizations.updated) == (0, 0)
        assert (again.certificates.added, again.certificates.updated) == (0, 0)
        assert again.certificates.unchanged >= first[name].certificates.added
        assert set(words(again)) <= set(words(first[name]))
    assert _rows(office) == before


def test_the_same_list_saved_again_is_another_file_and_still_changes_nothing(office, tmp_path):
    import_registry(office, path=DATA / QUERY)
    book = load_workbook(DATA / QUERY)
    book.save(tmp_path / "again.xlsx")
    again = import_registry(office, path=tmp_path / "again.xlsx")
    assert (again.organizations.updated, again.certificates.updated) == (0, 0)
    assert (count(office, RegistrySource), count(office, RegistryHistory)) == (2, 0)


# Newer, older, and what a file does not say.


def test_a_newer_file_updates_and_keeps_former_values_with_their_origin(office, listed):
    import_registry(office, path=listed(row(), as_of="2026年1月31日", name="january.xlsx"))
    newer = import_registry(
        office,
        path=listed(
            row(number="Z0"), row(status="撤销", expires="2028-01-01"), as_of="2026-06-30", name="june.xlsx"
        ),
    )
    assert (newer.certificates, newer.organizations) == (Counts(1, 1, 0), Counts(0, 0, 1))
    detail = only_organization(office)
    changed = detail.certificates[1]
    assert (changed.status, changed.expires_on) == (CertificateStatus.WITHDRAWN, date(2028, 1, 1))
    assert (changed.as_of, changed.source_row) == (date(2026, 6, 30), 4)
    by_field = {one.field: one for one in detail.history}
    assert by_field.keys() == {"status", "expires_on"}
    former = by_field["status"]
    assert (former.certificate_number, former.former, former.value) == ("Z1", "valid", "withdrawn")
    assert (former.former_row, former.former_as_of, former.source_row) == (3, date(2026, 1, 31), 4)
    files = {source.id: source.file_name for source in detail.sources}
    assert files[former.former_source_id] == "january.xlsx"
    assert files[former.source_id] == "june.xlsx"
    assert by_field["expires_on"].former == "2027-03-01"


def test_an_older_file_fills_blanks_and_overwrites_nothing(office, listed):
    import_registry(office, path=listed(row(), as_of="2026-06-30"))
    older = import_registry(
        office,
        path=listed(row(status="暂停", address="城南"), row(number="Z2"), as_of="2026-01-31", name="b.xlsx"),
    )
    detail = only_organization(office)
    assert detail.row.address == "城南"
    assert [(one.number, one.status) for one in detail.certificates] == [
        ("Z1", CertificateStatus.VALID),
        ("Z2", CertificateStatus.VALID),
    ]
    assert detail.certificates[0].as_of == date(2026, 6, 30)
    assert words(older) == ["older_values"]
    assert older.problems[0].values == {"count": 1}
    assert detail.history == ()


def test_without_a_date_of_its_own_a_file_is_as_of_its_first_import(office, listed, clock):
    first = listed(row(), name="first.xlsx")
    import_registry(office, path=first)
    clock.move(days=30)
    import_registry(office, path=listed(row(status="注销"), name="second.xlsx"))
    clock.move(days=30)
    import_registry(office, path=first)
    assert only_organization(office).certificates[0].status is CertificateStatus.CANCELLED


def test_what_a_file_does_not_say_erases_nothing(office, listed):
    import_registry(office, path=listed(row(address="城南", body="中心")))
    result = import_registry(
        office, path=listed(row(expires="", status="", address="", body=""), name="b.xlsx")
    )
    assert (result.organizations, result.certificates) == (Counts(0, 0, 1), Counts(0, 0, 1))
    detail = only_organization(office)
    assert (detail.row.address, detail.certificates[0].body_name) == ("城南", "中心")
    assert detail.certificates[0].status is CertificateStatus.VALID


def test_the_window_of_a_suspension_goes_when_it_ends_and_stays_in_history(office):
    import_registry(office, path=DATA / MS)
    with office.read() as session:
        suspended = session.scalars(
            select(Certificate).where(Certificate.status == CertificateStatus.SUSPENDED)
        ).first()
        owner = session.get(Organization, suspended.organization_id)
        number, name, code, window = suspended.number, owner.name, owner.credit_code, suspended.suspended_from
    assert window == date(2026, 10, 2)
    _list(office, [row(number=number, name=name, code=code)])
    detail = organization_detail(office, organization_ids(office, query=number)[0])
    (found,) = [one for one in detail.certificates if one.number == number]
    assert (found.status, found.suspended_from, found.suspended_to) == (CertificateStatus.VALID, None, None)
    former = {one.field: one.former for one in detail.history}
    assert former["suspended_from"] == "2026-10-02"
    assert former["status"] == "suspended"


def test_an_ended_suspension_does_not_come_back_from_an_older_file(office, tmp_path):
    import_registry(office, path=DATA / MS)
    with office.read() as session:
        suspended = select(Certificate).where(Certificate.status == CertificateStatus.SUSPENDED)
        found = session.scalars(suspended).first()
        owner = session.get(Organization, found.organization_id)
        line = row(number=found.number, name=owner.name, code=owner.credit_code)
    _list(office, [line])
    book = Workbook()
    header = ["证书编号", "认证项目", "证书状态", "企业名称", "统一社会信用代码", "颁证日期"]
    for cells in [["数据截至 2020-01-01"], header, [line[0], "", "暂停", line[4], line[5], "2019-01-01"]]:
        book.active.append(cells)
    book.save(tmp_path / "older.xlsx")
    older = import_registry(office, path=tmp_path / "older.xlsx")
    assert "older_values" in words(older)
    (key,) = organization_ids(office, query=line[0])
    (certificate,) = [one for one in organization_detail(office, key).certificates if one.number == line[0]]
    assert (certificate.status, certificate.suspended_from) == (CertificateStatus.VALID, None)


def _list(place, rows):
    book = Workbook()
    for line in [HEADER, *rows]:
        book.active.append(line)
    path = place.home / "list.xlsx"
    book.save(path)
    return import_registry(place, path=path)


def test_a_listed_selenium_certificate_is_valid_until_another_file_says_more(office):
    import_registry(office, path=DATA / SURVEY)
    with office.read() as session:
        found = session.scalars(select(Certificate)).all()
        assert {one.status for one in found} == {CertificateStatus.VALID}
        assert {one.as_of for one in found} == {date(2023, 6, 30)}


# Who is who.


@pytest.mark.parametrize(
    "first, second, organizations",
    [
        (row(code=GOOD_CODE), row(number="Z2", code=GOOD_CODE, name="甲公司（新名）"), 1),
        (row(code=""), row(number="Z2", code=GOOD_CODE), 1),
        (row(code=GOOD_CODE), row(number="Z2", code=""), 1),
        (row(code=GOOD_CODE[:-1] + "7"), row(number="Z2", code=GOOD_CODE), 1),
        (row(code=GOOD_CODE), row(number="Z2", code=GOOD_CODE[:-1] + "7"), 1),
        (row(code=GOOD_CODE[8:17]), row(number="Z2", code=GOOD_CODE, name="别名"), 1),
        (row(code=GOOD_CODE), row(number="Z2", code=GOOD_CODE[8:17], name="别名"), 1),
        (row(code=GOOD_CODE), row(number="Z2", code=OTHER_CODE), 2),
        (row(code=""), row(number="Z2", code="", name="乙公司"), 2),
    ],
)
@pytest.mark.parametrize("together", [True, False])
def test_rows_meet_by_code_else_by_name(office, first, second, organizations, together):
    for rows in [[first, second]] if together else [[first], [second]]:
        _list(office, rows)
    assert count(office, Organization) == organizations
    if organizations == 1:
        detail = only_organization(office)
        assert (detail.row.credit_code, detail.row.code_state) == (GOOD_CODE, "ok")
        assert len(detail.certificates) == 2


def test_a_changed_name_under_the_same_code_is_kept_in_history(office):
    _list(office, [row()])
    result = _list(office, [row(name="乙公司")])
    assert result.organizations == Counts(0, 1, 0)
    detail = only_organization(office)
    assert detail.row.name == "乙公司"
    assert [(one.field, one.former) for one in detail.history] == [("name", "甲公司")]
    assert organization_ids(office, query="ygs") == (detail.row.id,)


def test_a_row_without_name_goes_to_the_organization_of_its_code_wherever_that_stands(office):
    result = _list(office, [row(name=""), row(number="Z2"), row(number="Z3", name="", code=OTHER_CODE)])
    assert [one.number for one in only_organization(office).certificates] == ["Z1", "Z2"]
    assert words(result) == ["unknown_organization"]
    assert (result.problems[0].where.row, result.problems[0].taken) == (4, False)


def test_within_one_file_the_first_row_keeps_the_word(office):
    result = _list(office, [row(address="城南"), row(number="Z2", address="城北")])
    assert only_organization(office).row.address == "城南"
    assert words(result) == ["contradicting_rows"]


# One scope: dry, cancelled, broken off.


def test_a_dry_run_says_the_same_and_keeps_nothing(office):
    dry = import_registry(office, path=DATA / QUERY, dry_run=True)
    assert dry.source_id == ""
    assert count(office, Organization) == count(office, RegistrySource) == 0
    real = import_registry(office, path=DATA / QUERY)
    assert (dry.organizations, dry.certificates, dry.problems) == (
        real.organizations,
        real.certificates,
        real.problems,
    )


def test_cancelling_between_batches_rolls_everything_back(office, monkeypatch):
    monkeypatch.setattr("app.services.registry_import.BATCH", 20)
    seen = []
    before = journal(office)
    result = import_registry(
        office,
        path=DATA / QUERY,
        progress=lambda done, total: seen.append((done, total)),
        cancelled=lambda: len(seen) == 2,
    )
    assert seen == [(20, 66), (40, 66)]
    assert result.cancelled
    assert (result.organizations, result.certificates) == (NOTHING, NOTHING)
    assert count(office, Organization) == count(office, Certificate) == 0
    assert journal(office) == before


def test_progress_ends_at_the_total(office):
    seen = []
    import_registry(office, path=DATA / QUERY, progress=lambda *step: seen.append(step))
    assert seen[-1] == (66, 66)


def test_a_file_that_cannot_be_read_leaves_the_store_alone(office, tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"PK\x03\x04")
    before = journal(office)
    with pytest.raises(BadInput, match=r"intake\.damaged"):
        import_registry(office, path=path)
    assert journal(office) == before


def test_one_import_is_one_journal_entry(office):
    before = len(journal(office))
    import_registry(office, path=DATA / QUERY)
    import_registry(office, path=DATA / QUERY)
    assert journal(office)[before:] == ["registry.import", "registry.import"]


# Looking in.


@pytest.fixture
def stocked(office):
    _list(
        office,
        [
            row("Z1", name="宜春𬭎泰电器有限公司", code=GOOD_CODE, address="温汤镇"),
            ["2022011119582423", "电动自行车", "暂停", "2026-12-01", "丰城䶮禾", OTHER_CODE, "城南", ""],
            ["Z3", "质量管理体系认证", "注销", "2020-01-01", "丰城䶮禾", OTHER_CODE, "城南", ""],
        ],
    )
    return office


@pytest.mark.parametrize(
    "options, names",
    [
        ({}, ["丰城䶮禾", "宜春𬭎泰电器有限公司"]),
        ({"query": "泰电"}, ["宜春𬭎泰电器有限公司"]),
        ({"query": "温汤"}, ["宜春𬭎泰电器有限公司"]),
        ({"query": "715267"}, ["丰城䶮禾"]),
        ({"query": "6xg"}, ["丰城䶮禾"]),
        ({"query": "111958"}, ["丰城䶮禾"]),
        ({"query": "z3"}, ["丰城䶮禾"]),
        ({"query": "ychtdq"}, ["宜春𬭎泰电器有限公司"]),
        ({"query": "FCYH"}, ["丰城䶮禾"]),
        ({"query": "丰城 城南"}, ["丰城䶮禾"]),
        ({"query": "丰城 温汤"}, []),
        ({"query": "%"}, []),
        ({"query": "_"}, []),
        ({"filters": RegistryFilters(Scheme.CCC)}, ["丰城䶮禾"]),
        ({"filters": RegistryFilters(status=CertificateStatus.SUSPENDED)}, ["丰城䶮禾"]),
        ({"filters": RegistryFilters(Scheme.CCC, CertificateStatus.CANCELLED)}, []),
        ({"filters": RegistryFilters(region="360981")}, []),
        ({"order": "region"}, ["丰城䶮禾", "宜春𬭎泰电器有限公司"]),
    ],
)
def test_organizations_are_found_by_any_part(stocked, options, names):
    rows = organization_rows(stocked, organization_ids(stocked, **options))
    assert [one.name for one in rows] == names


def test_a_row_sums_up_its_certificates(stocked):
    (found,) = organization_rows(stocked, organization_ids(stocked, query="fcyh"))
    assert found.certificates == 2
    assert found.schemes == (Scheme.CCC, Scheme.MANAGEMENT_SYSTEM)
    assert found.statuses == (CertificateStatus.SUSPENDED, CertificateStatus.CANCELLED)
    assert found.next_expiry == date(2026, 12, 1)


def test_rows_come_in_the_order_asked_and_unknown_ids_are_left_out(stocked):
    ids = organization_ids(stocked)
    assert [one.id for one in organization_rows(stocked, (ids[1], "gone", ids[0]))] == [ids[1], ids[0]]


def test_an_unknown_organization_is_said_to_be_unknown(office):
    with pytest.raises(BadInput, match=r"registry\.unknown_organization"):
        organization_detail(office, "0" * 32)
    assert "registry.unknown_organization" in known_codes("registry")


def test_counts_over_the_registry(stocked):
    counts = registry_counts(stocked)
    assert (counts.organizations, counts.certificates, counts.sources) == (2, 3, 1)
    assert counts.by_scheme == {Scheme.CCC: 1, Scheme.MANAGEMENT_SYSTEM: 2}
    assert counts.by_status[CertificateStatus.SUSPENDED] == 1
    assert counts.newest_as_of == stocked.today()


# Out again.


def test_the_export_is_text_in_every_cell_and_reads_back_the_same(office, laptop, tmp_path):
    for name in ALL:
        import_registry(office, path=DATA / name)
    path = tmp_path / "名录.xlsx"
    result = export_registry(office, path=path)
    page = load_workbook(path).active
    cells = [cell for line in page.iter_rows() for cell in line if cell.value is not None]
    assert all(cell.data_type == "s" for cell in cells)
    assert result.rows == page.max_row - 1 == registry_counts(office).certificates
    assert result.organizations == 40
    back = import_registry(laptop, path=path)
    assert back.problems == ()
    assert _facts(laptop) == _facts(office)


def _facts(place):
    """All that is said of organizations and certificates, without where it came from."""
    own = {"id", "organization_id", "as_of", "source_id", "source_row", "dossier_on"}
    facts = []
    with place.read() as session:
        for table in (Organization.__table__, Certificate.__table__):
            names = [column.key for column in table.columns if column.key not in own]
            facts += map(repr, session.execute(select(*(table.c[name] for name in names))))
    return sorted(facts)


def test_what_looks_like_a_formula_or_holds_control_characters_stays_text(office, tmp_path):
    _list(office, [row(address="\u200b@SUM(A1)", name="+甲公司")])
    export_registry(office, path=tmp_path / "a.xlsx")
    values = {cell.value for line in load_workbook(tmp_path / "a.xlsx").active.iter_rows() for cell in line}
    assert {"+甲公司", "@SUM(A1)"} <= values


# People.


def _people(path, *rows):
    book = Workbook()
    for line in [["姓名", "执法证号", "所在单位"], *rows]:
        book.active.append(line)
    book.save(path)
    return path


def test_people_come_in_by_credential_and_twice_is_once(office, tmp_path):
    here = len(people_rows(office))
    path = _people(tmp_path / "p.xlsx", ["甲", "Z1", "袁州"], ["乙", "Z2", "丰城"], ["丙", "", ""])
    first = import_people(office, path=path)
    assert first.people == Counts(2, 0, 0)
    assert words(first) == ["missing_credential"]
    assert import_people(office, path=path).people == Counts(0, 0, 2)
    moved = import_people(office, path=_people(tmp_path / "q.xlsx", ["甲", "Z1", "高安"], ["乙", "Z2", ""]))
    assert moved.people == Counts(0, 1, 1)
    assert len(moved.changes.ids) == 1
    by_credential = {one.credential: one for one in people_rows(office)}
    assert (by_credential["Z1"].office, by_credential["Z2"].office) == ("高安", "丰城")
    assert len(by_credential) == here + 2


def test_the_same_bytes_under_another_name_are_the_same_file(office, tmp_path):
    import_registry(office, path=DATA / CCC)
    shutil.copy(DATA / CCC, tmp_path / "renamed.dat")
    again = import_registry(office, path=tmp_path / "renamed.dat")
    assert again.certificates.added == again.certificates.updated == 0
    assert count(office, RegistrySource) == 1
