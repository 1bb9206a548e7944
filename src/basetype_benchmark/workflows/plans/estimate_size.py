"""How big the datasets of a plan are, also those that are not there yet."""

from __future__ import annotations

from dataclasses import dataclass

from basetype_benchmark.config.dataset_names import dataset_name
from basetype_benchmark.config.profiles import Profile
from basetype_benchmark.config.rates import Rates
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.dataset.listing import list_datasets
from basetype_benchmark.dataset.manifest import Manifest
from basetype_benchmark.errors import BenchmarkError
from basetype_benchmark.workflows.profiles import load_profiles

_GUESS_FACTOR = 1.6
_SAME_SCALE_FACTOR = 1.05


@dataclass(frozen=True, kw_only=True)
class DataSize:
    """Nodes and relations, samples, and bytes of the files of a dataset.

    `is_there`: it can be used; else its sizes are guessed, by `factor` too small or too big.
    """

    elements: float
    samples: float
    file_bytes: float
    is_there: bool
    factor: float = 1.0


class DataSizes:
    """Gives the sizes of the datasets of one seed, there or not."""

    def __init__(self, settings: Settings, seed: int, rates: Rates) -> None:
        self._profiles = load_profiles(settings)
        self._rates = rates.data
        found = [entry.manifest for entry in list_datasets(settings.datasets_dir)]
        named = [manifest for manifest in found if manifest is not None]
        self._there = {
            manifest.profile: manifest
            for manifest in named
            if manifest.seed == seed
            and (settings.datasets_dir / dataset_name(manifest.profile, seed)).is_dir()
        }

    def of(self, profile: str) -> DataSize:
        """Read the size off the manifest, else guess it.

        By days from one of the same scale, else by spaces and days.

        Raises:
            UsageError: there is neither such a dataset nor such a profile.
        """
        if profile in self._there:
            return _size_of(self._there[profile], 1, is_there=True)
        wanted = self._profiles.find(profile)
        for name, manifest in self._there.items():
            known = self._find(name)
            if known is not None and known.scale == wanted.scale:
                return _size_of(manifest, wanted.days / known.days, is_there=False)
        spaces = wanted.scale.spaces
        samples = self._rates.samples_per_space_day * spaces * wanted.days
        return DataSize(
            elements=self._rates.elements_per_space * spaces,
            samples=samples,
            file_bytes=self._rates.bytes_per_sample * samples,
            is_there=False,
            factor=_GUESS_FACTOR,
        )

    def _find(self, name: str) -> Profile | None:
        """Look up the profile of a dataset that is there; it may come from elsewhere."""
        try:
            return self._profiles.find(name)
        except BenchmarkError:
            return None


def _size_of(manifest: Manifest, times: float, *, is_there: bool) -> DataSize:
    counts = manifest.counts
    return DataSize(
        elements=sum(counts.nodes.values()) + sum(counts.edges.values()),
        samples=counts.samples * times,
        file_bytes=manifest.size_bytes * times,
        is_there=is_there,
        factor=1.0 if is_there else _SAME_SCALE_FACTOR,
    )
