"""停用: from which day a device is not believed any more, and the records that somebody should look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QWidget

from app.clock import day_bounds, local_date
from app.services import enrolment
from app.services.enrolment import DeviceRow
from app.services.titles import record_titles
from app.services.workplace import Workplace
from app.ui.handover import lines
from app.ui.handover.tables import RowsTable
from app.ui.slots import calling
from app.ui.steps import StepDialog
from app.ui.widgets import CaptionLabel, Column, DateField, EmptyState, HeadingLabel, TextLabel

if TYPE_CHECKING:
    from app.ui.screens import Desk

KEPT: Final = "这之前写的不受影响；停用之后它才送来的包，先查看再收，逐条核对"


@dataclass(frozen=True, slots=True)
class DoubtfulRow:
    """A record that a revoked device wrote to after its date, or that came in only after it."""

    kind: str
    record_id: str
    title: str
    device_id: str
    name: str
    revoked_at: datetime

    @property
    def key(self) -> str:
        """The line it stands on: of one record several devices may be in doubt."""
        return f"{self.device_id}:{self.kind}:{self.record_id}"


COLUMNS: Final[tuple[Column[DoubtfulRow], ...]] = (
    Column("种类", lambda row: lines.kind_text(row.kind), 6),
    Column("名称", "title", 0),
    Column("停用设备", "name", 9),
    Column("停用时间", lambda row: lines.moment_text(row.revoked_at), 19),
)


def read_doubtful(place: Workplace) -> tuple[DoubtfulRow, ...]:
    """What revoked devices wrote or brought after their dates, device by device."""
    found = [
        (row, row.revoked_at, key)
        for row in enrolment.device_rows(place)
        if row.revoked_at is not None and not row.own
        for key in enrolment.doubtful_records(place, device_id=row.device_id)
    ]
    titles = record_titles(place, {key for _, _, key in found})
    return tuple(
        DoubtfulRow(*key, titles.get(key, "") or f"编号 {key[1][:8]}", row.device_id, row.name, revoked_at)
        for row, revoked_at, key in found
    )


def doubtful_table(parent: QWidget) -> RowsTable[DoubtfulRow]:
    """The list of them."""
    empty = EmptyState("没有要核对的记录", "停用日期之后写的、或停用之后才送到的记录列在这里")
    return RowsTable("待核对", COLUMNS, empty, parent)


def show_doubtful(table: RowsTable[DoubtfulRow], rows: Sequence[DoubtfulRow]) -> None:
    """List them."""
    table.show_rows(rows, [row.key for row in rows])


def since_of(row: DeviceRow, day: date, today: date) -> datetime | None:
    """The moment from which a device is not believed; ``None`` for now."""
    return None if day == today and row.revoked_at is None else day_bounds(day, day)[0]


def since_text(row: DeviceRow, day: date, today: date) -> str:
    """What choosing a day means."""
    since = since_of(row, day, today)
    if since is None:
        return f"从现在起它写的记录一律拒收，不能恢复。{KEPT}"
    when = f"从 {lines.moment_text(since)} 起"
    return f"{when}它写的记录一律拒收，不能恢复；其中已经收入的不撤，列出来请你核对。{KEPT}"


def since_problem(row: DeviceRow, day: date, today: date) -> str:
    """What is wrong with a day; empty when nothing is."""
    if day > today:
        return "最迟是今天"
    since = since_of(row, day, today)
    if since is not None and row.revoked_at is not None and since >= row.revoked_at:
        return f"已从 {lines.moment_text(row.revoked_at)} 起停用，只能改得更早"
    return ""


def revoke_form(desk: Desk, row: DeviceRow, parent: QWidget) -> StepDialog:
    """停用: which device, and from which day on."""
    place, today = desk.place, desk.place.today()
    dialog = StepDialog("停用设备", "停用", desk.jobs, parent)
    who = f"{row.name} {row.credential} · {row.office}"
    dialog.form.add_wide(TextLabel(who, parent=dialog))
    dialog.form.add_wide(HeadingLabel(row.fingerprint, "number", dialog))
    day = DateField(today if row.revoked_at is None else local_date(row.revoked_at), dialog)
    note = "丢失或收回的那一天；拿不准时选早的"
    dialog.add("从哪一天起不再相信", day, "since", note, lambda: since_problem(row, day.day(), today))
    told = CaptionLabel(since_text(row, day.day(), today), parent=dialog)
    told.setObjectName("since_text")
    dialog.form.add_wide(told)
    day.changed.connect(calling(_tell, told, row, day, today))
    dialog.prepare = lambda: partial(
        enrolment.revoke, place, device_id=row.device_id, since=since_of(row, day.day(), today)
    )
    return dialog


def _tell(told: CaptionLabel, row: DeviceRow, day: DateField, today: date) -> None:
    told.setText(since_text(row, day.day(), today))
