"""The datasets that a home holds, as the menu offers them."""

from __future__ import annotations

from dataclasses import dataclass

from basetype_benchmark.config.dataset_names import seed_option
from basetype_benchmark.config.settings import Settings
from basetype_benchmark.dataset.listing import DatasetEntry, list_datasets


@dataclass(frozen=True, kw_only=True)
class HeldDataset:
    """A dataset that is there and whole."""

    profile: str
    seed: int
    samples: int
    size_bytes: int

    @property
    def name(self) -> str:
        """For people."""
        return f"{self.profile}{seed_option(self.seed).replace(' --', ', ')}"

    @property
    def arguments(self) -> tuple[str, ...]:
        """How a command is told of it."""
        return (self.profile, *seed_option(self.seed).split())


def find_held(settings: Settings) -> tuple[HeldDataset, ...]:
    """Give the datasets of a home that can be used, smallest first."""
    held = [_held(entry) for entry in list_datasets(settings.datasets_dir)]
    return tuple(
        sorted(
            (dataset for dataset in held if dataset is not None),
            key=lambda dataset: (dataset.samples, dataset.name),
        )
    )


def _held(entry: DatasetEntry) -> HeldDataset | None:
    manifest = entry.manifest
    if manifest is None:
        return None
    return HeldDataset(
        profile=manifest.profile,
        seed=manifest.seed,
        samples=manifest.counts.samples,
        size_bytes=manifest.size_bytes,
    )
