"""What an office hands out besides records: checklists, their scoring tables and supplements to the law.

They travel as parts of a task package, ``checklists/<id>@<version>.json``,
``scoring/<id>@<version>.json`` and ``law/<id>@<version>.toml``, under the signature of the office's
device, and lie in the home's folder of that name. A version of a checklist or of the law that is here
already is never replaced by other words; a scoring table is, by one that was taken in later.
"""

from __future__ import annotations

from app.checklists.loader import catalog, checklist_bytes, load_checklist
from app.checklists.scoring import load_scoring, scoring_bytes
from app.law.supplement import read_supplement
from app.services import lawbook, questions, scoring
from app.services.workplace import Workplace

CHECKLISTS, LAW, SCORING = questions.FOLDER, lawbook.FOLDER, scoring.FOLDER


def outgoing(place: Workplace) -> dict[str, bytes]:
    """Everything an office's inspectors work with, by the name of its part."""
    lists = {(each.id, each.version): each for each in (*catalog().values(), *questions.received(place))}
    found = {f"{CHECKLISTS}/{each.id}@{each.version}.json": checklist_bytes(each) for each in lists.values()}
    for supplement in lawbook.supplements(place):
        found[f"{LAW}/{supplement.name}.toml"] = lawbook.supplement_path(place, supplement.name).read_bytes()
    for table in scoring.kept(place):
        found[f"{SCORING}/{scoring.file_name(table)}"] = scoring_bytes(table)
    return dict(sorted(found.items()))


def is_good(place: Workplace, name: str, data: bytes) -> bool:
    """Whether a part that another device sent can be taken into use under its name."""
    folder, _, file = name.partition("/")
    if folder == SCORING:
        return _good_scoring(file, data)
    known = place.home / name
    if known.is_file() and known.read_bytes() != data:
        return False
    return _good_checklist(file, data) if folder == CHECKLISTS else _good_supplement(place, file, data)


def is_outdated(place: Workplace, name: str, data: bytes) -> bool:
    """Whether something that came later is here already: packages may arrive in any order."""
    folder, _, _ = name.partition("/")
    known = place.home / name
    if folder != SCORING or not known.is_file():
        return False
    ours, theirs = load_scoring(known.read_bytes()), load_scoring(data)
    return ours is not None and theirs is not None and ours.taken_at > theirs.taken_at


def _good_checklist(file: str, data: bytes) -> bool:
    found, problems = load_checklist(data)
    if found is None or problems:
        return False
    return f"{found.id}@{found.version}.json" == file and checklist_bytes(found) == data


def _good_scoring(file: str, data: bytes) -> bool:
    found = load_scoring(data)
    return found is not None and scoring.file_name(found) == file and scoring_bytes(found) == data


def _good_supplement(place: Workplace, file: str, data: bytes) -> bool:
    """Readable, and named as it names itself; what it refers to may come with it, in any order."""
    found, problems = read_supplement(data, lawbook.known(place), file)
    waits = all(problem.code == "law.unknown_reference" for problem in problems)
    return found is not None and waits and f"{found.name}.toml" == file
