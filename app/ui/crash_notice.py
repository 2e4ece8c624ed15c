"""The line that tells of a crash report, and the window that shows it; both until they are put away."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices, QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from app import crashes
from app.ui.widgets.buttons import PrimaryButton, SecondaryButton
from app.ui.widgets.cards import CaptionLabel, HeadingLabel, TextLabel
from app.ui.widgets.notices import Banner

UNREADABLE = "报告读不出来：文件已不在，或不能读取。"


class CrashNotice(QObject):
    """Speaks in a banner of its own, which other sentences of the window do not push aside."""

    def __init__(self, home: Path, banner: Banner, window: QWidget) -> None:
        super().__init__(window)
        self._home, self._banner, self._window = home, banner, window
        self._path: Path | None = None
        banner.acted.connect(self.show_report)
        banner.closed.connect(self._put_away)

    def tell_former(self) -> None:
        """Say at a start what the runs before left behind, if nobody has put it away."""
        left = crashes.unseen(self._home)
        if left:
            self._tell(left[-1], "上次运行出过错，已存的内容不受影响")

    def tell(self, path: Path | None, advice: str = "") -> None:
        """Say that something went wrong just now."""
        self._tell(path, "程序出错，这一步可能没有做成；已存的内容不受影响", advice)

    def _tell(self, path: Path | None, message: str, advice: str = "") -> None:
        self._path = path
        remedy = f"{advice}崩溃报告：{path}" if path is not None else advice
        self._banner.say(message, remedy, "bad", "查看报告" if path is not None else "")

    def show_report(self) -> None:
        """Open the report in a window of its own."""
        if self._path is not None:
            dialog = ReportDialog(self._path, self._window)
            dialog.finished.connect(dialog.deleteLater)
            dialog.open()

    def _put_away(self) -> None:
        crashes.put_away(self._home)


class ReportDialog(QDialog):
    """One report as it lies in its file: to read, to copy, to be found in its folder."""

    def __init__(self, path: Path, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("崩溃报告")
        self.setObjectName("crash_report")
        self._path = path
        self.text = QPlainTextEdit(self)
        self.text.setObjectName("crash_text")
        self.text.setAccessibleName("报告内容")
        self.text.setReadOnly(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setPlainText(_read(path))
        self.folder = SecondaryButton("打开所在文件夹", "Ctrl+O", self)
        self.copy = SecondaryButton("复制报告", "Ctrl+Shift+C", self)
        self.done_button = PrimaryButton("关闭", "Esc", self)
        self._lay_out()
        self.folder.clicked.connect(self._open_folder)
        self.copy.clicked.connect(self._copy)
        self.done_button.clicked.connect(self.accept)

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.folder)
        foot.addWidget(self.copy)
        foot.addStretch(1)
        foot.addWidget(self.done_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(HeadingLabel("崩溃报告", "title", self))
        hint = "里面是程序版本和出错的程序位置，没有口令，也没有检查内容，可以交给技术支持。"
        column.addWidget(CaptionLabel(hint, parent=self))
        column.addWidget(TextLabel(str(self._path), selectable=True, parent=self))
        column.addWidget(self.text, 1)
        column.addLayout(foot)
        self.resize(760, 480)

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._path.parent)))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())


def _read(path: Path) -> str:
    try:
        return path.read_text("utf8", "replace")
    except OSError:
        return UNREADABLE
