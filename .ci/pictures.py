"""Fill docs/images from a demonstration: python .ci/pictures.py DEMO docs/images (`make pictures`).

Screens are the window's own pictures, pages are the printed PDFs; both lose nothing but colours that
nobody would miss.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from app.forms.preview import page_image
from app.ui.gallery import take_starts

SCREENS = {
    "today": "laptop/inspector-today",
    "targets": "laptop/inspector-targets",
    "inspection": "laptop/inspector-visit",
    "inspection-dark": "laptop/inspector-visit-dark",
    "inspection-125": "laptop/inspector-visit-125",
    "enforcement": "laptop/inspector-enforcement",
    "printing": "laptop/inspector-printing",
    "handover": "laptop/inspector-handover",
    "registry": "office/supervisor-registry",
    "planning": "office/supervisor-planning",
    "conflicts": "office/supervisor-conflicts",
    "review": "office/supervisor-review",
    "table": "office/supervisor-tables",
    "table-dark": "office/supervisor-tables-dark",
    "guide-unlock": "laptop/inspector-unlock",
    "guide-evidence": "laptop/inspector-evidence",
    "guide-scans": "laptop/inspector-scans",
    "guide-settings": "office/supervisor-settings",
    "guide-checklists": "office/supervisor-checklists",
    "guide-devices": "office/supervisor-handover",
    "guide-inbox": "office/supervisor-inbox",
    "guide-reports": "office/supervisor-reports",
}
STARTS = ("guide-first-use", "guide-practice")
"""Windows of the first hour, which no home of the demonstration shows."""
PAGES = {
    "form-inspection-record": "01-inspection-record.pdf",
    "form-checklist": "01-checklist.pdf",
    "form-rectification-order": "01-rectification-order.pdf",
    "form-blank": "blank-inspection-record.pdf",
    "form-on-site-record": "blank-on-site-record.pdf",
    "form-interview-record": "blank-interview-record.pdf",
    "form-sampling-record": "blank-sampling-record.pdf",
    "form-random-inspection": "blank-random-inspection.pdf",
    "form-demonstration-enterprise": "blank-demonstration-enterprise.pdf",
    "form-plan-table": "blank-plan-table.pdf",
}


def keep(picture: Image.Image, target: Path) -> None:
    """Write one picture with 128 colours."""
    picture.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(target, optimize=True)


def main() -> None:
    """Take the pictures the README and the docs show."""
    demo, images = map(Path, sys.argv[1:3])
    images.mkdir(parents=True, exist_ok=True)
    for name, source in SCREENS.items():
        with Image.open(demo / "screens" / f"{source}.png") as picture:
            keep(picture, images / f"{name}.png")
    for name, source in PAGES.items():
        page = page_image((demo / "forms" / source).read_bytes(), 0, 1.4)
        keep(Image.frombytes("RGBA", (page.width, page.height), page.rgba), images / f"{name}.png")
    with TemporaryDirectory() as folder:
        for name, path in zip(STARTS, take_starts(Path(folder)), strict=True):
            with Image.open(path) as picture:
                keep(picture, images / f"{name}.png")
    print(f"{len(SCREENS) + len(PAGES) + len(STARTS)} pictures in {images}")


if __name__ == "__main__":
    main()
