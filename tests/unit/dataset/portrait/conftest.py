"""Portraits of tiny-2d and of the toy building, made once."""

from collections.abc import Mapping

import pytest

from basetype_benchmark.dataset.portrait.figure import Figure, Omission
from basetype_benchmark.dataset.portrait.inventory import Inventory, read_inventory
from basetype_benchmark.dataset.portrait.portrait import make_figures, portray
from basetype_benchmark.dataset.portrait.window import Window, choose_window
from basetype_benchmark.dataset.reader import Dataset
from tests.toy import build_toy


@pytest.fixture(scope="session")
def window(tiny: Dataset) -> Window:
    return choose_window(tiny.manifest, None)


@pytest.fixture(scope="session")
def inventory(tiny: Dataset) -> Inventory:
    return read_inventory(tiny, "b01")


@pytest.fixture(scope="session")
def figures(tiny: Dataset, inventory: Inventory, window: Window) -> Mapping[str, Figure]:
    """Every figure of tiny-2d by its key; none is left out but what tiny has not."""
    made = make_figures(tiny, inventory, window)
    return {item.key: item for item in made if isinstance(item, Figure)}


@pytest.fixture(scope="session")
def page(tiny: Dataset) -> str:
    return portray(tiny)


@pytest.fixture(scope="session")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return build_toy(tmp_path_factory.mktemp("toy") / "toy-2d_seed0")


@pytest.fixture(scope="session")
def toy_figures(toy: Dataset) -> Mapping[str, Figure | Omission]:
    chosen = choose_window(toy.manifest, None)
    return {item.key: item for item in make_figures(toy, read_inventory(toy, "b01"), chosen)}
