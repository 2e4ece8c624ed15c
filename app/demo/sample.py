"""The registry of the demonstration: the sample that ships, or one of any size made from names."""

from __future__ import annotations

import csv
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import xlsxwriter

from app.files import resource
from app.intake.identifiers import ALPHABET, body_check_digit, credit_check_digit

AS_OF = date(2025, 12, 31)

NUMBERS = {
    "ms": "{body:03d}{year:02d}Q{serial:05d}R0M",
    "ccc": "20{year:02d}010705{serial:06d}",
    "organic": "{body:04d}OP{year:02d}{serial:05d}",
    "selenium": "FX20{year:02d}{serial:05d}",
}

SUSPENDED_SHARE = 0.06


@dataclass(frozen=True, slots=True)
class Sample:
    """The files of a sample: registry, people, plan."""

    registry: tuple[Path, ...]
    people: Path
    plan: Path


def lay_out(folder: Path, *, organizations: int | None, seed: int) -> Sample:
    """Put the sample into ``folder``: the shipped registry, or a made-up one of ``organizations``."""
    folder.mkdir(parents=True, exist_ok=True)
    if organizations is None:
        shipped = sorted(resource("examples", "registry").iterdir())
        registry = [_copied(path, folder) for path in shipped]
    else:
        registry = _made_up(folder, organizations, Random(seed))
    lists = [_copied(resource("examples", name), folder) for name in ("people.xlsx", "plan.xlsx")]
    return Sample(tuple(registry), *lists)


def _copied(path: Path, folder: Path) -> Path:
    return Path(shutil.copyfile(path, folder / path.name))


@cache
def _names() -> dict[str, Any]:
    return tomllib.loads(resource("examples", "names.toml").read_text("utf8"))


@dataclass(frozen=True, slots=True)
class _Organization:
    name: str
    code: str
    region: str
    address: str
    contact: str
    phone: str
    risk: str
    kind: str
    project: str


def _made_up(folder: Path, organizations: int, random: Random) -> list[Path]:
    made: dict[str, _Organization] = {}
    while len(made) < organizations:
        one = _organization(random)
        made.setdefault(one.name, one)
    query, listed = folder / "registry-query.xlsx", folder / "organizations.csv"
    _write_query(query, list(_certificate_rows(list(made.values()), random)))
    with listed.open("w", encoding="gb18030", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(_names()["list_headings"])
        for one in made.values():
            writer.writerow((one.name, one.code, one.region, one.address, one.contact, one.phone, one.risk))
    return [listed, query]


def _organization(random: Random) -> _Organization:
    names = _names()
    kind = random.choices(names["kinds"], [each["weight"] for each in names["kinds"]])[0]
    trade, project = random.choice(kind["trades"])
    region = random.choice(list(names["regions"].values()))
    own = "".join(random.choices(names["syllables"], k=3))
    return _Organization(
        name=f"{names['name_prefix']}{own}{trade}{random.choice(names['forms'])}",
        code=_credit_code(random),
        region=region,
        address=_address(names, region, random),
        contact=random.choice(names["surnames"]) + random.choice(names["given_names"]),
        phone=f"0795-{random.randint(2_000_000, 7_999_999)}",
        risk=random.choices("ABCD", (50, 30, 15, 5))[0],
        kind=kind["number"],
        project=project,
    )


def _address(names: dict[str, Any], region: str, random: Random) -> str:
    street = f"{random.choice(names['towns'])}{random.choice(names['streets'])}{random.randint(1, 999)}"
    return f"{names['province']}{names['city']}{region}{street}"


def _credit_code(random: Random) -> str:
    """A code that passes both checks; its region part 000000 belongs to no real subject."""
    body = "".join(random.choices(ALPHABET, k=8))
    head = f"91000000{body}{body_check_digit(body)}"
    return head + credit_check_digit(head)


def _certificate_rows(made: list[_Organization], random: Random) -> Iterator[tuple[object, ...]]:
    names = _names()
    for serial, one in enumerate(made, 1):
        issued = AS_OF - timedelta(days=random.randint(20, 300))
        body = random.randrange(len(names["bodies"]))
        number = NUMBERS[one.kind].format(body=body + 1, year=issued.year % 100, serial=serial)
        status = names["suspended" if random.random() < SUSPENDED_SHARE else "valid"]
        expires = issued.replace(year=issued.year + 3, day=min(issued.day, 28))
        yield (
            serial, one.project, number, status, issued.isoformat(), expires.isoformat(), one.name, one.code,
            one.address, names["bodies"][body],
        )  # fmt: skip


def _write_query(path: Path, rows: list[tuple[object, ...]]) -> None:
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"created": AS_OF})
        page = book.add_worksheet()
        for number, row in enumerate([_names()["query_headings"], *rows]):
            page.write_row(number, 0, row)
