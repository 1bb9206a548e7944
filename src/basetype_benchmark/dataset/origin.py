"""Whether a dataset follows from a plan: profile files change, and so does the generator."""

from __future__ import annotations

from basetype_benchmark.config.profiles import Profile
from basetype_benchmark.dataset.fingerprint import digest_graph
from basetype_benchmark.dataset.graph import Graph
from basetype_benchmark.dataset.manifest import GENERATOR_VERSION, MANIFEST_NAME
from basetype_benchmark.dataset.reader import open_dataset
from basetype_benchmark.dataset.storage import Storage
from basetype_benchmark.dataset.topology import build_graph
from basetype_benchmark.errors import DatasetError


def is_same_graph(one: Graph, other: Graph) -> bool:
    """Whether two graphs have the same nodes and relations, to the last property."""
    return digest_graph(one) == digest_graph(other)


def refuse_other_dataset(storage: Storage, profile: Profile, seed: int) -> None:
    """See that a complete dataset in a folder of this machine is that of a profile as it is today.

    Raises:
        DatasetError: it is another one, was made from another plan, or is damaged.
    """
    folder = storage.local
    if folder is None or not (folder / MANIFEST_NAME).is_file():
        return
    try:
        found = open_dataset(folder)
        there = Graph(nodes=found.nodes(), edges=found.edges(), ghosts=())
    except DatasetError as error:
        raise DatasetError(f"{error}; --force replaces it") from error
    manifest = found.manifest
    if (manifest.profile, manifest.seed) != (profile.name, seed):
        raise DatasetError(
            f"{folder} holds the dataset {manifest.profile} with seed {manifest.seed}; choose "
            "another folder, or replace it with --force"
        )
    if not is_same_graph(there, build_graph(profile, seed)):
        raise DatasetError(
            f"{folder} holds the dataset {profile.name} made from other buildings, by version "
            f"{manifest.generator_version}: the profile file has changed since, or the generator; "
            "move it away to keep it, or replace it with --force"
        )


def origin_of(graph: Graph, seed: int) -> str:
    """Say what the series of a building follow from: its graph, the seed and the generator.

    The same origin, building and day give the same samples, whatever dataset they are in.
    """
    return f"{GENERATOR_VERSION}:{seed}:{digest_graph(graph).hex()}"
