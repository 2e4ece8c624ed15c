"""Played time moves forward, and deeds come in the order of their days."""

from __future__ import annotations

import io
from datetime import date, datetime
from random import Random

from PIL import ExifTags, Image

from app.clock import LOCAL
from app.demo.diary import Diary, PlayedClock, working_days
from app.demo.pictures import SIZE, photo, signature
from app.demo.script import script
from app.demo.selftest import DAY
from app.law.library import library


def test_deeds_come_in_order_and_none_after_the_last_day() -> None:
    clock = PlayedClock(datetime(2026, 1, 5, 9, tzinfo=LOCAL))
    diary = Diary(clock, last=date(2026, 3, 1))
    done: list[tuple[str, date]] = []
    diary.enter(date(2026, 2, 1), lambda: done.append(("second", clock.today)))
    diary.enter(date(2026, 3, 2), lambda: done.append(("too late", clock.today)))

    def begin() -> None:
        done.append(("first", clock.today))
        diary.enter(date(2026, 1, 10), lambda: done.append(("overdue", clock.today)))

    diary.enter(date(2026, 1, 20), begin)
    diary.live()
    assert done == [
        ("first", date(2026, 1, 20)),
        ("overdue", date(2026, 1, 20)),  # a day in the past is done at once, the clock never goes back
        ("second", date(2026, 2, 1)),
    ]


def test_working_days_know_the_official_holidays() -> None:
    days = working_days(date(2026, 9, 28), date(2026, 10, 12))
    assert date(2026, 10, 1) not in days
    assert date(2026, 10, 12) in days


def test_a_photo_carries_the_camera_s_time_and_orientation() -> None:
    picture = Image.open(io.BytesIO(photo(Random(1), "1.1-1", DAY, upright=True)))
    exif = picture.getexif()
    assert picture.format == "JPEG"
    assert picture.size == (SIZE[1], SIZE[0])
    assert exif[ExifTags.Base.Orientation] == 6
    assert exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] == "2026:08:12 09:00:00"


def test_a_signature_is_ink_on_nothing() -> None:
    picture = Image.open(io.BytesIO(signature(Random(1), "彭建华")))
    assert (picture.format, picture.mode) == ("PNG", "RGBA")
    assert picture.getpixel((0, 0))[3] == 0
    assert picture.getextrema()[3] == (0, 255)


def test_the_script_is_whole() -> None:
    cited = script().citations
    assert cited.keys() == {"violated", "basis"}
    assert not any(library().get(each).needs_confirmation for each in cited.values())
    assert script().office.credential != script().laptop.credential
    assert script().number("case", 3) == "宜市监案〔2026〕03号"
