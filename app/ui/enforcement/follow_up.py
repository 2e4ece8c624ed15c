"""登记复查: what the re-inspection found, with photos from before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.errors import ChayanError, Problem
from app.planning.workdays import add_working_days
from app.services import enforcing, evidence
from app.services.enforcing import OrderRow
from app.services.evidence import Link
from app.services.workplace import Changes, Workplace
from app.ui.enforcement.pictures import Picture, read, stored
from app.ui.steps import ChoiceBox, LinesField, Step, StepDialog
from app.ui.widgets import CaptionLabel, DateField, PhotoStrip, Thumb
from app.ui.widgets.photos import ChooseFiles, choose_files
from app.vocabulary import FollowUpResult
from app.wording import labels

if TYPE_CHECKING:
    from app.ui.screens import Desk

EXTENSION_DAYS = 10


@dataclass(frozen=True, slots=True)
class FollowedUp:
    """What was stored, and what of the photos was refused."""

    changes: Changes
    problems: tuple[Problem, ...]
    order_key: str = ""
    escalated: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    """What the form says about the re-inspection."""

    on: date
    result: FollowUpResult
    note: str
    new_due_on: date | None


class FollowUpForm(StepDialog):
    """复查: passed closes the order, failed turns it into a case, extended moves its date."""

    def __init__(
        self,
        desk: Desk,
        order: OrderRow,
        items: Sequence[str],
        parent: QWidget,
        choose: ChooseFiles = choose_files,
    ) -> None:
        super().__init__(f"登记复查 {order.number}", "登记复查", desk.jobs, parent)
        self.setMinimumWidth(860)
        self._desk, self._order = desk, order
        self._pictures: dict[str, Picture] = {}
        self._taken = 0
        place = desk.place
        self.on = DateField(place.today(), self)
        self.add("复查日期", self.on, "on")
        self.outcome = ChoiceBox(labels("follow_up_result"), FollowUpResult.PASSED, self)
        self._outcome_row = self.add("复查结果", self.outcome, "result")
        later = add_working_days(
            max(place.today(), order.due_on or place.today()), EXTENSION_DAYS, enforcing.extra_days(place)
        )
        self.new_due_on = DateField(later.on, self)
        self._due_row = self.add("延至", self.new_due_on, "new_due_on", check=self._due_problem)
        self.note = LinesField(3, parent=self)
        self.add("复查情况", self.note, "note", check=self._note_problem)
        self._add_photos(items, choose)
        self.outcome.currentIndexChanged.connect(self._explain)
        self.prepare = self._step
        self._explain()

    def _add_photos(self, items: Sequence[str], choose: ChooseFiles) -> None:
        before = [row for row in self._evidence() if row.item in items or row.finding_key]
        strip: PhotoStrip | None = None
        if before:
            strip = PhotoStrip(add_key="", parent=self)
            strip.add_button.hide()
            strip.setAcceptDrops(False)
            strip.setObjectName("before")
            strip.show_photos([Thumb(row.key, row.caption or row.file_name, b"") for row in before])
            self._show_before(strip, before)
        self.after = PhotoStrip("Ctrl+O", choose, self)
        self.after.setObjectName("after")
        self.form.add_wide(self._side_by_side(strip))
        self.after.files_given.connect(self.take_files)
        self.after.picture_given.connect(self.take_pasted)
        self.after.removal_asked.connect(self._remove)

    def _side_by_side(self, before: PhotoStrip | None) -> QWidget:
        """What was found at the left, what is found now at the right."""
        both = QWidget(self)
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        for words, strip in (("整改前", before), ("整改后：拖入、粘贴，或按 Ctrl+O 选文件", self.after)):
            column = QVBoxLayout()
            column.setSpacing(4)
            column.addWidget(CaptionLabel(words, parent=both))
            column.addWidget(strip or CaptionLabel("检查时没有拍照", parent=both))
            column.addStretch(1)
            row.addLayout(column, 1)
        return both

    def _show_before(self, strip: PhotoStrip, before: Sequence[evidence.EvidenceRow]) -> None:
        for row in before:
            work, done = partial(stored, self._desk.place, row.sha256), partial(strip.show_picture, row.key)
            self._desk.jobs.run(work, done, self._missing, self, lane="files")

    def _missing(self, _error: ChayanError) -> None:
        """One that does not open stays shown as missing; 体检 reports the original."""

    def take_files(self, paths: Sequence[Path]) -> None:
        """Take picture files for after the rectification; what is no picture is refused when it was read."""
        for path in paths:
            self._take(Picture(path.name, path))

    def take_pasted(self, image: QImage) -> None:
        """Take a picture from the clipboard."""
        self._take(Picture("粘贴.png", image))

    def _take(self, picture: Picture) -> None:
        self._taken += 1
        key = f"{self._taken}-{picture.name}"
        self._pictures[key] = picture
        self._show_pictures()
        done, refused = partial(self._came, key), partial(self._refused, key)
        self._desk.jobs.run(partial(read, picture), done, refused, self, lane="files")

    def _came(self, key: str, picture: Picture) -> None:
        if key in self._pictures and picture.small is not None:
            self._pictures[key] = picture
            self.after.show_picture(key, picture.small)

    def _refused(self, key: str, error: ChayanError) -> None:
        self.banner.show_problem(error)
        self._remove(key)

    def _remove(self, key: str) -> None:
        if self._pictures.pop(key, None) is not None:
            self._show_pictures()

    def _show_pictures(self) -> None:
        self.after.show_photos(
            [Thumb(key, each.name, each.small or b"") for key, each in self._pictures.items()]
        )

    def _evidence(self) -> tuple[evidence.EvidenceRow, ...]:
        rows = evidence.rows(self._desk.place, inspection_id=self._order.inspection_id)
        return tuple(row for row in rows if row.media_type.startswith("image/") and not row.follow_up_key)

    def _explain(self) -> None:
        result = self.outcome.word()
        self._due_row.set_visible(result == FollowUpResult.EXTENDED)
        self._outcome_row.explain(
            {
                FollowUpResult.PASSED: "通知书就此闭环",
                FollowUpResult.FAILED: "通知书转为案件，存盘后接着登记线索",
                FollowUpResult.EXTENDED: "期限改到新的一天，之后再复查",
            }[FollowUpResult(result)]
        )

    def _due_problem(self) -> str:
        extended = self.outcome.word() == FollowUpResult.EXTENDED
        late = self.new_due_on.day() > self._desk.place.today()
        return "" if not extended or late else "新的期限须在今天以后"

    def _note_problem(self) -> str:
        passed = self.outcome.word() == FollowUpResult.PASSED
        return "" if passed or self.note.text() else "写明复查看到什么"

    def _step(self) -> Step:
        result = FollowUpResult(self.outcome.word())
        until = self.new_due_on.day() if result is FollowUpResult.EXTENDED else None
        found = _Found(self.on.day(), result, self.note.text(), until)
        return partial(_store, self._desk.place, self._order, found, tuple(self._pictures.values()))


def _store(place: Workplace, order: OrderRow, found: _Found, pictures: Sequence[Picture]) -> FollowedUp:
    """Note the re-inspection, then its photos: a photo that fails does not undo what was found."""
    done = enforcing.follow_up(
        place,
        inspection_id=order.inspection_id,
        order_key=order.key,
        on=found.on,
        result=found.result,
        note=found.note,
        new_due_on=found.new_due_on,
    )
    problems = []
    for picture in pictures:
        try:
            added = evidence.add_photo_bytes(
                place,
                inspection_id=order.inspection_id,
                data=picture.bytes(),
                file_name=picture.name,
                link=Link(follow_up_key=done.key),
            )
        except ChayanError as error:
            problems.append(error.problem)
        else:
            problems += added.problems
    return FollowedUp(done.changes, tuple(problems), order.key, found.result is FollowUpResult.FAILED)
