"""Pictures of the screens: one for each entry of the rail, at the size of a field laptop."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from app.ui import gallery


@pytest.mark.slow
def test_every_screen_is_taken(qapp, laptop_template: Path, tmp_path: Path) -> None:
    home = Path(shutil.copytree(laptop_template, tmp_path / "laptop"))
    made = gallery.take(home, "correct horse battery", tmp_path / "out")
    names = {path.stem for path in made}
    assert {"unlock", "01-today", "02-targets", "03-visit", "dark"} <= names
    for path in made:
        image = QImage(str(path))
        assert (image.width(), image.height()) == gallery.SIZE
        colours = {
            image.pixel(x, y) for x in range(0, image.width(), 23) for y in range(0, image.height(), 17)
        }
        assert len(colours) > 3, f"{path.name} is blank"
