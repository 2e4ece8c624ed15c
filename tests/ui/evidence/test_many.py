"""Two hundred photos of 12 megapixels: nothing blocks the window, memory stays within bounds, no plaintext."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtTest import QTest

from app.models.base import new_id
from app.models.inspection import Evidence
from app.ui.evidence import thumbs
from tests.ui.watchdog import LIMIT, Watchdog

from .test_gallery import KEY, opened, rows

MANY = 200


@pytest.fixture(scope="module")
def large() -> bytes:
    """A photo of 12 megapixels with as much detail as a camera's."""
    noise = Image.effect_noise((1000, 750), 60).resize((4000, 3000))
    out = io.BytesIO()
    Image.merge("RGB", (noise, noise.transpose(Image.Transpose.FLIP_LEFT_RIGHT), noise)).save(
        out, "JPEG", quality=88
    )
    return out.getvalue()


def fill(scene, data: bytes, count: int, different: int) -> None:
    """Evidence rows on ``different`` files; each turn is a picture of its own for the gallery."""
    visit = scene.screen.work.inspection_id
    hashes = [scene.place.evidence.put_bytes(data + bytes([number])) for number in range(different)]
    with scene.place.write("test.many") as work:
        for number in range(count):
            work.session.add(
                Evidence(
                    inspection_id=visit, key=new_id(), sha256=hashes[number % different],
                    file_name=f"IMG_{number:04}.jpg", media_type="image/jpeg", size=len(data),
                    taken_at=scene.place.now(), rotation=90 * (number // different),
                )
            )  # fmt: skip
        work.commit()
    scene.shell.broadcast(None)


@pytest.fixture
def dog(scene) -> Iterator[Watchdog]:
    """Watches how long the main thread works at a stretch; what others do to this machine does not count."""
    watching = Watchdog(scene.desk.jobs.is_busy)
    yield watching
    watching.stop()


def test_two_hundred_photos_are_scrolled_without_a_hitch(scene, large, dog):
    panel = opened(scene)
    fill(scene, large, MANY, 50)
    assert len(rows(scene)) == MANY
    gallery = panel.gallery
    gallery.setFocus()
    with dog.during("scroll"):
        while gallery.currentIndex().row() < MANY - 1:
            before = gallery.currentIndex().row()
            QTest.keyClick(gallery, KEY.Key_PageDown)
            QTest.qWait(30)
            assert gallery.currentIndex().row() > before
    assert dog.worked["scroll"] < LIMIT, dog.stacks
    pixmaps, packed = panel.thumbs.held()
    assert pixmaps <= thumbs.PIXMAPS
    assert packed <= thumbs.BYTES
    assert panel.thumbs.picture(gallery.rows()[-1]) is not None, "what is seen at the end is there"


def test_taking_in_a_photo_of_twelve_megapixels_blocks_nothing(scene, large, dog, tmp_path: Path):
    panel = opened(scene)
    path = tmp_path / "large.jpg"
    path.write_bytes(large)
    with dog.during("take in"):
        scene.screen.intake.take("1.1", [path])
        scene.qtbot.waitUntil(lambda: panel.thumbs.held()[0] == 1)
    with dog.during("enlarge"):
        scene.key(KEY.Key_Return)
    assert not panel.viewer.picture.pixmap().isNull()
    assert max(dog.worked.values()) < LIMIT, (dog.worked, dog.stacks)


def test_the_caches_have_bounds(scene, large, monkeypatch):
    monkeypatch.setattr(thumbs, "PIXMAPS", 4)
    monkeypatch.setattr(thumbs, "BYTES", 60_000)
    scene.open_visit()
    fill(scene, large, 12, 3)
    alone = thumbs.Thumbs(scene.place, scene.desk.jobs, 200, scene.screen)
    for row in rows(scene):
        assert alone.picture(row) is None
        scene.settled()
    pixmaps, packed = alone.held()
    assert 0 < pixmaps <= 4
    assert 0 < packed <= 60_000
    assert alone.picture(rows(scene)[-1]) is not None


def test_small_pictures_leave_nothing_on_the_disk(scene, large):
    panel = opened(scene)
    fill(scene, large, 8, 4)
    scene.settled()
    panel.open_large()
    scene.settled()
    found = [path for path in scene.place.home.rglob("*") if path.is_file()]
    for path in found:
        content = path.read_bytes()
        assert b"\xff\xd8\xff" not in content[:64], f"{path.name} is a picture in the clear"
    assert len([path for path in found if "evidence" in path.parts]) == 4
