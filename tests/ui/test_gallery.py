"""Pictures of the screens: each in every look, on a real home; a sentence where that cannot be."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from app import bootstrap
from app.services.workplace import Owner
from app.ui import gallery
from app.vocabulary import Role

PASSPHRASE = "correct horse battery"
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
@pytest.mark.parametrize("role", list(Role))
def test_every_screen_is_pictured_in_every_look(tmp_path: Path, role: Role):
    home, out = tmp_path / "家", tmp_path / "图片"
    with bootstrap.create_home(
        home, PASSPHRASE, Owner(role, "袁州区市场监督管理局", "彭建华", "赣C36090001")
    ):
        pass
    environment = {**os.environ, "CHAYAN_PASSPHRASE": PASSPHRASE, "QT_QPA_PLATFORM": "offscreen"}
    ran = subprocess.run(
        [sys.executable, "-m", "app.ui.gallery", str(home), str(out)],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert "propagateSizeHints" not in ran.stderr
    names = {path.stem for path in out.iterdir()}
    plain = {name for name in names if not name.endswith(("-dark", "-125"))}
    assert plain >= {f"{role}-unlock", f"{role}-settings"}
    assert names == {f"{name}{suffix}" for name in plain for suffix in ("", "-dark", "-125")}
    pictures = [QImage(str(path)) for path in out.iterdir()]
    assert {(picture.width(), picture.height()) for picture in pictures} == {(1366, 768)}


@pytest.mark.slow
def test_the_first_hour_is_pictured(tmp_path: Path):
    program = (
        "import pathlib, sys; from app.ui.gallery import take_starts; take_starts(pathlib.Path(sys.argv[1]))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        cwd=ROOT, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}, capture_output=True, text=True,
        check=False, timeout=180,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"first-use.png", "practice.png"}, "the home is gone"
    assert {QImage(str(path)).width() for path in tmp_path.iterdir()} == {1366}


@pytest.mark.parametrize(
    "arguments,passphrase,code,said",
    [
        ([], PASSPHRASE, 3, "要两个文件夹"),
        (["家", "图片"], "", 4, "没有口令"),
    ],
)
def test_what_is_missing_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys, arguments: list[str], passphrase: str, code: int, said: str
):
    monkeypatch.setenv("CHAYAN_PASSPHRASE", passphrase)
    assert gallery.main(arguments) == code
    assert said in capsys.readouterr().err


def test_without_qt_a_sentence_says_so(monkeypatch: pytest.MonkeyPatch, capsys, tmp_path: Path):
    monkeypatch.setenv("CHAYAN_PASSPHRASE", PASSPHRASE)
    monkeypatch.setitem(sys.modules, "app.ui.pictures", None)
    monkeypatch.delattr("app.ui.pictures", raising=False)
    assert gallery.main([str(tmp_path), str(tmp_path / "图片")]) == 4
    assert "窗口程序库没有装好" in capsys.readouterr().err
