"""Sealing turns what the rows say beyond the view into one signed revision."""

from __future__ import annotations

from app.models.people import Person
from app.models.revisions import RecordState
from app.services.sealing import seal, signed
from app.services.workplace import Workplace
from app.sync.ledger import revisions_of, view_of
from app.sync.revision import GONE, Written, opened

PERSON = "c" * 32


def add_person(place: Workplace) -> None:
    with place.write("test") as work:
        work.session.add(Person(id=PERSON, name="熊志强", credential="赣C36090002", office="袁州局"))
        work.commit()


def test_the_first_seal_says_everything_and_the_next_nothing(office: Workplace) -> None:
    add_person(office)
    with office.write("test") as work:
        first = seal(work, office, "person", PERSON)
        assert first is not None
        assert seal(work, office, "person", PERSON) is None
        work.commit()
    with office.read() as session:
        (sealed,) = revisions_of(session, "person", [PERSON])[PERSON]
        state = session.get(RecordState, ("person", PERSON))
    assert sealed.id == first
    assert sealed.revision.set == {"name": "熊志强", "credential": "赣C36090002", "office": "袁州局"}
    assert sealed.revision.author.name == "黎国平"
    assert office.vault.public.verify(sealed.signature, sealed.body)
    assert state is not None
    assert state.heads == f'["{first}"]'
    assert not state.in_conflict


def test_a_change_is_a_delta_on_the_heads(office: Workplace) -> None:
    add_person(office)
    with office.write("test") as work:
        first = seal(work, office, "person", PERSON)
        person = work.session.get(Person, PERSON)
        assert person is not None
        person.phone = "13800000000"
        second = seal(work, office, "person", PERSON)
        revisions = {
            each.id: each.revision for each in revisions_of(work.session, "person", [PERSON])[PERSON]
        }
        assert second is not None
        assert revisions[second].set == {"phone": "13800000000"}
        assert revisions[second].parents == (first,)
        assert view_of(work.session, "person", PERSON).heads == (second,)


def test_a_device_seals_only_what_its_role_may_write(laptop: Workplace) -> None:
    add_person(laptop)
    with laptop.write("test") as work:
        assert seal(work, laptop, "person", PERSON) is None


def test_what_was_signed_reads_as_it_was_said(office: Workplace) -> None:
    """The revision that goes on is not read back from its bytes: it must say the same."""
    changes: dict[str, Written] = {
        "place": "二号库",
        "rights_told": True,
        "evidence/1/size": 1,
        "opinion": GONE,
    }
    made = signed(office, "inspection", PERSON, changes, heads=("f" * 64, "0" * 64), reason="当场核对")
    read_back = opened(made.body, made.signature)
    assert made == read_back
    assert [type(value) for _, value in sorted(made.revision.set.items())] == [
        type(value) for _, value in sorted(read_back.revision.set.items())
    ]
