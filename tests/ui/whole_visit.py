"""A home with one target, and the real program on it, for whole visits by one kind of hand."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pypdfium2
import zxingcpp
from PIL import Image
from PySide6.QtWidgets import QApplication

from app import bootstrap
from app.models.people import Person as PersonRecord
from app.ui.application import Session
from app.ui.crash import CrashPath
from tests.conftest import PASSPHRASE
from tests.services.conftest import add_target

FACTORY = "宜春袁州恒𬭎电器有限公司"
WRONG_ITEM = "3.1"
FACTS = "营业执照住所已迁至彬江镇，证书仍为旧址。"
ORDER_NUMBER = "袁市监责改〔2026〕17号"


def made_home(template: Path, folder: Path) -> Path:
    """A copy of the inspector's home with one target and one more colleague."""
    home = Path(shutil.copytree(template, folder))
    with bootstrap.open_home(home, PASSPHRASE) as place:
        add_target(place, FACTORY)
        with place.write("test.people") as work:
            work.session.add(PersonRecord(id="p3", name="李敏", credential="赣C36090003"))
            work.commit()
    return home


@contextmanager
def program(app: QApplication, home: Path) -> Iterator[Session]:
    """The program from its first window to its end."""
    crashes = CrashPath(home)
    session = Session(app, home, crashes)
    session.begin()
    yield session
    session.end()
    crashes.uninstall()
    for window in (session.unlock, session.shell):
        if window is not None:
            window.hide()
            window.deleteLater()


def picture(folder: Path, name: str) -> Path:
    """A photo with a colour of its own."""
    path = folder / f"IMG_{name.replace('.', '')}.jpg"
    first, second = (int(part) for part in name.split("."))
    Image.new("RGB", (96, 64), (40 * first % 256, 40 * second % 256, 120)).save(path)
    return path


def paper_text(path: Path) -> str:
    """The words of a PDF."""
    with pypdfium2.PdfDocument(path) as paper:
        return "".join(page.get_textpage().get_text_range() for page in paper).replace("\r\n", "")


def paper_codes(path: Path) -> list[str]:
    """What the QR codes of a PDF say, page by page."""
    with pypdfium2.PdfDocument(path) as paper:
        images = [page.render(scale=3).to_pil() for page in paper]
    return [code.text for image in images for code in zxingcpp.read_barcodes(image)]
