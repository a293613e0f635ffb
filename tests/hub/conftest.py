"""One hub for all tests here, with two learners' servers and a facilitator's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from running_hub import Hub, running_hub


@pytest.fixture(scope="session")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    with running_hub(tmp_path_factory.mktemp("hub")) as started:
        yield started
