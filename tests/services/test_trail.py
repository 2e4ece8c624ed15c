"""When the last change reached the disk."""

from __future__ import annotations

from app.services import planning, trail


def test_the_trail_tells_the_moment_of_the_last_change(office, clock):
    clock.move(minutes=5)
    planning.add_plan(office, title="计划", year=2026)
    assert trail.last_stored(office) == clock.moment
