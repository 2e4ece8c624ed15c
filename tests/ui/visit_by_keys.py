"""The steps of a visit as a keyboard takes them, for every test in which somebody makes one."""

from __future__ import annotations

from app.services.sheet_rows import ItemRow
from app.ui.visit.items import ItemList
from app.ui.visit.lines import BASICS, CLOSING
from tests.ui.hands import CTRL, ENTER, ESCAPE, Person
from tests.ui.whole_visit import FACTS, ORDER_NUMBER, WRONG_ITEM


def items_of(inspector: Person) -> ItemList:
    """The list of cards of the visit in view."""
    return inspector.screen.workplace.items


def fill_in_the_basics(inspector: Person) -> None:
    """The first card: Enter leads in, Esc out again."""
    assert items_of(inspector).current() == BASICS
    inspector.key(ENTER)
    inspector.fill(
        inspector.screen.workplace.basics, place="成品库和总装车间", production_status="正常生产",
        product_class="消防产品", subject_representative="王伟",
    )  # fmt: skip
    inspector.key(ESCAPE)


def measure(inspector: Person, row: ItemRow) -> None:
    """V, and a number where one belongs."""
    if row.measure is not None:
        inspector.key("v")
        inspector.strike("36")
        inspector.key(ENTER)
        assert inspector.screen.work.item(row.id).value == "36"


def describe_what_is_wrong(inspector: Person) -> None:
    """/ finds the item, N writes what was seen, and the finding says the same."""
    inspector.key("/")
    inspector.write(WRONG_ITEM)
    inspector.key(ENTER)
    inspector.key("n")
    inspector.write(FACTS)
    inspector.key(ESCAPE)
    inspector.key("f")
    panel = inspector.screen.workplace.finding
    assert panel.description.toPlainText() == FACTS
    assert panel.disposition.word()


def issue_and_deliver(inspector: Person) -> None:
    """The drafted order gets its number and its receiver, each by Ctrl+Enter; then back to the visit."""
    for values in ({"number": ORDER_NUMBER}, {"received_by": "王伟"}):
        inspector.key(ENTER, CTRL)
        dialog = inspector.dialog()
        inspector.fill(dialog, **values)
        inspector.submit(dialog)
    order = inspector.screen.papers.cards[-1].accessibleName()
    assert ORDER_NUMBER in order
    assert "已送达" in order
    inspector.step("o")
    assert inspector.shell.current_key() == "visit"


def sum_up(inspector: Person) -> None:
    """The last card; then only the signatures are missing."""
    assert items_of(inspector).current() == CLOSING, "nothing else is open any more"
    inspector.key(ENTER)
    inspector.fill(
        inspector.screen.workplace.closing,
        situation="查看成品库、总装车间和出货台账，抽查三个型号。",
        opinion="责令限期改正，期满复查。",
    )
    inspector.key(ESCAPE)
    codes = {missing.code for missing in inspector.screen.work.sheet.missing}
    assert codes == {"officer_signature", "party_signature"}


def finish(inspector: Person) -> None:
    """Ctrl+Enter seals it."""
    inspector.step(ENTER)
    assert "已完成并封存" in inspector.screen.workplace.banner.text()
