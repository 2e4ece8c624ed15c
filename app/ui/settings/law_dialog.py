"""查条款: the law of a day, found by any word; beside it the matter in every version that is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.law.citation import article_words
from app.law.provision import NO_MAXIMUM, Provision
from app.services import lawbook
from app.services.lawbook import LawRow
from app.services.workplace import Workplace
from app.ui.slots import calling
from app.ui.widgets import CaptionLabel, DateField, HeadingLabel, SearchField, SecondaryButton, TextLabel
from app.ui.widgets.buttons import explain
from app.ui.widgets.table import Column, PagedTable
from app.wording import joined, label

DETAIL_WIDTH: Final = 340
MARGIN: Final = 80
COLUMNS: Final = (
    Column[LawRow]("文件", "provision.document.short", 26),
    Column[LawRow]("条款", lambda row: article_words(row.provision.article) or row.provision.place, 18),
    Column[LawRow]("内容", "provision.duty", 0),
    Column[LawRow]("现状", lambda row: label("law_standing", row.standing), 12),
    Column[LawRow](
        "可信程度",
        lambda row: label("confidence", row.provision.confidence),
        20,
        tone=lambda row: "attention" if row.provision.needs_confirmation else None,
    ),
)


class LawDialog(QDialog):
    """Day and words above, the provisions that applied below them, the chosen matter at the right."""

    def __init__(self, place: Workplace, parent: QWidget) -> None:
        super().__init__(parent)
        self._place, self._behind = place, parent
        self._found: dict[str, LawRow] = {}
        self.setWindowTitle("查条款")
        self.day = DateField(place.today(), self)
        self.day.setAccessibleName("哪一天的法规")
        self.search = SearchField("搜索文件、条款、内容或罚则", self)
        self.list: PagedTable[LawRow] = PagedTable(COLUMNS, self._rows, parent=self)
        self.list.setAccessibleName("这一天适用的条款")
        self.count = CaptionLabel("", parent=self)
        self.detail = TextLabel(selectable=True, parent=self)
        self.detail.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.close_button = SecondaryButton("关闭", parent=self)
        explain(self.close_button, "关闭", "Esc")
        self._lay_out()
        self.day.changed.connect(calling(self.refresh))
        self.search.searched.connect(calling(self.refresh))
        self.list.chosen.connect(self._show_matter)
        self.close_button.clicked.connect(self.reject)
        self.refresh()

    def refresh(self) -> None:
        """List what applied on the day and holds the words."""
        rows = lawbook.provisions(self._place, on=self.day.day(), query=self.search.text())
        self._found = {row.provision.id: row for row in rows}
        self.list.set_ids(list(self._found))
        self.list.reload()
        self.count.setText(
            f"{self.day.day()} 适用或者可能适用的 {len(rows)} 条" if rows else "没有找到，换一个词"
        )
        if rows and self.list.current_id() is None:
            self.list.choose(rows[0].provision.id)
        self._show_matter(self.list.current_id() or "")

    def showEvent(self, event: QShowEvent) -> None:
        """Nearly as large as the window behind; begin with the words."""
        super().showEvent(event)
        room = self._behind.window().size()
        self.resize(max(640, room.width() - MARGIN), max(420, room.height() - MARGIN))
        self.search.setFocus()

    def _rows(self, ids: Sequence[str]) -> list[LawRow]:
        return [self._found[each] for each in ids]

    def _show_matter(self, provision_id: str) -> None:
        if not provision_id:
            self.detail.clear()
            return
        found = lawbook.matter(self._place, provision_id=provision_id, on=self.day.day())
        self.detail.setText("\n\n".join("\n".join(_lines(row)) for row in reversed(found)))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.search, 1)
        head.addWidget(self.day)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFixedWidth(DETAIL_WIDTH)
        scroll.setWidget(self.detail)
        scroll.setAccessibleName("选中的条款和它的各个版本")
        middle = QHBoxLayout()
        middle.setSpacing(16)
        middle.addWidget(self.list, 1)
        middle.addWidget(scroll)
        foot = QHBoxLayout()
        foot.addWidget(self.count, 1)
        foot.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(HeadingLabel(self.windowTitle(), "title", self))
        for part in (head, middle, foot):
            column.addLayout(part, int(part is middle))


def _lines(row: LawRow) -> Iterator[str]:
    """A version in full: whether it applied, what it says, how sure that is."""
    found, document = row.provision, row.provision.document
    yield f"{'适用' if row.applies else '不适用'}：{row.citation}"
    since = document.effective_from or document.adopted
    until = f"，至 {document.effective_to}" if document.effective_to else ""
    yield f"{label('law_standing', row.standing)}（{since or '起始日待核'}起{until}）"
    yield found.duty
    whose = joined("names", (label("obliged", each) for each in found.binds))
    yield label("provision_kind", found.kind) + (f"（{whose}）" if whose else "")
    if found.penalty:
        yield f"罚则：{found.penalty}"
    if found.fines(None):
        yield f"罚款：{_range(found)}"
    yield label("confidence", found.confidence) + f"；来源：{document.source}"
    yield f"{document.version}" + (f"；{document.note}" if document.note else "")


def _range(found: Provision) -> str:
    low, high = found.fines(None)[0]
    text = f"{low // 100} 元以上" if high == NO_MAXIMUM else f"{low // 100} 元至 {high // 100} 元"
    if found.small_goods_fen is None:
        return text
    return f"{text}；货值不足 {found.small_goods_fen // 100} 元的不超过货值 {found.small_goods_times} 倍"
