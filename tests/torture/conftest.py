"""One set of homes for all torture; the long runs are asked for with ``-m torture``."""

from __future__ import annotations

import pytest

from tests.torture.stage import Stage, make_stage


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    return make_stage(tmp_path_factory.mktemp("stage"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long harnesses out, whatever else `-m` says, unless they are named."""
    if "torture" not in config.option.markexpr:
        long = [item for item in items if item.get_closest_marker("torture")]
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]
