"""A city's office, a county's office under it, and that county's two laptops: real homes on real files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook

from app.models.registry import Organization
from app.services import assigning, planning, registering
from app.services.merging import Imported
from app.services.workplace import Owner, Workplace
from app.sync.documents import read_document
from app.vocabulary import InspectionType, Role
from tests.services.parcels import introduce, receive, send

OWNERS = {
    "county": Owner(Role.SUPERVISOR, "袁州区市场监督管理局", "钟丽", "赣C36090200"),
    "second": Owner(Role.INSPECTOR, "袁州区市监局", "易晓燕", "赣C36090002"),
    "other": Owner(Role.SUPERVISOR, "宜丰县市场监督管理局", "曾志强", "赣C36090300"),
}
CODE, NAME = "914403001922038216", "宜春袁州恒𬭎电器有限公司"
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


@dataclass(frozen=True)
class Neighbours:
    """Who works together; ``other`` is another county of the same city."""

    city: Workplace
    county: Workplace
    laptop: Workplace
    second: Workplace
    other: Workplace
    folder: Path

    def hand(self, one: Workplace, other: Workplace, **how: bool) -> Path:
        """A package from one home to another, not taken in yet."""
        return send(one, self.folder, other.device_id, **how)

    def give(self, one: Workplace, other: Workplace, **how: bool) -> Imported:
        """A package from one home to another, taken in."""
        return receive(other, self.hand(one, other, **how))


def enrol_all(them: Neighbours) -> None:
    """Both counties at the city, the laptops at their county."""
    for office, device in (
        (them.city, them.county),
        (them.city, them.other),
        (them.county, them.laptop),
        (them.county, them.second),
    ):
        introduce(office, device, them.folder)


def take_registry(place: Workplace, folder: Path, address: str, code: str = CODE) -> str:
    """Import a list with one enterprise; returns its id."""
    book = Workbook()
    row = [
        "2024010708696171",
        "强制性产品认证",
        "有效",
        "2028-03-01",
        NAME,
        code,
        address,
        "中衡认证中心有限公司",
    ]
    for line in (["数据截至 2026-07-01"], HEADER, row):
        book.active.append(line)
    path = folder / f"{place.device_id[:6]}-{address}.xlsx"
    book.save(path)
    registering.import_registry(place, path=path)
    (found,) = registering.organization_ids(place)
    return found


def entry(place: Workplace, organization_id: str) -> dict[str, object]:
    """What a home shows of an enterprise."""
    with place.read() as session:
        return dict(read_document(session, "organization", organization_id) or {})


def hand_out(county: Workplace, laptop: Workplace, organization_id: str) -> str:
    """A plan with one target for the laptop's team; returns the assignment's id."""
    plan = planning.add_plan(county, title="2026年认证检查", year=2026, document="赣市监办认监〔2026〕4号").id
    task = planning.add_task(
        county, plan_id=plan, title="强制性产品认证获证企业", inspection_type=InspectionType.CCC_PRODUCER
    )
    made = assigning.assign(
        county,
        plan_id=plan,
        task_key=task.key,
        organization_ids=[organization_id],
        officers=["赣C36090001", "赣C36090002"],
        lead="赣C36090001",
        device_id=laptop.device_id,
    )
    return made.ids[0]


def write_entry(place: Workplace, organization_id: str, **values: object) -> None:
    """Write an enterprise into a home's registry, or change it."""
    with place.write("test.registry") as work:
        found = work.session.get(Organization, organization_id)
        if found is None:
            found = Organization(id=organization_id, name=NAME, credit_code=CODE, code_state="ok")
            work.session.add(found)
        for name, value in values.items():
            setattr(found, name, value)
        work.commit()
