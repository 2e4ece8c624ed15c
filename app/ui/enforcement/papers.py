"""Everything one visit left behind, as cards under four headings, one under the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.services.casework import CaseRow, NotificationRow
from app.services.enforcing import OrderRow
from app.services.sheet_rows import FindingRow
from app.ui.enforcement import lines
from app.ui.enforcement.lines import Papers
from app.ui.enforcement.records import Act, RecordCard, Said
from app.ui.slots import calling
from app.ui.widgets import CaptionLabel, HeadingLabel, PlainButton
from app.vocabulary import CaseStatus, OrderStatus

Ask = Callable[[str, str], object]
"""Called with the name of a step and the key of the record it is about."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A step that a heading offers."""

    name: str
    text: str
    key: str


HEADINGS: tuple[tuple[str, str, str, tuple[Offer, ...]], ...] = (
    (
        "findings",
        "问题",
        "这次检查没有发现问题",
        (Offer("draft", "拟通知书", "Ctrl+N"), Offer("lead", "登记线索", "Ctrl+D")),
    ),
    ("orders", "责令改正", "选中问题后按 Ctrl+N 拟通知书", ()),
    ("cases", "线索与案件", "选中问题后按 Ctrl+D 登记线索", ()),
    (
        "notices",
        "通报与报告",
        "需要机构跟踪核实时按 Ctrl+B 通报",
        (Offer("notify", "通报机构", "Ctrl+B"), Offer("province", "报告省局", "Ctrl+R")),
    ),
)


class PapersColumn(QScrollArea):
    """Cards of the chosen visit; ``asked(step, key)`` says what the person wants done."""

    asked = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("papers")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._visit = ""
        self._papers: Papers | None = None
        self.cards: list[RecordCard] = []

    def show_papers(self, papers: Papers) -> None:
        """Show a visit; the focused card and the ticks stay where it is the same visit."""
        same = papers.sheet.header.id == self._visit
        ticked = {card.key: card.is_chosen() for card in self.cards} if same else {}
        focused = next((card.key for card in self.cards if card.hasFocus()), "") if same else ""
        place = self.verticalScrollBar().value() if same else 0
        self._visit, self._papers = papers.sheet.header.id, papers
        self._rebuild(papers, ticked)
        self.verticalScrollBar().setValue(place)
        self._focus(focused)

    def chosen_findings(self) -> tuple[FindingRow, ...]:
        """The ticked findings in their order."""
        if self._papers is None:
            return ()
        ticked = {card.key for card in self.cards if card.is_chosen()}
        return tuple(row for row in self._papers.sheet.findings if f"finding:{row.key}" in ticked)

    def card(self, key: str) -> RecordCard | None:
        """A card by its key, such as ``order:<key>``."""
        return next((card for card in self.cards if card.key == key), None)

    def go_to_finding(self, key: str) -> bool:
        """Choose a finding and bring it into view; ``False`` where it is not here."""
        card = self.card(f"finding:{key}")
        if card is None:
            return False
        if card.tick is not None:
            card.tick.setChecked(True)
        card.setFocus()
        self.ensureWidgetVisible(card, 0, 24)
        return True

    def go_to_card(self, key: str) -> bool:
        """Bring a card into view and wait there; ``False`` where it is not here."""
        card = self.card(key)
        if card is None:
            return False
        card.setFocus()
        self.ensureWidgetVisible(card, 0, 24)
        return True

    def focus_first(self) -> None:
        """Begin at the first card."""
        if self.cards:
            self.cards[0].setFocus()

    def _focus(self, key: str) -> None:
        card = self.card(key)
        if card is not None:
            card.setFocus()

    def _rebuild(self, papers: Papers, ticked: dict[str, bool]) -> None:
        whole = QWidget(self.viewport())
        whole.setObjectName("scrolled")
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(8)
        self.cards = []
        made = self._made(papers, ticked, whole)
        for name, title, empty, offers in HEADINGS:
            column.addWidget(self._heading(title, len(made[name]), offers, whole))
            for card in made[name]:
                card.stepped.connect(partial(self._step, card))
                column.addWidget(card)
                self.cards.append(card)
            if not made[name]:
                column.addWidget(CaptionLabel(empty, parent=whole))
            column.addSpacing(8)
        column.addStretch(1)
        self.setWidget(whole)
        whole.show()

    def _made(
        self, papers: Papers, ticked: dict[str, bool], parent: QWidget
    ) -> dict[str, Sequence[RecordCard]]:
        return {
            "findings": [self._finding(row, papers, ticked, parent) for row in papers.sheet.findings],
            "orders": [self._order(row, papers, parent) for row in papers.orders],
            "cases": [self._case(row, parent) for row in papers.cases],
            "notices": [self._notice(row, parent) for row in papers.notices],
        }

    def _heading(self, title: str, count: int, offers: Sequence[Offer], parent: QWidget) -> QWidget:
        line = QWidget(parent)
        row = QHBoxLayout(line)
        row.setContentsMargins(2, 0, 0, 0)
        row.addWidget(HeadingLabel(f"{title} {count}" if count else title, "card", line))
        row.addStretch(1)
        for offer in offers:
            button = PlainButton(offer.text, offer.key, line)
            button.setObjectName(offer.name)
            button.clicked.connect(calling(self._ask, offer.name, ""))
            row.addWidget(button)
        return line

    def _finding(
        self, row: FindingRow, papers: Papers, ticked: dict[str, bool], parent: QWidget
    ) -> RecordCard:
        key = f"finding:{row.key}"
        number = f"{row.number}  " if row.number else ""
        said = Said(
            f"{number}{row.description or '（还没有写描述）'}",
            tuple(lines.finding_chips(row, papers.orders)),
            (row.provision_text,),
        )
        acts = [self._papers_act("visit", ""), *self._print_only("print_record")]
        card = RecordCard(key, said, acts, parent)
        if row.confirmed:
            card.let_choose(ticked.get(key, lines.promises_order(row)))
        return card

    def _order(self, row: OrderRow, papers: Papers, parent: QWidget) -> RecordCard:
        said = Said(
            lines.order_title(row),
            tuple(lines.order_chips(row)),
            (row.requirements, lines.order_term(row), lines.order_history(row, papers.follow_ups)),
        )
        step = lines.order_step(row, papers.cases)
        main = [Act(step.text, "", partial(self._ask, step.name, row.key), main=True)] if step else []
        acts = [*main, self._papers_act("order", row.key)]
        if row.status is OrderStatus.DRAFTED:
            acts.append(Act("写条款", "T", partial(self._ask, "cite", row.key)))
        acts.append(Act("前后照片", "K", partial(self._ask, "compare", row.key)))
        acts.append(Act("打印", "P", partial(self._ask, "print_order", row.key)))
        return RecordCard(f"order:{row.key}", said, acts, parent)

    def _case(self, row: CaseRow, parent: QWidget) -> RecordCard:
        said = Said(lines.case_title(row), tuple(lines.case_chips(row)), (row.facts, lines.case_history(row)))
        return RecordCard(f"case:{row.key}", said, self._case_acts(row), parent)

    def _case_acts(self, row: CaseRow) -> Iterator[Act]:
        step = lines.case_step(row)
        if step is not None:
            yield Act(step.text, "", partial(self._ask, step.name, row.key), main=True)
        if row.status is CaseStatus.VERIFIED:
            yield Act("不予立案", "N", partial(self._ask, "not_file", row.key))
        if row.decided_on is not None:
            text = "改决定书文号" if row.decision_number else "补填文号"
            yield Act(text, "N", partial(self._ask, "number", row.key))
        if row.referred_on is None and row.status is not CaseStatus.NOTED:
            yield Act("移送", "Y", partial(self._ask, "refer", row.key))
        yield self._papers_act("case", row.key)
        yield from self._print_only("print_record")

    def _notice(self, row: NotificationRow, parent: QWidget) -> RecordCard:
        said = Said(lines.notice_title(row), tuple(lines.notice_chips(row)), (row.content,))
        acts = [self._papers_act("notice", row.key), *self._print_only("print_record")]
        return RecordCard(f"notice:{row.key}", said, acts, parent)

    def _papers_act(self, about: str, key: str) -> Act:
        return Act("文书", "W", partial(self._ask, f"papers_{about}", key))

    def _print_only(self, name: str) -> Iterator[Act]:
        yield Act("打印", "P", partial(self._ask, name, ""))

    def _ask(self, name: str, key: str) -> None:
        self.asked.emit(name, key)

    def _step(self, card: RecordCard, by: int) -> None:
        place = self.cards.index(card) + by
        if 0 <= place < len(self.cards):
            self.cards[place].setFocus()
            self.ensureWidgetVisible(self.cards[place], 0, 24)
