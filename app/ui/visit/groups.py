"""Cards of a repeated section: the group with its 添加一份, and each instance with its name and fields."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from app.services.instances import Content
from app.services.sheet_rows import GroupRow, SectionRow
from app.ui.slots import calling
from app.ui.visit.cards import ListCard
from app.ui.visit.lines import GROUP, INSTANCE
from app.ui.visit.values import ValueRows, entries_of
from app.ui.widgets import CaptionLabel, HeadingLabel, PlainButton, SecondaryButton
from app.wording import label


class GroupCard(ListCard):
    """The head of a repeated section: how many instances there are and may be, and one more."""

    add_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setObjectName("group_card")
        self._section = ""
        self.title = HeadingLabel("", "card", self)
        self.count = CaptionLabel(parent=self)
        self.add = SecondaryButton("添加一份（A）", parent=self)
        self.add.setObjectName("add_instance")
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.add)
        self.body.addLayout(head)
        self.body.addWidget(self.count)
        self.add.clicked.connect(calling(self._ask))

    def show_group(self, row: GroupRow, *, is_current: bool, editable: bool) -> None:
        """Show the group as it is now."""
        self.key, self._section = GROUP + row.section, row.section
        self.title.setText(row.title)
        self.setAccessibleName(row.title)
        wanting = row.count < row.minimum
        self.count.show_text(group_text(row), "attention" if wanting else "neutral")
        self.add.setVisible(editable)
        self.add.setEnabled(row.count < row.maximum)
        self.set_current(is_current)

    def _ask(self) -> None:
        self.add_asked.emit(self._section)


def group_text(row: GroupRow) -> str:
    """How many instances there are, how many are wanted, and what the registry has besides."""
    parts = [f"按{label('repeat_subject', row.of)}逐份检查，已有 {row.count} 份"]
    if row.count < row.minimum:
        parts.append(f"至少 {row.minimum} 份")
    if row.count >= row.maximum:
        parts.append(f"最多 {row.maximum} 份")
    if row.left_out:
        parts.append(f"名录里另有 {row.left_out} 张证书未列入")
    return "；".join(parts)


class InstanceCard(ListCard):
    """One instance: its name, its fields; moving it up, and removing it, asked once more with answers."""

    named = Signal(str, str)
    value_typed = Signal(str, str, str)
    """Instance, field and text."""
    value_left = Signal(str)
    raise_asked = Signal(str)
    remove_asked = Signal(str)

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setObjectName("instance_card")
        self.instance = ""
        self._number = HeadingLabel("", "card", self)
        self._number.setWordWrap(False)
        self.name = QLineEdit(self)
        self.name.setObjectName("instance_name")
        self.name.setPlaceholderText("名称，如证书编号、产品型号（Enter 填写）")
        self.up = PlainButton("上移", parent=self)
        self.remove = PlainButton("移除", parent=self)
        self.remove.setObjectName("remove_instance")
        self.values = ValueRows(now, self)
        self.warning = CaptionLabel(tone="attention", parent=self)
        self.warning.hide()
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._number)
        head.addWidget(self.name, 1)
        head.addWidget(self.up)
        head.addWidget(self.remove)
        self.body.addLayout(head)
        self.body.addWidget(self.values)
        self.body.addWidget(self.warning)
        self._connect()

    def _connect(self) -> None:
        self.name.textEdited.connect(self._tell_name)
        self.name.editingFinished.connect(calling(self._tell_left))
        self.values.typed.connect(self._tell_value)
        self.values.left.connect(calling(self._tell_left))
        self.values.entered.connect(calling(self._press))
        self.up.clicked.connect(calling(self._ask_up))
        self.remove.clicked.connect(calling(self._ask_remove))

    def show_section(
        self, row: SectionRow, asked: Content | None, *, is_current: bool, editable: bool
    ) -> None:
        """Show an instance; ``asked``: what would go with it, when its removal waits for a second word."""
        instance, group = row.instance, row.group
        if instance is None or group is None:
            return
        self.key, self.instance = INSTANCE + instance.key, instance.key
        subject = label("repeat_subject", group.of)
        self._number.setText(f"{subject} {instance.number}")
        self.setAccessibleName(f"{group.title} {instance.number} {instance.label}".rstrip())
        self.name.setAccessibleName(f"{subject} {instance.number} 名称")
        self.name.setReadOnly(not editable)
        if not self.name.hasFocus():
            self.name.setText(instance.label)
        self.values.show_values(entries_of(instance.fields), editable=editable)
        self.up.setVisible(editable and instance.number > 1)
        self.remove.setVisible(editable)
        self.remove.say("确认移除" if asked else "移除")
        self.warning.setVisible(asked is not None)
        if asked is not None:
            self.warning.setText(_warning(asked))
        self.set_current(is_current)

    def _press(self) -> None:
        self.pressed.emit(self.key)

    def _tell_name(self, text: str) -> None:
        self.named.emit(self.instance, text)

    def _tell_value(self, field: str, text: str) -> None:
        self.value_typed.emit(self.instance, field, text)

    def _tell_left(self) -> None:
        self.value_left.emit(self.key)

    def _ask_up(self) -> None:
        self.raise_asked.emit(self.instance)

    def _ask_remove(self) -> None:
        self.remove_asked.emit(self.instance)


def _warning(content: Content) -> str:
    return (
        f"这一份已有 {content.answers} 项判定、{content.findings} 个问题、{content.photos} 张照片；"
        "确认移除后判定和问题一并移除，照片留在本次检查里。"
    )
