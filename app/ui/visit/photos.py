"""证据: every photo of the visit, with its caption, its item, its hash and time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from app.clock import LOCAL
from app.services import evidence, evidence_removal
from app.services.evidence import EvidenceRow, Link
from app.ui.blocks import scrolling
from app.ui.jobs import Jobs
from app.ui.slots import calling
from app.ui.visit.fieldset import ChoiceField, FieldSet
from app.ui.visit.work import VisitWork
from app.ui.widgets import (
    CaptionLabel,
    Card,
    EmptyState,
    HeadingLabel,
    PhotoStrip,
    PlainButton,
    SecondaryButton,
    Thumb,
    asked,
)
from app.ui.widgets.photos import choose_files, decoded

THUMB_BOX: Final = 224
LARGE_BOX: Final = 1600

ChooseFiles = Callable[[QWidget], Sequence[Path]]
Ask = Callable[[str, str, str, QWidget], bool]


class Picture(QLabel):
    """A picture as large as there is room, never larger than it is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.setMinimumSize(160, 120)
        self._whole = QPixmap()

    def show_picture(self, data: bytes) -> None:
        """Show encoded bytes; nothing for empty ones."""
        self._whole = QPixmap.fromImage(decoded(data, QSize(LARGE_BOX, LARGE_BOX))) if data else QPixmap()
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the picture anew."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        if self._whole.isNull():
            self.clear()
            return
        ratio = self.devicePixelRatioF()
        room = (self.size() * ratio).boundedTo(self._whole.size())
        smooth = Qt.TransformationMode.SmoothTransformation
        shown = self._whole.scaled(room, Qt.AspectRatioMode.KeepAspectRatio, smooth)
        shown.setDevicePixelRatio(ratio)
        self.setPixmap(shown)


class EvidencePanel(QWidget):
    """All photos of one visit. ``closed`` leads back to the items; ``item_chosen`` to one of them."""

    closed = Signal()
    item_chosen = Signal(str)
    files_given = Signal(str, list)
    picture_given = Signal(str, bytes)

    def __init__(
        self,
        work: VisitWork,
        jobs: Jobs,
        choose: ChooseFiles = choose_files,
        ask: Ask = asked,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("evidence_panel")
        self._work, self._jobs, self._ask = work, jobs, ask
        self._rows: dict[str, EvidenceRow] = {}
        self._thumbs: dict[tuple[str, int], bytes] = {}
        self._item = ""
        self.strip = PhotoStrip("P", choose, self)
        self.picture = Picture(self)
        self.caption = QLineEdit(self)
        self.caption.setObjectName("photo_caption")
        self.caption.setPlaceholderText("拍的是什么")
        self.link = ChoiceField({}, "整次检查", self)
        self.link.setObjectName("photo_item")
        self.turn = SecondaryButton("旋转", "R", self)
        self.remove = PlainButton("移出", "Ctrl+Backspace", self)
        self._facts = CaptionLabel(parent=self)
        self._empty = EmptyState(
            "还没有照片", "在检查项上按 P 添加，或把照片拖到这里；拍到的原件按原样加密保存。", icon="photo"
        )
        self._details = Card(parent=self)
        self._fields = FieldSet(self._save, self)
        self._lay_out()
        self._connect()

    def open(self, item: str = "") -> None:
        """Show all photos; ``item`` is what new ones will belong to."""
        self._item = item
        self.refresh()
        self.strip.setFocus()

    def refresh(self) -> None:
        """Read the list anew and ask for the small pictures that are not here yet."""
        if not self._work.inspection_id:
            return
        rows = evidence.rows(self._work.place, inspection_id=self._work.inspection_id)
        self._rows = {row.key: row for row in rows}
        self._fill_links()
        self._show_strip()
        for row in rows:
            if (row.sha256, row.rotation) not in self._thumbs:
                self._thumbs[row.sha256, row.rotation] = b""
                self._fetch(row, THUMB_BOX, partial(self._thumb_ready, row))
        if self.strip.current_id() is None and rows:
            self.strip.choose(rows[-1].key)
        self._show_current()

    def flush(self) -> bool:
        """Store the caption being typed."""
        return self._fields.saver.flush()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leads back to the items."""
        if event.key() == Qt.Key.Key_Escape and self.flush():
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        back = PlainButton("回到检查项", "Esc", self)
        back.clicked.connect(self.closed)
        head = QHBoxLayout()
        head.addWidget(HeadingLabel("照片", "card", self), 1)
        head.addWidget(back)
        inside = QWidget(self)
        body = QVBoxLayout(inside)
        body.setContentsMargins(0, 0, 0, 0)
        for name, field in (("说明", self.caption), ("属于", self.link)):
            field.setAccessibleName(name)
            body.addWidget(CaptionLabel(name, parent=self))
            body.addWidget(field)
        self.link.setSizeAdjustPolicy(ChoiceField.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.link.setMinimumContentsLength(8)
        steps = QHBoxLayout()
        steps.addWidget(self.turn, 1)
        steps.addWidget(self.remove)
        body.addLayout(steps)
        body.addWidget(self._facts)
        body.addStretch(1)
        scroll = scrolling(inside)
        self._details.body.addWidget(scroll)
        self._details.setFixedWidth(264)
        middle = QHBoxLayout()
        middle.setSpacing(14)
        middle.addWidget(self.picture, 1)
        middle.addWidget(self._empty, 1)
        middle.addWidget(self._details)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(head)
        column.addLayout(middle, 1)
        column.addWidget(self.strip)

    def _connect(self) -> None:
        self._fields.add("caption", self.caption)
        self.strip.files_given.connect(self._give_files)
        self.strip.picture_given.connect(self._give_picture)
        self.strip.chosen.connect(calling(self._show_current))
        self.strip.opened.connect(self._open_item)
        self.strip.removal_asked.connect(calling(self._remove))
        self.link.chosen.connect(self._set_link)
        self.turn.clicked.connect(self._turn)
        self.remove.clicked.connect(self._remove)

    def _give_files(self, files: list[Path]) -> None:
        self.files_given.emit(self._item, files)

    def _give_picture(self, data: bytes) -> None:
        self.picture_given.emit(self._item, data)

    def _current(self) -> EvidenceRow | None:
        return self._rows.get(self.strip.current_id() or "")

    def _show_strip(self) -> None:
        self.strip.show_photos(
            [
                Thumb(row.key, row.caption or _words(row), self._thumbs.get((row.sha256, row.rotation), b""))
                for row in self._rows.values()
            ]
        )

    def _show_current(self) -> None:
        row = self._current()
        self._empty.setVisible(not self._rows)
        self.picture.setVisible(bool(self._rows))
        self._details.setVisible(row is not None)
        editable = self._work.editable
        self.strip.add_button.setEnabled(editable)
        for part in (self.link, self.turn, self.remove):
            part.setEnabled(editable)
        if row is None:
            self.picture.show_picture(b"")
            return
        self._fields.show_values({"caption": row.caption}, editable=editable)
        self.link.set_word(row.item)
        self._facts.setText(facts(row))
        self._fetch(row, LARGE_BOX, partial(self._large_ready, row.key))

    def _fetch(self, row: EvidenceRow, box: int, done: Callable[[bytes], None]) -> None:
        place = self._work.place
        self._jobs.run(
            lambda: evidence.preview(place, sha256=row.sha256, box=box, rotation=row.rotation),
            done, None, self, lane="files",
        )  # fmt: skip

    def _thumb_ready(self, row: EvidenceRow, data: bytes) -> None:
        self._thumbs[row.sha256, row.rotation] = data
        self._show_strip()

    def _large_ready(self, key: str, data: bytes) -> None:
        if self.strip.current_id() == key:
            self.picture.show_picture(data)

    def _fill_links(self) -> None:
        sheet = self._work.sheet
        self.link.clear()
        self.link.addItem("整次检查", "")
        for section in sheet.sections if sheet else ():
            for row in section.items:
                self.link.addItem(f"{row.number} {row.text}", row.id)

    def _save(self, _name: str, value: object) -> bool:
        row = self._current()
        return row is None or self._describe(row.key, caption=str(value))

    def _set_link(self, item: str) -> None:
        row = self._current()
        if row is not None:
            self._describe(row.key, link=Link(item, row.finding_key, row.follow_up_key))

    def _turn(self) -> None:
        row = self._current()
        if row is not None:
            self._describe(row.key, rotation=row.rotation + 90)

    def _describe(
        self, key: str, *, caption: str | None = None, link: Link | None = None, rotation: int | None = None
    ) -> bool:
        return self._work.do(
            lambda: evidence.describe(
                self._work.place,
                inspection_id=self._work.inspection_id,
                key=key,
                caption=caption,
                link=link,
                rotation=rotation,
            )
        )

    def _remove(self) -> None:
        row = self._current()
        if row is None or not self._work.editable:
            return
        if self._ask("移出这张照片？", "记录里不再有它；日志保留它的校验值。", "移出", self):
            self._work.do(
                lambda: (
                    evidence_removal.remove(
                        self._work.place, inspection_id=self._work.inspection_id, keys=[row.key]
                    ).changes
                )
            )

    def _open_item(self, key: str) -> None:
        row = self._rows.get(key)
        if row is not None and row.item:
            self.item_chosen.emit(row.item)


def _words(row: EvidenceRow) -> str:
    return f"{row.item} {row.file_name}".strip()


def facts(row: EvidenceRow) -> str:
    """What is known about a file: name, size, times, hash."""
    taken = row.taken_at.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M:%S")
    lines = [row.file_name, f"{row.size / 1024:,.0f} KB", f"收入 {taken} {row.taken_by}"]
    if row.captured_at is not None:
        lines.insert(2, f"拍摄 {row.captured_at.astimezone(LOCAL).strftime('%Y-%m-%d %H:%M:%S')}")
    # In groups, so that it can be read aloud and wraps in a narrow column.
    groups = " ".join(row.sha256[start : start + 8] for start in range(0, 64, 8))
    return "\n".join([*lines, f"SHA-256 {groups}"])
