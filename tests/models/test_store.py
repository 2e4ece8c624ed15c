"""The store on a real SQLCipher file: scopes, journal, refusals, migrations."""

import sqlite3
from pathlib import Path
from types import SimpleNamespace

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError, IntegrityError

from app.clock import utc_now
from app.errors import BadInput, EnvironmentFault
from app.models import migrate
from app.models.all import Base
from app.models.base import new_id
from app.models.journal import JournalEntry, digest_of
from app.models.people import Device, Person
from app.models.registry import Organization
from app.models.revisions import Package, ReceiptLine
from app.models.store import (
    FILE,
    GENESIS,
    SCHEMA_HEAD,
    Author,
    Store,
    explained_store,
    make_engine,
    open_store,
)
from app.sync.ledger import offices_of

KEY = bytes(range(32))
WHO = Author("赣C36090001", "device")


@pytest.fixture
def store(tmp_path: Path):
    opened = open_store(tmp_path, KEY)
    yield opened
    opened.close()


def add(store: Store, key: str, name: str = "曾志强", *, commit: bool = True) -> None:
    with store.write("people.add", WHO, utc_now) as work:
        work.session.add(Person(id=key, name=name, credential=f"证{key}"))
        if commit:
            work.commit()


def people(store: Store) -> list[str]:
    with store.read() as session:
        return list(session.scalars(select(Person.id).order_by(Person.id)))


def test_a_write_that_does_not_commit_leaves_nothing(store):
    add(store, "1", commit=False)
    assert people(store) == []


def test_an_error_inside_a_write_leaves_nothing(store):
    def break_down() -> None:
        with store.write("x", WHO, utc_now) as work:
            work.session.add(Person(id="1", name="a", credential="c"))
            work.session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_down()
    assert people(store) == []


def test_each_commit_leaves_one_entry_chained_to_the_one_before(store):
    add(store, "1")
    add(store, "2", name="𬭎䶮𠅤")
    with store.read() as session:
        entries = session.scalars(select(JournalEntry).order_by(JournalEntry.sequence)).all()
        assert [entry.action for entry in entries] == ["people.add", "people.add"]
        assert "𬭎䶮𠅤" in entries[1].detail
        assert entries[0].previous == GENESIS
        assert entries[1].previous == entries[0].digest
        assert [entry.digest for entry in entries] == [digest_of(entry) for entry in entries]


def test_the_journal_names_only_the_columns_that_changed(store):
    add(store, "1")
    with store.write("people.rename", WHO, utc_now) as work:
        work.session.get_one(Person, "1").name = "欧阳春梅"
        work.commit()
    with store.read() as session:
        newest = session.scalars(select(JournalEntry).order_by(JournalEntry.sequence.desc())).first()
        assert newest.detail == (
            '{"changes": [{"changed": "people", "key": ["1"], "values": {"name": "欧阳春梅"}}]}'
        )


def test_commits_are_durable_and_foreign_keys_hold(store):
    with store.read() as session:
        pragma = {name: session.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous")}
        assert pragma == {"journal_mode": "wal", "synchronous": 2}
        assert session.scalar(text("PRAGMA foreign_keys")) == 1


def test_the_file_tells_nothing_without_the_key(store, tmp_path):
    add(store, "1", name="袁州鑫源电器")
    store.close()
    content = (tmp_path / FILE).read_bytes()
    assert "袁州".encode() not in content
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(tmp_path / FILE).execute("SELECT * FROM people")


def test_a_wrong_key_is_refused_by_sentence(store, tmp_path):
    add(store, "1")
    store.close()
    with pytest.raises(EnvironmentFault, match=r"store\.wrong_key"):
        open_store(tmp_path, bytes(32))


def test_a_newer_store_is_refused_and_left_alone(store, tmp_path):
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9001'")
    store.close()
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(EnvironmentFault, match=r"store\.newer"):
        open_store(tmp_path, KEY)
    assert (tmp_path / FILE).read_bytes() == before


def test_an_older_store_is_backed_up_and_brought_to_head(store, tmp_path):
    add(store, "1")
    with store.engine.begin() as connection:  # as the second migration left it
        for table in (
            "revisions",
            "record_states",
            "held_revisions",
            "packages",
            "deliveries",
            "receipt_lines",
            "instances",
            "measurements",
            "sent_tables",
            "papers",
            "paper_fields",
            "savepoints",
            "known_visits",
            "page_signatures",
            "scans",
            "tray_pages",
        ):
            connection.exec_driver_sql(f"DROP TABLE {table}")
        for column in ("located", "original_key", "outside_sha256", "kept_at"):
            connection.exec_driver_sql(f"ALTER TABLE evidence DROP COLUMN {column}")
        connection.exec_driver_sql("ALTER TABLE cases DROP COLUMN decision_number")
        for column in ("joined_at", "left_at", "change_reason"):
            connection.exec_driver_sql(f"ALTER TABLE inspection_officers DROP COLUMN {column}")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0002'")
    store.close()

    reopened = open_store(tmp_path, KEY)
    assert people(reopened) == ["1"]
    with reopened.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM revisions").scalar() == 0
    reopened.close()
    kept = make_engine(tmp_path / f"{FILE}.before-0002", KEY)
    with kept.connect() as connection:
        assert connection.exec_driver_sql("SELECT name FROM people").all() == [("曾志强",)]
    kept.dispose()


def older(folder: Path, version: str, *statements: str) -> None:
    """A store as ``version`` left it."""
    engine = make_engine(folder / FILE, KEY)
    config = migrate.configuration()
    with engine.execution_options(writes=True).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, version)
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


def device(key: str, role: str, office: str, *, own: int = 0, office_device: int = 0) -> str:
    return (
        "INSERT INTO devices (id, name, credential, role, office, recipient, verify_key, fingerprint, "
        f"enrolled_at, own, office_device) VALUES ('{key}', '', '', '{role}', '{office}', '', '', '', "
        f"'2026-08-12T01:30:00.000000Z', {own}, {office_device})"
    )


@pytest.mark.parametrize(
    "devices, expected, own, above",
    [
        pytest.param(
            [device("c", "supervisor", "市局", own=1, office_device=1), device("l", "inspector", "市监局")],
            {"c": "市局", "l": "市局"}, "市局", frozenset(), id="an office",
        ),
        pytest.param(
            [
                device("c", "supervisor", "市局", office_device=1), device("l", "inspector", "市监局", own=1),
                device("m", "inspector", "某局"),
            ],
            {"c": "市局", "l": "市局", "m": "市局"}, "市局", frozenset(), id="a laptop",
        ),
        pytest.param(
            [
                device("c", "supervisor", "市局", office_device=1), device("l", "inspector", "市监局"),
                device("d", "supervisor", "县局", own=1, office_device=1),
            ],
            {"c": "市局", "d": "县局", "l": "县局"}, "县局", frozenset({"市局"}), id="an office below another",
        ),
    ],
)  # fmt: skip
def test_devices_of_an_older_store_share_their_office_s_name(tmp_path, devices, expected, own, above):
    twins = [
        "INSERT INTO people (id, name, credential, office, role, phone) "
        f"VALUES ('{key}', '甲', '证{key}', '', 'inspector', '')"
        for key in "ab"
    ]
    older(tmp_path, "0007", *devices, *twins)
    store = open_store(tmp_path, KEY)
    with store.read() as session:
        assert dict(session.execute(select(Device.id, Device.office)).all()) == expected
        offices = offices_of(session)
        assert (offices.own, offices.above) == (own, above)
    assert people(store) == ["a", "b"]
    with store.write("test", WHO, utc_now) as work:
        work.session.add(Person(id="c", name="乙", credential="证a"))
        work.commit()
    store.close()


def test_packages_and_answers_of_an_older_store_stay_and_take_several_receivers(tmp_path):
    """As the fourth migration left it: one receiver for each package, nothing else in the key."""
    older(
        tmp_path,
        "0004",
        "INSERT INTO packages (id, outgoing, peer, sequence, digest, file_name, made_at, handled_at, "
        "records, blobs, size, summary, branch) VALUES ('p1', 1, 'd1', 3, 'x', 'a.cyb', "
        "'2026-08-12T01:30:00.000000Z', '2026-08-12T01:31:00.000000Z', 4, 5, 6, '{\"held\":1}', 'b1')",
        "INSERT INTO receipt_lines (package_id, record_kind, record_id, peer, fate, reason, missing, "
        "answered_at) VALUES ('p1', 'inspection', 'r1', 'd1', 'refused', 'why', '[]', "
        "'2026-08-12T02:00:00.000000Z')",
    )
    store = open_store(tmp_path, KEY)
    assert (tmp_path / f"{FILE}.before-0004").is_file()
    with store.read() as session:
        (package,) = session.scalars(select(Package))
        told = (package.id, package.peer, package.outgoing, package.sequence, package.digest, package.branch)
        assert told == ("p1", "d1", True, 3, "x", "b1")
        assert (package.records, package.blobs, package.size, package.summary) == (4, 5, 6, '{"held":1}')
        assert package.made_at < package.handled_at
        (line,) = session.scalars(select(ReceiptLine))
        assert (line.peer, line.record_id, line.fate, line.reason) == ("d1", "r1", "refused", "why")
    with store.engine.begin() as connection:
        for table in ("packages", "receipt_lines"):
            columns = [row[1] for row in connection.exec_driver_sql(f"PRAGMA table_info({table})")]
            given = ", ".join("'d2'" if name == "peer" else name for name in columns)
            again = f"INSERT INTO {table} ({', '.join(columns)}) SELECT {given} FROM {table}"
            connection.exec_driver_sql(again)
            with pytest.raises(IntegrityError):
                connection.exec_driver_sql(f"{again} LIMIT 1")
    store.close()


def test_the_migrations_make_exactly_what_the_models_say(store):
    with store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_the_known_head_is_the_newest_script():
    assert migrate.head() == SCHEMA_HEAD


def test_a_read_only_store_says_so(store):
    with store.engine.connect() as connection:  # the pool hands the same connection out again
        connection.exec_driver_sql("PRAGMA query_only=ON")
    with pytest.raises(EnvironmentFault, match=r"disk\.read_only"):
        add(store, "1")


@pytest.mark.parametrize(
    "values, code",
    [
        ({"name": "名" * 401}, "too_long"),
        ({"credit_code": "9" * 19}, "too_long"),
        ({"address": "路\0"}, "unwritable"),
        ({"address": "\udcff"}, "unwritable"),
        ({"employees": 1 << 31}, "too_large"),
    ],
)
def test_what_the_other_side_could_not_take_is_refused_at_once(office, values, code):
    """Its columns are the same, so a record that does not fit would be refused after it had travelled."""
    with office.write("test") as work:
        work.session.add(Organization(**{"id": new_id(), "name": "甲"} | values))
        with pytest.raises(BadInput, match=rf"store\.{code}"):
            work.commit()


def test_what_fits_exactly_is_taken(office):
    with office.write("test") as work:
        name = "𠅤" * 400
        work.session.add(
            Organization(id="0" * 32, name=name, address="路" * 100_000, employees=(1 << 31) - 1)
        )
        work.commit()
    with office.read() as session:
        assert session.get_one(Organization, "0" * 32).name == name


def test_a_package_of_more_than_four_gigabytes_is_noted(office):
    with office.write("test") as work:
        package = Package(
            id="1" * 32, outgoing=True, peer="2" * 32, sequence=1, digest="0" * 64, file_name="a.cyb",
            made_at=office.now(), handled_at=office.now(), records=1, blobs=1, size=5 << 30,
        )  # fmt: skip
        work.session.add(package)
        work.commit()
    with office.read() as session:
        assert session.get_one(Package, ("1" * 32, "2" * 32)).size == 5 << 30


def test_a_disk_error_on_a_full_disk_is_called_full(tmp_path, monkeypatch):
    """The index of the write-ahead log cannot grow: the engine says no more than `disk I/O error`."""

    def broken():
        with explained_store(tmp_path / "store.db"):
            raise DatabaseError("", {}, Exception("disk I/O error"))

    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=0))
    with pytest.raises(EnvironmentFault, match=r"disk\.full"):
        broken()
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=1 << 30))
    with pytest.raises(EnvironmentFault, match=r"store\.io_error"):
        broken()
