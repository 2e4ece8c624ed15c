"""设置: each change is stored at once; 体检 examines the whole home."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QLineEdit,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app import __version__
from app.demo.practice import is_practice
from app.errors import ChayanError, EnvironmentFault, Problem
from app.services import configuring, upkeep
from app.services.configuring import Wanted
from app.services.upkeep import Findings
from app.services.workplace import Changes
from app.ui.chooser import Chooser
from app.ui.jobs import Ticket
from app.ui.practice.starting import start_practice
from app.ui.screen import Screen, ScreenAction
from app.ui.settings.days import DaysCard
from app.ui.settings.laws import LawCard
from app.ui.settings.numbers import NumbersCard
from app.ui.slots import calling
from app.ui.steps import ChoiceBox
from app.ui.tokens import Mode
from app.ui.widgets import CaptionLabel, Card, Chip, Form, TextLabel, WorkingLine
from app.vocabulary import Role
from app.wording import label, sentence

if TYPE_CHECKING:
    from app.services.issuing import PrintedForm
    from app.services.workplace import Workplace
    from app.ui.screens import Desk

THEMES: Final[dict[str, str]] = {
    "system": "跟随系统",
    "light": "浅色",
    "dark": "深色",
    "contrast": "高对比度",
    "contrast-dark": "高对比度（黑底白字）",
}
MODES: Final[dict[str, Mode]] = {
    "system": "system",
    "light": "light",
    "dark": "dark",
    "contrast": "contrast",
    "contrast-dark": "contrast-dark",
}
LONGEST_IDLE: Final = 120
HIGHEST_FINE: Final = 10_000_000
AT_ONCE: Final = "改动随填随存，立即生效"
CHECKED: Final[dict[str, str]] = {
    "store": "数据库",
    "journal": "操作日志",
    "evidence": "证据文件",
    "former": "曾经登记的证据",
    "orphans": "多余文件",
    "data": "检查清单、文书、法规与字体",
}


class HealthCard(Card):
    """The result of the last examination."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("体检", parent)
        self.chip = Chip("还没有体检", "neutral", self)
        self._told = CaptionLabel("逐页核对数据库、操作日志和每个证据文件，只看不改。", parent=self)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(4)
        self.body.addWidget(self.chip)
        self.body.addWidget(self._told)
        self.body.addLayout(self._lines)

    def show_findings(self, findings: Findings) -> None:
        """Say what was examined and what was met."""
        while self._lines.count():
            if (old := self._lines.takeAt(0).widget()) is not None:
                old.hide()
                old.deleteLater()
        faults = len(findings.problems)
        self.chip.show_text(f"发现 {faults} 处问题" if faults else "完好", "bad" if faults else "good")
        self._told.setText("查过：" + "、".join(CHECKED.get(name, name) for name in findings.checked))
        for problem in findings.problems:
            self._lines.addWidget(CaptionLabel(_line(problem), "bad", self))
        for problem in findings.remarks:
            self._lines.addWidget(CaptionLabel(_line(problem), "attention", self))

    def texts(self) -> list[str]:
        """Everything it says."""
        found = (self._lines.itemAt(place).widget() for place in range(self._lines.count()))
        return [each.text() for each in found if isinstance(each, CaptionLabel)]


def _line(problem: Problem) -> str:
    said = sentence(problem)
    return f"{said.message}。{said.remedy}"


def _paper_of(place: Workplace, findings: Findings) -> PrintedForm:
    """The paper of an examination; what draws it is read in the worker, when it is first asked for."""
    from app.services.health_paper import health_paper

    return health_paper(place, findings=findings)


class SettingsScreen(Screen):
    """The same for both roles; the switches of the tables belong to the office."""

    def __init__(self, desk: Desk, chooser: Chooser | None = None) -> None:
        super().__init__()
        self._desk = desk
        self._chooser = chooser or Chooser()
        self._findings: Findings | None = None
        self.law = LawCard(desk, self._chooser, self)
        self.law.told.connect(self.notice_given)
        self.law.failed.connect(self.problem_found)
        self.law.changed.connect(self.changed)
        self._ticket: Ticket | None = None
        self._storing = False
        self.theme = ChoiceBox(THEMES, parent=self)
        self.idle = QSpinBox(self)
        self.idle.setRange(0, LONGEST_IDLE)
        self.idle.setSuffix(" 分钟")
        self.idle.setSpecialValueText("不自动锁定")
        self.small_fine = QSpinBox(self)
        self.small_fine.setRange(0, HIGHEST_FINE)
        self.small_fine.setSuffix(" 元")
        self.small_fine.setSpecialValueText("未规定")
        self.numbers, self.days = NumbersCard(desk, self), DaysCard(self)
        self.texts: dict[str, QLineEdit] = {}
        self.switches: dict[str, QCheckBox] = {}
        self.working, self.health = WorkingLine(self), HealthCard(self)
        self._lay_out()
        if self.small_fine.parentWidget() is self:
            self.small_fine.hide()  # only an office sets it
        self._show()
        self.theme.activated.connect(calling(self._choose_theme))
        self.idle.editingFinished.connect(self._change_idle)
        self.small_fine.editingFinished.connect(self._change_small_fine)
        self.numbers.changed.connect(self._change_rules)
        self.days.changed.connect(self._change_days)

    def title(self) -> str:
        """The name of the screen."""
        return "设置"

    def context(self) -> str:
        """Whose home this is."""
        owner = self._desk.place.owner
        return f"{owner.office} · {owner.name} · {label('role', owner.role)}"

    def screen_actions(self) -> Sequence[ScreenAction]:
        """The examination."""
        return (
            ScreenAction(
                "体检",
                self.examine,
                "Ctrl+Return",
                primary=True,
                enabled=self._ticket is None,
                name="examine",
            ),
            ScreenAction(
                "体检记录",
                self.show_health_paper,
                "Ctrl+P",
                enabled=self._findings is not None,
                hint="" if self._findings is not None else "先做一次体检",
                name="health_paper",
            ),
            ScreenAction("检查清单", self.open_checklists, "Ctrl+J", name="open_checklists"),
            *self._practice_actions(),
        )

    def _practice_actions(self) -> Sequence[ScreenAction]:
        """Practice on sample data, unless this is practice already."""
        if is_practice(self._desk.place.home):
            return ()
        return (ScreenAction("练习检查", self.practise, "Ctrl+T", name="practise"),)

    def practise(self) -> None:
        """Open the practice window beside this one."""
        try:
            start_practice(self._desk.place.home)
        except EnvironmentFault as error:
            self.problem_found.emit(error)
        else:
            self.notice_given.emit("练习窗口正在打开，准备样例数据要几秒钟")

    def refresh(self, changes: Changes | None) -> None:
        """Show the settings as their file says them."""
        if self._storing:
            return
        if changes is None:
            self._show()
        if changes is None or changes.concern("law", "package"):
            self.law.show_law()

    def focus_first(self) -> None:
        """Begin with the theme."""
        self.theme.setFocus()

    def leave(self) -> bool:
        """Store what is being typed."""
        stored = [self._change_text(name) for name in self.texts]
        return all(stored) and self.days.settle() and self.numbers.settle()

    def open_checklists(self) -> None:
        """Lead to the versions of the checklists."""
        self.open_requested.emit("checklists", {})

    def examine(self) -> None:
        """Examine store, journal, evidence and what the program ships with."""
        if self._ticket is not None:
            return
        ticket = Ticket(self._desk.jobs)
        names = list(upkeep.CHECKS)

        def tell(name: str) -> None:
            ticket.report(names.index(name), len(names))

        work = partial(upkeep.verify, self._desk.place, progress=tell)
        self._ticket = self._desk.jobs.run(work, self._examined, self._failed, self, ticket=ticket)
        self.working.start("正在体检", ticket)
        self.working.cancel_button.hide()
        self.header_changed.emit()

    def show_health_paper(self) -> None:
        """Show the result of the last examination as it prints."""
        if self._findings is not None:
            work = partial(_paper_of, self._desk.place, self._findings)
            self._desk.jobs.run(work, self._preview, self.problem_found.emit, self)

    def _preview(self, printed: PrintedForm) -> None:
        from app.ui.paper.preview_dialog import PreviewDialog

        dialog = PreviewDialog(self._desk, printed, self, self._chooser)
        dialog.show_paper()

    def _examined(self, findings: Findings) -> None:
        self._findings = findings
        self._rest()
        self.health.show_findings(findings)

    def _failed(self, error: ChayanError) -> None:
        self._rest()
        self.problem_found.emit(error)

    def _rest(self) -> None:
        self._ticket = None
        self.working.finish()
        self.header_changed.emit()

    def _show(self) -> None:
        said = configuring.present(self._desk.place)
        self.theme.choose(said.theme)
        self.idle.setValue(said.idle_minutes)
        self.small_fine.setValue(said.small_fine_yuan)
        self.days.show_days(said)
        self.numbers.show_rules()
        for name, field in self.texts.items():
            field.setText(getattr(said, name))
        for name, switch in self.switches.items():
            switch.setChecked(getattr(said, name))

    def _store(self, wanted: Wanted, *, concerns_others: bool = True) -> bool:
        before = configuring.present(self._desk.place)
        try:
            after = configuring.configure(self._desk.place, **wanted)
        except ChayanError as error:
            self.problem_found.emit(error)
            return False
        if after != before:
            self.notice_given.emit("设置已存")
            # Papers, tables, deadlines and numbers go by them; this screen shows what is being typed.
            self._storing = True
            if concerns_others:
                self.changed.emit(None)
            self._storing = False
        return True

    def _choose_theme(self) -> None:
        if self._store({"theme": self.theme.word()}, concerns_others=False):
            self._desk.theme.set_mode(MODES[self.theme.word()])

    def _change_idle(self) -> None:
        self._store({"idle_minutes": self.idle.value()})

    def _change_small_fine(self) -> None:
        self._store({"small_fine_yuan": self.small_fine.value()})

    def _change_rules(self, rules: dict[str, str]) -> None:
        self._store({"number_rules": rules})

    def _change_days(self, days: Wanted) -> None:
        self._store(days)

    def _change_text(self, name: str) -> bool:
        text = self.texts[name].text().strip()
        if text == getattr(configuring.present(self._desk.place), name):
            return True
        stored = self._store(cast("Wanted", {name: text}))
        self.numbers.preview_all()
        return stored

    def _change_switch(self, name: str) -> None:
        self._store(cast("Wanted", {name: self.switches[name].isChecked()}))

    def _lay_out(self) -> None:
        inner = QWidget()
        inner.setObjectName("scrolled")
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(12)
        left, right = QVBoxLayout(), QVBoxLayout()
        for column, place in ((left, 0), (right, 1)):
            column.setSpacing(12)
            grid.addLayout(column, 0, place)
            grid.setColumnStretch(place, 1)
        left.addWidget(self._device_card())
        left.addWidget(self.health)
        right.addWidget(self._look_card())
        right.addWidget(self._paper_card())
        right.addWidget(self.numbers)
        if self._desk.place.owner.role is Role.SUPERVISOR:
            left.addWidget(self._tables_card())
        left.addWidget(self._sources_card())
        left.addWidget(self.days)
        left.addWidget(self.law)
        left.addStretch(1)
        right.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inner)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.working)
        column.addWidget(scroll, 1)

    def _device_card(self) -> Card:
        place = self._desk.place
        owner = place.owner
        card = Card("这台设备", self)
        form = Form(card)
        for name, text in (
            ("使用人", f"{owner.name}（{label('role', owner.role)}）"),
            ("单位", owner.office),
            ("执法证号", owner.credential),
            ("设备指纹", place.vault.public.fingerprint),
            ("数据文件夹", str(place.home.resolve())),
            ("程序版本", __version__),
        ):
            if text:
                form.add(name, TextLabel(text, selectable=True, parent=card))
        card.body.addWidget(form)
        card.body.addWidget(CaptionLabel("登记设备时两边显示同一个指纹，读给对方核对。", parent=card))
        return card

    def _look_card(self) -> Card:
        card = Card("显示与锁定", self)
        form = Form(card)
        form.add("配色", self.theme, name="theme")
        form.add("空闲锁定", self.idle, AT_ONCE, "idle_minutes")
        card.body.addWidget(form)
        return card

    def _paper_card(self) -> Card:
        card = self._card_of_texts(
            "文书上的内容",
            ("contact", "联系人", ""),
            ("contact_phone", "联系电话", ""),
            ("office_mark", "本单位代字", "文号里的单位代字，如：袁"),
            ("device_mark", "本机代号", "文号规则用到设备时的代号，各台不同，如：甲"),
            ("order_number_prefix", "责改文号前缀", "如：袁市监责改"),
            ("reconsideration", "复议机关", "责令改正通知书告知当事人的复议机关"),
            ("court", "管辖法院", ""),
        )
        card.body.addWidget(CaptionLabel(AT_ONCE, parent=card))
        return card

    def _sources_card(self) -> Card:
        return self._card_of_texts(
            "证据来源",
            ("scanner_folder", "扫描文件夹", "检查时，这里的新文件会提示收入"),
            ("camera_folder", "相机文件夹", "空着时看“图片”和其中的相机文件夹"),
            ("camera_program", "相机程序", "空着时用系统自带的"),
        )

    def _card_of_texts(self, title: str, *rows: tuple[str, str, str]) -> Card:
        """A card of settings that are texts: the setting's name, its label, a note."""
        card = Card(title, self)
        form = Form(card)
        for name, text, note in rows:
            field = QLineEdit(card)
            self.texts[name] = field
            form.add(text, field, note, name)
            field.editingFinished.connect(calling(self._change_text, name))
        card.body.addWidget(form)
        return card

    def _tables_card(self) -> Card:
        card = Card("统计口径", self)
        for name, text in (
            ("count_fines_only", "处罚金额只计罚款，不含没收金额"),
            ("count_decided_cases", "立案处罚家数按处罚决定日期统计"),
        ):
            switch = QCheckBox(text, card)
            switch.setObjectName(name)
            self.switches[name] = switch
            switch.clicked.connect(calling(self._change_switch, name))
            card.body.addWidget(switch)
        form = Form(card)
        note = "不超过这个数的罚款公示三个月，标准由省级以上部门规定"
        form.add("较低数额罚款", self.small_fine, note, "small_fine_yuan")
        card.body.addWidget(form)
        card.body.addWidget(CaptionLabel(f"表的口径说明会写明采用了哪一种。{AT_ONCE}", parent=card))
        return card
