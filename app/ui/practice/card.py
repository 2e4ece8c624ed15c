"""The card above the screens of a practice window: what is done, and the next step with its keys."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.ui.practice.course import LESSONS, Standing
from app.ui.widgets.buttons import SecondaryButton
from app.ui.widgets.cards import restyle

DONE = (
    "练习完成：一次检查从开始到打印都做过了。清除练习数据，在自己的数据文件夹里做正式检查；想再练就再开一家。"
)


class PracticeCard(QFrame):
    """Shows a :class:`Standing`; :attr:`wiping_asked` when the practice data are to go."""

    wiping_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("practice_card")
        self.setProperty("tone", "attention")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.steps, self.how = QLabel(self), QLabel(self)
        self.wipe_button = SecondaryButton("清除练习数据", parent=self)
        self.wipe_button.setObjectName("wipe_practice")
        self.wipe_button.setToolTip("关闭练习窗口，删除全部样例数据；没做完时先问一次，正式数据不受影响")
        self.wipe_button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        words = QVBoxLayout()
        words.setSpacing(4)
        for label in (self.steps, self.how):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            words.addWidget(label)
        self.how.setObjectName("practice_how")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(12)
        row.addLayout(words, 1)
        row.addWidget(self.wipe_button)
        self.wipe_button.clicked.connect(self.wiping_asked)
        self.show_standing(Standing())

    def show_standing(self, standing: Standing) -> None:
        """Tick what is done and name the next step."""
        lesson = standing.next
        marks = (f"{_mark(each.key, standing)}{each.name}" for each in LESSONS)
        self.steps.setText("　".join(marks))
        if lesson is None:
            text = DONE
        else:
            far = f"（已判 {standing.answered}/{standing.asked}）" if lesson.key == "answers" else ""
            text = f"下一步 {lesson.name}{far}：{lesson.how}"
        self.how.setText(text)
        self.setAccessibleName(f"练习。{text}")
        for part in (self, self.steps, self.how):
            restyle(part)


def _mark(key: str, standing: Standing) -> str:
    lesson = standing.next
    if key in standing.done:
        return "✓ "
    return "▸ " if lesson is not None and lesson.key == key else "○ "
