"""证据: the gallery of a visit with its steps; every step by key, click and touch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QHideEvent,
    QImage,
    QKeyEvent,
    QKeySequence,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from app.services import evidence
from app.services.evidence import EvidenceRow
from app.ui.chooser import Chooser
from app.ui.evidence import words
from app.ui.evidence.camera import find_camera
from app.ui.evidence.deeds import Deeds
from app.ui.evidence.details import Details
from app.ui.evidence.editor import Editor, drawn_of
from app.ui.evidence.gallery import Gallery
from app.ui.evidence.given import given_by
from app.ui.evidence.intake import Intake
from app.ui.evidence.sources import FindCamera, Sources
from app.ui.evidence.thumbs import Thumbs
from app.ui.evidence.tile import PICTURE
from app.ui.evidence.viewer import Viewer
from app.ui.jobs import Jobs
from app.ui.slots import calling
from app.ui.visit.work import VisitWork
from app.ui.widgets import (
    Banner,
    CaptionLabel,
    Card,
    EmptyState,
    PlainButton,
    SecondaryButton,
    WorkingLine,
    asked,
)
from app.ui.widgets.photos import choose_files

ChooseFiles = Callable[[QWidget], Sequence[Path]]
Ask = Callable[[str, str, str, QWidget], bool]

DETAILS_WIDTH: Final = 308
THUMB_BOX: Final = 2 * PICTURE.width()
EMPTY: Final = (
    "按 P 选文件，K 打开相机，S 收扫描件；也可以把文件拖到这里，或按 Ctrl+V 粘贴。"
    "照片和扫描件按原样加密保存，长的录音录像只登记校验值和存放处。"
)


class EvidencePanel(QWidget):
    """All evidence of one visit. ``closed`` leads back to the items; ``item_chosen`` to one of them."""

    closed = Signal()
    item_chosen = Signal(str)
    told = Signal(str)
    editing_changed = Signal()

    def __init__(
        self,
        work: VisitWork,
        jobs: Jobs,
        intake: Intake,
        choose: ChooseFiles = choose_files,
        parent: QWidget | None = None,
        *,
        ask: Ask = asked,
        find: FindCamera = find_camera,
        chooser: Chooser | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("evidence_panel")
        self.setAcceptDrops(True)
        self._work, self._intake, self._choose = work, intake, choose
        self._item = self._shown = ""
        self._next = ""  # a copy that was just stored; the list goes to it when it is read again
        self.thumbs = Thumbs(work.place, jobs, THUMB_BOX, self)
        chooser = chooser or Chooser()
        self.deeds = Deeds(work, jobs, chooser, self)
        self.sources = Sources(work.place, jobs, chooser, self, find)
        self.gallery = Gallery(self.thumbs, self)
        self.viewer = Viewer(work.place, jobs, self)
        self.editor = Editor(work.place, jobs, ask, self)
        self.details = Details(self._store_text, self)
        self._make_bar()
        self._lay_out()
        self._connect()

    def _make_bar(self) -> None:
        self.add = SecondaryButton("添加文件", "P", self, icon="add")
        self.shoot = SecondaryButton("拍照", "K", self, icon="evidence")
        self.scan = SecondaryButton("扫描文件夹", "S", self, icon="scanner")
        self.back = PlainButton("回到检查项", "", self)
        self.back.setToolTip("回到检查项（Esc）")
        for button, name in (
            (self.add, "add_photo"), (self.shoot, "open_camera"), (self.scan, "open_scanner"), (self.back, "back_to_items"),
        ):  # fmt: skip
            button.setObjectName(name)
        self.shoot.setToolTip("打开系统的相机程序（K）；拍好的照片在这里提示收入")
        self.add.setToolTip("添加文件（P）；也可拖入，或粘贴（Ctrl+V）")
        self.count = CaptionLabel("", parent=self)
        self.banner = Banner(self)
        self.working = WorkingLine(self)
        self._empty = EmptyState("还没有证据", EMPTY, icon="photo")

    # ---- what the screen asks of it

    def open(self, item: str = "") -> None:
        """Show all evidence; ``item`` is what new pieces will belong to."""
        self._item = item
        self.refresh()
        self.focus_first()

    def focus_first(self) -> None:
        """Wait where the next key belongs."""
        page = self._pages.currentWidget()
        (self.editor.canvas if page is self.editor else self._left.currentWidget()).setFocus()

    def refresh(self) -> None:
        """Read the list anew."""
        sheet = self._work.sheet
        if sheet is None:
            return
        if self._shown != sheet.header.id:
            self._begin_visit(sheet.header.id)
        rows = evidence.rows(self._work.place, inspection_id=sheet.header.id)
        items = [(row.id, row.number) for section in sheet.sections for row in section.items]
        offered = [
            (row.id, f"{row.number} {row.text}") for section in sheet.sections for row in section.items
        ]
        self.details.offer_items(offered)
        self.gallery.show_rows(rows, dict(items))
        if self._next:
            self.gallery.go(self._next)
            self._next = ""
        editable = self._work.editable
        for button in (self.add, self.shoot, self.scan):
            button.setEnabled(editable)
        self._stack.setCurrentWidget(self._left if rows else self._empty)
        self._follow()
        self._watch()

    def flush(self) -> bool:
        """Store what is being typed; marks that were drawn become their copy, beside the window."""
        if not self.details.flush():
            return False
        if self.editor.is_busy():
            self._keep_copy(*self.editor.held())
        return True

    def editing(self) -> bool:
        """Whether a copy is being marked; its own steps come first then."""
        return self._pages.currentWidget() is self.editor and self.isVisible()

    def _begin_visit(self, inspection_id: str) -> None:
        """Nothing of the former visit stays: one panel serves them all."""
        self._shown = inspection_id
        self.sources.end()
        self.editor.close_picture()
        self._pages.setCurrentWidget(self._main)
        self._left.setCurrentWidget(self.gallery)
        self.gallery.clearSelection()
        self.banner.hide()

    # ---- coming in

    def add_files(self) -> None:
        """Ask for files."""
        if self._work.editable:
            self._intake.take(self._item, self._choose(self))

    def paste(self) -> None:
        """Take files or a picture from the clipboard."""
        if self._work.editable and not self._take(*given_by(QGuiApplication.clipboard().mimeData())):
            self.told.emit("剪贴板里没有图片或文件")

    def _take(self, files: Sequence[Path], picture: QImage) -> bool:
        if files:
            self._intake.take(self._item, files)
        elif not picture.isNull():
            self._intake.take_picture(self._item, picture)
        return bool(files) or not picture.isNull()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome files and pictures."""
        if self._work.editable and (event.mimeData().hasUrls() or event.mimeData().hasImage()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take what was dropped."""
        if self._take(*given_by(event.mimeData())):
            event.acceptProposedAction()

    def _take_offered(self, files: list[Path], clear: bool) -> None:
        self._intake.take(self._item, files, clear=clear)

    def _watch(self) -> None:
        sheet = self._work.sheet
        if sheet is not None and self._work.editable and self.isVisible():
            self.sources.begin(sheet.header.started_at.timestamp())

    def showEvent(self, event: QShowEvent) -> None:
        """Look out for scans and photos while this is in view."""
        super().showEvent(event)
        self._watch()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest."""
        super().hideEvent(event)
        self.sources.rest()

    def _tell_waiting(self) -> None:
        scans, shots = self.sources.waiting()
        told = [f"扫描文件夹有 {scans} 个新文件"] if scans else []
        told += [f"相机新拍了 {shots} 张"] if shots else []
        self.scan.say(f"扫描文件夹 {scans}" if scans else "扫描文件夹")
        if told:
            self.banner.say("；".join(told), "看过再收，不会自动收入。", "accent", "看一看")
        elif self.banner.isVisible():
            self.banner.hide()

    # ---- steps on the chosen pieces

    def _store_text(self, field: str, keys: tuple[str, ...], text: str) -> bool:
        rows = [row for row in self.gallery.rows() if row.key in keys]
        if field == "kept_at":
            return self.deeds.describe("存放处", rows, kept_at=text)
        return self.deeds.describe("说明", rows, caption=text)

    def _link(self, item: str) -> None:
        self.deeds.describe("检查项", self.gallery.targets(), item=item)

    def turn(self, degrees: int) -> None:
        """Turn the chosen pieces."""
        if self._work.editable:
            self.deeds.describe("旋转", [row for row in self.gallery.targets() if row.pictured], turn=degrees)

    def remove(self) -> None:
        """Take the chosen pieces out."""
        if self.flush():
            self.deeds.remove(self.gallery.targets())

    def _tell_removed(self, count: int) -> None:
        self.banner.say(f"已移出 {count} 件", "日志保留它们的校验值；按 Ctrl+Z 放回。", "neutral", "放回")

    def undo(self) -> None:
        """Take the last step on evidence back."""
        if self.flush():
            self.banner.hide()
            self.deeds.undo()

    def redo(self) -> None:
        """Do again what was taken back."""
        if self.flush():
            self.deeds.redo()

    def mark(self) -> None:
        """Begin a marked copy of the current picture."""
        if self.details.mark.isEnabled() and (row := self._single()) is not None:
            self._pages.setCurrentWidget(self.editor)
            self.editor.open(row)
            self.editor.canvas.setFocus()
            self.editing_changed.emit()

    def _single(self) -> EvidenceRow | None:
        targets = self.gallery.targets()
        return targets[0] if len(targets) == 1 else None

    def _keep_copy(self, key: str, drawn: object) -> None:
        self.editor.hand_on()
        self.deeds.copy(key, drawn_of(drawn))

    def _copied(self, key: str, copy: str) -> None:
        self._next = copy
        # The editor may show another picture by now, whose marks are not to be put away.
        if self.editor.handed_on() == key:
            self.editor.close_picture()
            self.gallery.clearSelection()
            self._close_editor()

    def _close_editor(self) -> None:
        self._pages.setCurrentWidget(self._main)
        if self.isVisible():
            self.focus_first()
        self.editing_changed.emit()

    def _save_original(self) -> None:
        if (row := self._single()) is not None and row.sha256:
            self.deeds.save_original(row)

    def _verify(self) -> None:
        if (row := self._single()) is not None and row.outside_sha256:
            self.deeds.verify(row)

    def _go_to(self, key: str) -> None:
        self.gallery.go(key)

    # ---- showing

    def _follow(self) -> None:
        """Show beside the gallery, and large, what is current or chosen."""
        sheet, rows = self._work.sheet, self.gallery.rows()
        if sheet is None:
            return
        names = {row.key: f"{number} {words.title(row)}" for number, row in enumerate(rows, 1)}
        targets = self.gallery.targets()
        self.details.show_rows(targets, names, sheet.header.started_at, editable=self._work.editable)
        chosen = len(self.gallery.chosen_keys())
        self.count.setText(
            f"{len(rows)} 件　选中 {chosen} 件" if chosen else f"{len(rows)} 件" if rows else ""
        )
        if self._left.currentWidget() is self.viewer:
            self._show_large()

    def open_large(self, key: str = "") -> None:
        """Show a piece large."""
        if key:
            self.gallery.go(key)
        if self.gallery.current_key():
            self._left.setCurrentWidget(self.viewer)
            self._show_large()
            self.viewer.setFocus()

    def _show_large(self) -> None:
        rows, line = self.gallery.rows(), self.gallery.currentIndex().row()
        row = self.gallery.current_row()
        near = tuple(rows[at] for at in (line + 1, line - 1) if 0 <= at < len(rows))
        self.viewer.show_row(row, line + 1, len(rows), near)

    def show_all(self) -> None:
        """Back from the large picture to the gallery."""
        self._left.setCurrentWidget(self.gallery)
        self.gallery.setFocus()

    def _show_original(self, key: str) -> None:
        self.gallery.clearSelection()
        self.gallery.go(key)

    def _go_item(self) -> None:
        row = self.gallery.current_row()
        if row is not None and row.item and self.flush():
            self.item_chosen.emit(row.item)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+V, Ctrl+Z and Ctrl+Y; Esc leads back step by step."""
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif event.matches(QKeySequence.StandardKey.Undo):
            self.undo()
        elif event.matches(QKeySequence.StandardKey.Redo):
            self.redo()
        elif event.key() == Qt.Key.Key_Escape:
            self._escape()
        else:
            super().keyPressEvent(event)

    def _escape(self) -> None:
        if not (self.gallery.hasFocus() or self.viewer.hasFocus()) and self.gallery.rows():
            self.flush()
            self.focus_first()
        else:
            self.leave()

    def leave(self) -> None:
        """Back to the items."""
        if self.flush():
            self.closed.emit()

    def _show_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        steps = self.details
        for button in (steps.enlarge, steps.mark, steps.turn_left, steps.turn, steps.save_as, steps.remove):
            action = menu.addAction(button.toolTip() or button.text())
            action.setEnabled(button.isEnabled())
            action.triggered.connect(calling(button.click))
        row = self.gallery.current_row()
        if row is not None and row.item:
            menu.addAction("去它的检查项（G）").triggered.connect(calling(self._go_item))
        menu.popup(at)

    # ---- wiring

    def _connect(self) -> None:
        self.add.clicked.connect(calling(self.add_files))
        self.shoot.clicked.connect(calling(self.sources.open_camera))
        self.scan.clicked.connect(calling(self.sources.open_scanner))
        self.back.clicked.connect(calling(self.leave))
        self.gallery.moved.connect(self._follow)
        self.gallery.opened.connect(self.open_large)
        self.gallery.menu_asked.connect(self._show_menu)
        self.viewer.stepped.connect(self.gallery.step)
        self.viewer.closed.connect(self.show_all)
        self.viewer.ticked.connect(self.gallery.toggle_current)
        self.editor.kept.connect(self._keep_copy)
        self.editor.closed.connect(self._close_editor)
        self.editor.failed.connect(self._work.refused)
        self.banner.acted.connect(self._act)
        self.sources.waiting_changed.connect(self._tell_waiting)
        self.sources.taken.connect(self._take_offered)
        self.sources.refused.connect(self._work.refused)
        self._intake.began.connect(self._show_work)
        self._intake.ended.connect(self.working.finish)
        self._intake.came.connect(self._show_new)
        self._connect_deeds()
        self._connect_details()
        for key, step in (("C", self._edit_caption), ("L", self._edit_link), ("G", self._go_item)):
            QShortcut(QKeySequence(key), self._main).activated.connect(step)

    def _connect_deeds(self) -> None:
        deeds = self.deeds
        deeds.removed.connect(self._tell_removed)
        deeds.wanted.connect(self._go_to)
        deeds.copied.connect(self._copied)
        deeds.not_copied.connect(self.editor.take_back)
        deeds.looked.connect(self.details.show_state)
        deeds.told.connect(self.told)

    def _connect_details(self) -> None:
        details = self.details
        details.linked.connect(self._link)
        details.opened.connect(calling(self.open_large))
        details.marked.connect(self.mark)
        details.turned.connect(self.turn)
        details.removed.connect(self.remove)
        details.saved.connect(self._save_original)
        details.verified.connect(self._verify)
        details.original_asked.connect(self._show_original)
        details.caption.returnPressed.connect(self.focus_first)

    def _act(self) -> None:
        if any(self.sources.waiting()):
            self.sources.offer()
        else:
            self.undo()

    def _show_work(self, ticket: object, text: str) -> None:
        self.working.start(text, ticket)  # type: ignore[arg-type]  # a signal carries plain objects

    def _show_new(self, keys: tuple[str, ...]) -> None:
        self.gallery.go(keys[0])

    def _edit_caption(self) -> None:
        self.details.caption.setFocus()
        self.details.caption.selectAll()

    def _edit_link(self) -> None:
        link = self.details.link
        if link.isEnabled() and link.isVisible():  # Qt would open the list all the same, and no key reach it
            link.setFocus()
            link.showPopup()

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setSpacing(8)
        for button in (self.add, self.shoot, self.scan):
            bar.addWidget(button)
        bar.addSpacing(8)
        bar.addWidget(self.count, 1)
        bar.addWidget(self.back)
        self._left = QStackedWidget(self)
        self._left.addWidget(self.gallery)
        self._left.addWidget(self.viewer)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self._left)
        self._stack.addWidget(self._empty)
        for pages in (self._left, self._stack):
            pages.setObjectName("clear")
        card = Card(parent=self)
        card.body.setContentsMargins(6, 6, 6, 6)
        card.body.addWidget(self._stack)
        self.details.setFixedWidth(DETAILS_WIDTH)
        middle = QHBoxLayout()
        middle.setSpacing(14)
        middle.addWidget(card, 1)
        middle.addWidget(self.details)
        self._main = QWidget(self)
        column = QVBoxLayout(self._main)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(bar)
        column.addWidget(self.banner)
        column.addWidget(self.working)
        column.addLayout(middle, 1)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self._main)
        self._pages.addWidget(self.editor)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages)
