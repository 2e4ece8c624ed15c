"""A target, its team and a visit under way, on a real store."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from app import bootstrap
from app.models.base import new_id
from app.models.people import Person
from app.models.planning import Assignment, AssignmentOfficer
from app.models.registry import Certificate, Organization
from app.services import evidence, inspecting, sheet_rows, sheets
from app.services.inspecting import Duties
from app.services.sheet_rows import Sheet
from app.services.workplace import Workplace
from app.vocabulary import (
    CertificateStatus,
    InspectionType,
    ProductClass,
    ProductionStatus,
    Scheme,
    SignatureState,
    TaskSource,
    Verdict,
)
from tests.conftest import INSTALLED, PASSPHRASE, FakeClock, open_copy
from tests.services.neighbours import OWNERS, Neighbours, enrol_all
from tests.services.parcels import Pair, introduce, make_task, make_visit

DUTIES = Duties(
    task_source=TaskSource.DOUBLE_RANDOM,
    approval_number="袁市监检审〔2026〕8号",
    approval_by="黎国平",
    notice_number="袁市监检通〔2026〕8号",
    credentials_shown=True,
    rights_told=True,
)


def add_target(place: Workplace, name: str = "宜春袁州恒𬭎电器有限公司") -> str:
    """An organization with a suspended CCC certificate, two officers, an assignment; returns its id."""
    organization, assignment = new_id(), new_id()
    with place.write("test.target") as work:
        work.session.add_all(
            [
                Organization(
                    id=organization, name=name, credit_code="914403001922038216", code_state="ok",
                    region="360902", address="袁州区工业园 12 号", legal_representative="王伟", phone="0795-2",
                ),
                Certificate(
                    organization_id=organization, number="2024010708696171", scheme=Scheme.CCC,
                    product="真空吸尘器", status=CertificateStatus.SUSPENDED, as_of=date(2026, 8, 1),
                    body_name="中衡认证中心有限公司",
                ),
                Person(id=new_id(), name="易晓燕", credential="赣C36090002"),
                Assignment(
                    id=assignment, plan_id="p", task_key="t", organization_id=organization,
                    inspection_type=InspectionType.CCC_PRODUCER, device_id=place.device_id,
                    due_on=date(2026, 8, 19), assigned_at=place.now(),
                ),
                AssignmentOfficer(assignment_id=assignment, credential="赣C36090001", name="彭建华", lead=True),
                AssignmentOfficer(assignment_id=assignment, credential="赣C36090002", name="易晓燕"),
            ]
        )  # fmt: skip
        work.commit()
    return assignment


def jpeg(colour: str = "navy", size: tuple[int, int] = (64, 48), **options: object) -> bytes:
    """A small real JPEG."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG", **options)
    return out.getvalue()


def stroke() -> bytes:
    """A drawn signature, as a transparent PNG."""
    out = io.BytesIO()
    Image.new("RGBA", (120, 40), (0, 0, 0, 0)).save(out, "PNG")
    return out.getvalue()


@dataclass
class Visit:
    """A visit under way, with the steps that most tests need."""

    place: Workplace
    id: str

    def sheet(self) -> Sheet:
        return sheets.sheet(self.place, inspection_id=self.id)

    def answer_all(self, *, nonconforming: str = "") -> None:
        """Answer every asked item; new ones that appear are answered too."""
        while open_items := [row for part in self.sheet().sections for row in part.items if not row.verdict]:
            for row in open_items:
                self._answer(row, nonconforming)

    def _answer(self, row: sheet_rows.ItemRow, nonconforming: str) -> None:
        wrong = row.id == nonconforming
        verdict = Verdict.NONCONFORMING if wrong else Verdict.CONFORMING
        values = {"inspection_id": self.id, "item": row.id}
        inspecting.answer(self.place, **values, verdict=verdict)
        if wrong:
            inspecting.write_note(self.place, **values, note="电源适配器实物与证书附件不一致")
        if row.measure is not None:
            inspecting.set_value(self.place, **values, value="1")
        for number in range(row.photos_required):
            evidence.add_photo_bytes(
                self.place, inspection_id=self.id, data=jpeg(), file_name=f"{row.id}-{number}.jpg",
                link=evidence.Link(item=row.id),
            )  # fmt: skip

    def fill_header(self) -> None:
        inspecting.set_header(
            self.place,
            inspection_id=self.id,
            production_status=ProductionStatus.NORMAL,
            product_class=ProductClass.ELECTRICAL,
            situation="查看成品库与出货台账，抽查三个型号。",
            opinion="责令改正。",
        )

    def sign_all(self) -> None:
        for credential, name in self.sheet().officers:
            evidence.sign(
                self.place, inspection_id=self.id, party=f"officer:{credential}", name=name, image=stroke()
            )
        evidence.refuse(
            self.place, inspection_id=self.id, party="party", name="王伟",
            state=SignatureState.REFUSED, reason="认为问题不属实", witness="村委会李娜",
        )  # fmt: skip


@pytest.fixture
def visit(laptop: Workplace) -> Visit:
    """A CCC visit just started."""
    started = inspecting.start(laptop, duties=DUTIES, assignment_id=add_target(laptop))
    return Visit(laptop, started.id)


@pytest.fixture
def pair(office: Workplace, laptop: Workplace, tmp_path: Path) -> Pair:
    """They know each other; the laptop has a finished visit that was never sealed."""
    introduce(office, laptop, tmp_path)
    make_task(office, laptop.device_id)
    make_visit(laptop)
    return office, laptop


@pytest.fixture(scope="session")
def neighbour_templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The neighbours' homes as `init` makes them."""
    folder = tmp_path_factory.mktemp("neighbours")
    for name, owner in OWNERS.items():
        with bootstrap.create_home(folder / name, PASSPHRASE, owner, clock=FakeClock(INSTALLED)):
            pass
    return {name: folder / name for name in OWNERS}


@pytest.fixture
def strangers(
    office: Workplace,
    laptop: Workplace,
    neighbour_templates: dict[str, Path],
    tmp_path: Path,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Neighbours]:
    """A city, two counties and two laptops that do not know each other yet."""
    with ExitStack() as stack:
        places = {
            name: stack.enter_context(open_copy(path, tmp_path / name, clock, monkeypatch))
            for name, path in neighbour_templates.items()
        }
        yield Neighbours(office, places["county"], laptop, places["second"], places["other"], tmp_path)


@pytest.fixture
def neighbours(strangers: Neighbours) -> Neighbours:
    """The same, enrolled."""
    enrol_all(strangers)
    return strangers
