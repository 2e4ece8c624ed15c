"""What a view says about itself: a problem with its remedy, an empty state with the next step."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.errors import ChayanError, Problem
from app.ui import icons, theme
from app.ui.tokens import Tone
from app.ui.widgets.buttons import PlainButton, SecondaryButton
from app.ui.widgets.cards import CaptionLabel, HeadingLabel, restyle
from app.wording import sentence


class Banner(QFrame):
    """A sentence across the view: what happened and what to do. Hidden until it has to speak.

    :attr:`acted` is emitted when the optional button is used, :attr:`closed` when it is put away.
    """

    acted = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._message = QLabel(self)
        self._message.setObjectName("banner_message")
        self._remedy = QLabel(self)
        self._action = SecondaryButton("", parent=self)
        self._action.setObjectName("banner_action")
        self._close = PlainButton("", parent=self, icon="clear")
        self._close.say("")
        self._close.setToolTip("收起（Esc）")
        self._close.setAccessibleName("收起")
        self._close.setObjectName("banner_close")
        self._lay_out()
        self._action.clicked.connect(self.acted)
        self._close.clicked.connect(self.put_away)
        self.hide()

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        for label in (self._message, self._remedy):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            words.addWidget(label)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 8, 8)
        row.setSpacing(12)
        row.addLayout(words, 1)
        row.addWidget(self._action)
        row.addWidget(self._close)

    def say(
        self,
        message: str,
        remedy: str = "",
        tone: Tone = "attention",
        action: str = "",
        *,
        closable: bool = True,
    ) -> None:
        """Show a sentence, its remedy and, if it has one, the button for the remedy."""
        self._message.setText(message)
        self._remedy.setText(remedy)
        self._remedy.setVisible(bool(remedy))
        self._action.say(action)
        self._action.setVisible(bool(action))
        self._close.setVisible(closable)
        self.setProperty("tone", tone)
        for part in (self, self._message, self._remedy):
            restyle(part)
        self.setAccessibleName(f"{message} {remedy}".strip())
        self.show()

    def show_problem(self, problem: Problem | ChayanError, action: str = "") -> None:
        """Show the sentence of a problem code with its remedy."""
        words = sentence(problem)
        self.say(words.message, words.remedy, "bad", action)

    def text(self) -> str:
        """Message and remedy as shown, one line each."""
        return "\n".join(label.text() for label in (self._message, self._remedy) if label.text())

    def put_away(self) -> None:
        """Hide until the next sentence."""
        self.hide()
        self.closed.emit()


class EmptyState(QWidget):
    """Nothing is here yet: why, and the button for the next step."""

    acted = Signal()

    def __init__(
        self,
        heading: str,
        hint: str = "",
        *,
        action: str = "",
        key: str = "",
        icon: str = "info",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("empty_state")
        self._sign = QLabel(self)
        self._icon = icon
        self.heading = HeadingLabel(heading, "card", self)
        self.hint = CaptionLabel(hint, parent=self)
        self.hint.setVisible(bool(hint))
        self.button = SecondaryButton(action, key, self)
        self.button.setVisible(bool(action))
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addStretch(1)
        for part in (self._sign, self.heading, self.hint, self.button):
            if isinstance(part, QLabel):
                part.setAlignment(Qt.AlignmentFlag.AlignCenter)
                column.addWidget(part)
            else:
                column.addSpacing(4)
                column.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        self.button.clicked.connect(self.acted)
        theme.current().changed.connect(self._tint)
        self._tint()

    def say(self, heading: str, hint: str = "") -> None:
        """Tell another reason for being empty."""
        self.heading.setText(heading)
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))

    def _tint(self) -> None:
        self._sign.setPixmap(icons.pixmap(self._icon, theme.current().tokens.soft, 32))

    def sizeHint(self) -> QSize:
        """Room for the words without crowding them."""
        return QSize(360, 220)
