"""F1: the user guide in a window of its own, open at the page of the screen, with headings and search."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt, QUrl, Signal
from PySide6.QtGui import (
    QColor,
    QDesktopServices,
    QFont,
    QImage,
    QImageReader,
    QKeySequence,
    QResizeEvent,
    QShortcut,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextImageFormat,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QTextBrowser,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.ui import theme
from app.ui.guide_text import Guide, folder, guide
from app.ui.widgets.buttons import PlainButton
from app.ui.widgets.cards import CaptionLabel
from app.ui.widgets.fields import SearchField

MOST_HITS: Final = 500
WIDEST_PICTURE: Final = 880
MARGIN: Final = 64
INDENT: Final = "　"


class GuideText(QTextBrowser):
    """The guide's text: pictures as wide as there is room, links inside it followed, others opened outside."""

    linked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("guide_text")
        self.setAccessibleName("手册正文")
        self.setOpenLinks(False)
        self.anchorClicked.connect(self._follow)

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """A picture of the guide's folder, no wider than the text."""
        link = QUrl(name)
        if kind != QTextDocument.ResourceType.ImageResource.value or link.scheme() not in {"", "file"}:
            return super().loadResource(kind, name)
        image = QImage(_file(link))
        room = self.room()
        if not image.isNull() and image.width() > room:
            ratio = self.devicePixelRatioF()
            image = image.scaledToWidth(round(room * ratio), Qt.TransformationMode.SmoothTransformation)
            image.setDevicePixelRatio(ratio)
        return image

    def room(self) -> int:
        """How wide a picture may be."""
        return min(WIDEST_PICTURE, max(240, self.viewport().width() - MARGIN))

    def _follow(self, link: QUrl) -> None:
        if link.hasFragment() and not link.path():
            self.linked.emit(link.fragment(QUrl.ComponentFormattingOption.FullyDecoded))
        elif link.scheme() in {"http", "https"}:
            QDesktopServices.openUrl(link)


class GuideWindow(QWidget):
    """The guide. One window for the program; F1 brings it back at the page asked for."""

    def __init__(self, role: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("guide")
        self.setWindowTitle("使用手册")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._role = role
        self._guide = Guide("")
        self._made: QTextDocument | None = None
        self._blocks: list[QTextBlock] = []
        self._hits: list[QTextCursor] = []
        self._hit = 0
        self._width = 0
        self.search = SearchField("在手册里找", self)
        self.count = CaptionLabel(parent=self)
        self.previous = PlainButton("上一处", "Shift+F3", self)
        self.following = PlainButton("下一处", "F3", self)
        self.done_button = PlainButton("关闭", "Esc", self)
        self.headings = QListWidget(self)
        self.headings.setObjectName("guide_headings")
        self.headings.setAccessibleName("目录")
        self.text = GuideText(self)
        self._lay_out()
        self._connect()
        self._read()

    def show_page(self, key: str) -> None:
        """Show the page of a screen."""
        self.show()
        self.raise_()
        self.activateWindow()
        self.show_heading(self._guide.page(key, self._role))
        self.text.setFocus()

    def show_heading(self, number: int) -> None:
        """Bring a heading to the top."""
        if 0 <= number < len(self._blocks):
            self.headings.setCurrentRow(number)
            layout = self.text.document().documentLayout()
            top = layout.blockBoundingRect(self._blocks[number]).top()
            self.text.verticalScrollBar().setValue(int(top) - 20)

    def current_heading(self) -> str:
        """The heading shown now, as it is written."""
        number = self.headings.currentRow()
        return self._guide.headings[number].text if number >= 0 else ""

    def look_for(self, words: str) -> None:
        """Mark every place that says ``words`` and go to the first behind the present one."""
        document, at = self.text.document(), QTextCursor(self.text.document())
        self._hits = []
        while words and len(self._hits) < MOST_HITS:
            at = document.find(words, at)
            if at.isNull():
                break
            self._hits.append(at)
        self._hit = 0
        self._mark()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Pictures take the width there is now."""
        super().resizeEvent(event)
        if abs(self.text.viewport().width() - self._width) > MARGIN:
            number = self.headings.currentRow()
            self._read()
            self.show_heading(number)

    def sizeHint(self) -> QSize:
        """Room for the headings and lines that are not too long to read."""
        return QSize(1080, 720)

    def _read(self) -> None:
        self._width = self.text.viewport().width()
        self._guide = guide()
        # Made apart: a document in view is laid out again after every change, with every picture read.
        document = QTextDocument(self.text)
        document.setDefaultFont(self.font())
        document.setBaseUrl(QUrl.fromLocalFile(f"{folder()}/"))
        document.setMarkdown(self._guide.markdown, QTextDocument.MarkdownFeature.MarkdownDialectGitHub)
        document.setDocumentMargin(20)
        _set_out(
            document, self.font().pixelSize() if self.font().pixelSize() > 0 else theme.current().sizes.body
        )
        _size_pictures(document, self.text.room())
        self.text.setExtraSelections([])
        self.text.setDocument(document)
        if self._made is not None:
            self._made.deleteLater()
        self._made = document
        self._blocks = _headings_of(document)
        self.headings.blockSignals(True)
        self.headings.clear()
        for each in self._guide.headings:
            self.headings.addItem(QListWidgetItem(INDENT * (each.level - 1) + each.text))
        self.headings.blockSignals(False)
        self.look_for(self.search.text().strip())

    def _step(self, by: int) -> None:
        if self._hits:
            self._hit = (self._hit + by) % len(self._hits)
            self._mark()

    def _mark(self) -> None:
        tokens = theme.current().tokens
        marks = []
        for number, cursor in enumerate(self._hits):
            mark = QTextEdit.ExtraSelection()
            mark.cursor = cursor  # type: ignore[attr-defined]
            mark.format.setBackground(  # type: ignore[attr-defined]
                QColor(tokens.accent if number == self._hit else tokens.attention_ground)
            )
            mark.format.setForeground(  # type: ignore[attr-defined]
                QColor(tokens.on_accent if number == self._hit else tokens.text)
            )
            marks.append(mark)
        self.text.setExtraSelections(marks)
        sought = self.search.text().strip()
        found = f"{self._hit + 1}/{len(self._hits)}" if self._hits else "没有找到"
        self.count.show_text(found if sought else "")
        if self._hits:
            cursor = QTextCursor(self._hits[self._hit])
            cursor.clearSelection()
            self.text.setTextCursor(cursor)
            self.text.ensureCursorVisible()
            self._tell_heading(cursor.position())

    def _tell_heading(self, position: int) -> None:
        """Show in the list which heading a place belongs to; the text stays where it is."""
        above = [number for number, each in enumerate(self._blocks) if each.position() <= position]
        self.headings.blockSignals(True)
        self.headings.setCurrentRow(above[-1] if above else 0)
        self.headings.blockSignals(False)

    def _follow(self, link: str) -> None:
        number = self._guide.linked(link)
        if number is not None:
            self.show_heading(number)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.search, 1)
        head.addWidget(self.count)
        for button in (self.previous, self.following, self.done_button):
            head.addWidget(button)
        self.count.setWordWrap(False)
        splitter = QSplitter(Qt.Orientation.Horizontal, self)
        splitter.addWidget(self.headings)
        splitter.addWidget(self.text)
        splitter.setChildrenCollapsible(False)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([260, 820])
        splitter.setHandleWidth(12)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(splitter, 1)
        self.resize(self.sizeHint())

    def _connect(self) -> None:
        self.search.searched.connect(self.look_for)
        self.search.returnPressed.connect(self.following.click)
        self.previous.clicked.connect(self._back)
        self.following.clicked.connect(self._on)
        self.done_button.clicked.connect(self.close)
        self.headings.currentRowChanged.connect(self.show_heading)
        self.text.linked.connect(self._follow)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self).activated.connect(self.search.setFocus)
        theme.current().changed.connect(self._mark)

    def _back(self) -> None:
        self._step(-1)

    def _on(self) -> None:
        self._step(1)


def _file(link: QUrl) -> str:
    """The file of a picture of the guide."""
    return link.toLocalFile() if link.isLocalFile() else str(folder() / link.path())


def _size_pictures(document: QTextDocument, room: int) -> None:
    """Say how large each picture will be; without that, all would be read before the first page is shown."""
    cursor, block = QTextCursor(document), document.begin()
    while block.isValid():
        for each in block.textFormats():
            if each.format.isImageFormat():  # type: ignore[attr-defined]
                start = block.position() + each.start  # type: ignore[attr-defined]
                cursor.setPosition(start)
                cursor.setPosition(start + each.length, QTextCursor.MoveMode.KeepAnchor)  # type: ignore[attr-defined]
                cursor.mergeCharFormat(_sized(each.format.toImageFormat(), room))  # type: ignore[attr-defined]
        block = block.next()


def _sized(picture: QTextImageFormat, room: int) -> QTextImageFormat:
    """The format of a picture with its size, of which the head of its file is enough to know."""
    size = QImageReader(_file(QUrl(picture.name()))).size()
    if size.isValid():
        if size.width() > room:
            size = QSize(room, round(size.height() * room / size.width()))
        picture.setWidth(size.width())
        picture.setHeight(size.height())
    return picture


def _set_out(document: QTextDocument, size: int) -> None:
    """Room between lines and paragraphs, headings in the sizes of the look."""
    cursor, block = QTextCursor(document), document.begin()
    while block.isValid():
        level = block.blockFormat().headingLevel()
        shape = block.blockFormat()
        # In proportion a picture would be followed by nearly half its height of nothing.
        height = 100 if _is_picture(block) else 140
        shape.setLineHeight(height, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        shape.setTopMargin({0: 0, 1: 20}.get(level, 14))
        shape.setBottomMargin(4 if block.textList() is not None else 8)
        cursor.setPosition(block.position())
        cursor.setBlockFormat(shape)
        if level:
            cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
            font = QFont(document.defaultFont())
            font.setPixelSize(size + {1: 7, 2: 4}.get(level, 1))
            font.setBold(True)
            look = QTextCharFormat()
            look.setFont(font)
            # Not added to what Markdown said: its own measure of headings would be kept beside ours.
            cursor.setCharFormat(look)
        block = block.next()


def _is_picture(block: QTextBlock) -> bool:
    return any(each.format.isImageFormat() for each in block.textFormats())  # type: ignore[attr-defined]


def _headings_of(document: QTextDocument) -> list[QTextBlock]:
    found = []
    block = document.begin()
    while block.isValid():
        if block.blockFormat().headingLevel() > 0:
            found.append(block)
        block = block.next()
    return found
