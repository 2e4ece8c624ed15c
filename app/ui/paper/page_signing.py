"""逐页签名: who signs sees one page, signs it, and goes on to the next; each signature is stored by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.errors import ChayanError
from app.services import page_signing
from app.services.page_signing import PageLine, PageSigner, PagesToSign
from app.services.workplace import Changes
from app.ui.slots import calling
from app.ui.visit.lines import clock_text
from app.ui.widgets import HeadingLabel, PdfView, PlainButton, PrimaryButton, SecondaryButton, SignerPane
from app.ui.widgets.pdf import FormPages
from app.wording import label, sentence

if TYPE_CHECKING:
    from app.ui.screens import Desk

PAGE_WIDTH: Final = 520
PANE_WIDTH: Final = 420
SIZE: Final = (1100, 640)
"""Where the window behind has the room for it."""
MARGIN: Final = 16


class OnePage(FormPages):
    """Shows one page of a file as if it were the whole."""

    def __init__(self) -> None:
        super().__init__()
        self.number = 1

    def sizes(self, pdf: bytes) -> Sequence[tuple[float, float]]:
        """The size of that page."""
        return super().sizes(pdf)[self.number - 1 : self.number]

    def image(self, pdf: bytes, page: int, scale: float) -> tuple[int, int, bytes]:
        """The picture of that page."""
        return super().image(pdf, page + self.number - 1, scale)


class PageSigningDialog(QDialog):
    """Takes the signatures of a paper; ``stored`` carries the changes of each."""

    stored = Signal(object)

    def __init__(self, desk: Desk, inspection_id: str, paper: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page_signing")
        self.setWindowTitle("逐页签名")
        self._desk, self._inspection_id, self._paper = desk, inspection_id, paper
        self.pages: PagesToSign | None = None
        self.page = 1
        self._busy = False
        self._source = OnePage()
        self.heading = HeadingLabel("", "title", self)
        self.view = PdfView(desk.jobs, self._source, self)
        self.back = SecondaryButton("上一页", "PgUp", self)
        self.on = SecondaryButton("下一页", "PgDown", self)
        self.list = QListWidget(self)
        self.list.setObjectName("page_signers")
        self.list.setAccessibleName("签名人")
        self.pane = SignerPane(self)
        self.clear = PlainButton("清空", "Delete", self)
        self.close_button = SecondaryButton("关闭", "Esc", self)
        self.button = PrimaryButton("签这一页", "Ctrl+Return", self)
        self.button.setObjectName("store_page_signature")
        self._lay_out()
        self._connect()

    def ask(self) -> None:
        """Read the pages beside the window and open; what stands in the way is said in the dialog."""
        self.open()
        self._read("")

    def showEvent(self, event: QShowEvent) -> None:
        """Stay within the window behind."""
        super().showEvent(event)
        if (behind := self.parentWidget()) is not None:
            room = behind.window().size()
            self.resize(min(SIZE[0], room.width() - MARGIN), min(SIZE[1], room.height() - MARGIN))

    def signer(self) -> PageSigner | None:
        """Who is signing now."""
        line = self.list.currentRow()
        return self.pages.signers[line] if self.pages and 0 <= line < len(self.pages.signers) else None

    def _read(self, after: str) -> None:
        work = partial(
            page_signing.pages_to_sign,
            self._desk.place,
            inspection_id=self._inspection_id,
            paper=self._paper,
        )
        self._busy = True
        self._desk.jobs.run(work, partial(self._show, after), self._fail, self)

    def _show(self, after: str, pages: PagesToSign) -> None:
        self._busy, self.pages = False, pages
        if (following := next_open(pages, after, self.page)) is None and after:
            self.accept()
            return
        self.page, party = following or (1, "")
        self._show_page(party)

    def _show_page(self, party: str) -> None:
        assert self.pages is not None
        count = len(self.pages.digests)
        self.heading.setText(f"{self.pages.title}　第 {self.page} 页，共 {count} 页")
        self._source.number = self.page
        self.view.show_pdf(self.pages.pdf)
        self.back.setEnabled(self.page > 1)
        self.on.setEnabled(self.page < count)
        self._refill(party)

    def _refill(self, party: str) -> None:
        assert self.pages is not None
        self.list.blockSignals(True)
        self.list.clear()
        for each in self.pages.signers:
            self.list.addItem(
                QListWidgetItem(f"{role_of(each.party)} {each.name}".strip() + self._mark(each))
            )
        keys = [each.party for each in self.pages.signers]
        self.list.setCurrentRow(keys.index(party) if party in keys else 0)
        self.list.blockSignals(False)
        self._show_signer()

    def _mark(self, signer: PageSigner) -> str:
        assert self.pages is not None
        done = self.pages.of(self.page, signer.party)
        if done is not None:
            return f"　{label('signature_state', done.state)} {clock_text(done.signed_at)}"
        known = {(row.page, row.party) for row in self.pages.signed}
        if (self.page, signer.party) in known:
            return "　签名后本页有改动，要重签"
        unsigned = (
            "有见证人时签" if signer.party == "witness" else "中途离开，可不签" if signer.waits else "未签"
        )
        return f"　{unsigned}"

    def _show_signer(self) -> None:
        signer = self.signer()
        if signer is not None:
            known = signer.party.startswith("officer:")
            heading = f"{role_of(signer.party)} {signer.name}".strip()
            self.pane.show_signer(heading, signer.name, known=known, may_refuse=signer.party == "party")

    def _turn(self) -> None:
        drawn = self.pane.signs()
        self.button.say("签这一页" if drawn else f"本页记为{label('signature_state', self.pane.state())}")
        self.clear.setVisible(drawn)

    def _go(self, step: int) -> None:
        if self.pages is not None and 1 <= self.page + step <= len(self.pages.digests):
            self.page += step
            signer = self.signer()
            self._show_page(signer.party if signer else "")

    def _store(self) -> None:
        signer = self.signer()
        if signer is None or self.pages is None or self._busy:
            return
        if problem := self.pane.problem():
            self.pane.banner.say(problem, "", "attention", closable=False)
            return
        self._busy = True
        work = self._work(signer.party, self.pages.digests[self.page - 1])
        self._desk.jobs.run(work, partial(self._kept, signer.party), self._fail, self)

    def _work(self, party: str, digest: str) -> Callable[[], Changes]:
        place, pane = self._desk.place, self.pane
        line = PageLine(self._inspection_id, self._paper, self.page, digest, party)
        name = pane.name.text()
        if pane.signs():
            return partial(page_signing.sign_page, place, line=line, name=name, image=pane.pad.png())
        return partial(
            page_signing.refuse_page,
            place,
            line=line,
            name=name,
            state=pane.state(),
            reason=pane.reason.text(),
            witness=pane.witness.text(),
        )

    def _kept(self, party: str, changes: Changes) -> None:
        self.stored.emit(changes)
        self._read(party)

    def _fail(self, error: ChayanError) -> None:
        self._busy = False
        words = sentence(error)
        self.pane.banner.say(words.message, words.remedy, "bad", closable=False)
        if self.pages is None:
            self.button.setEnabled(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """PgUp and PgDn turn the pages, wherever the focus is."""
        steps = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
        if (step := steps.get(Qt.Key(event.key()))) is not None:
            self._go(step)
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(8)
        turning = QHBoxLayout()
        turning.setSpacing(8)
        turning.addWidget(self.heading, 1)
        turning.addWidget(self.back)
        turning.addWidget(self.on)
        left.addLayout(turning)
        self.view.setMinimumWidth(PAGE_WIDTH)
        left.addWidget(self.view, 1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.clear)
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        foot.addWidget(self.button)
        side = QWidget(self)
        side.setFixedWidth(PANE_WIDTH)
        right = QVBoxLayout(side)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(8)
        self.list.setMaximumHeight(self.fontMetrics().lineSpacing() * 9)
        right.addWidget(self.list)
        right.addWidget(self.pane, 1)
        right.addLayout(foot)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 20, 24, 20)
        row.setSpacing(24)
        row.addLayout(left, 1)
        row.addWidget(side)
        self.resize(*SIZE)

    def _connect(self) -> None:
        self.list.currentRowChanged.connect(calling(self._show_signer))
        self.pane.turned.connect(self._turn)
        self.clear.clicked.connect(self.pane.pad.clear)
        self.back.clicked.connect(calling(self._go, -1))
        self.on.clicked.connect(calling(self._go, 1))
        self.close_button.clicked.connect(self.reject)
        self.button.clicked.connect(self._store)
        self.view.problem_found.connect(self._fail)


def role_of(party: str) -> str:
    """What a signer is called."""
    return label("signing_party", party.partition(":")[0])


def next_open(pages: PagesToSign, after: str, page: int) -> tuple[int, str] | None:
    """Page and party that are signed next: the same person's next page, then the next person's first."""
    count = len(pages.digests)
    order = [each.party for each in pages.signers]
    start = order.index(after) if after in order else 0
    turns = [*range(page, count + 1), *range(1, page)]
    for party in (*order[start:], *order[:start]):
        for number in turns if party == after else range(1, count + 1):
            if any(each.party == party for each in pages.open(number)):
                return number, party
    return None
