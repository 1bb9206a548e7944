"""The container images, pinned: what runs under a name is always the same.

The tag is for people, the digest for the daemon: a tag can be moved to another image, a digest
cannot. The digests are of the index that lists an image for every processor. Each was found beside
its tag in public repositories that pin the same image; none of them could be pulled where this was
written. A digest that does not exist ends in a pull that fails, never in another image.

To take a newer version, ask the registry for the digest of its index, and write both here::

    docker buildx imagetools inspect falkordb/falkordb:v4.20.4 --format '{{.Manifest.Digest}}'

Then make ``compose.yaml`` anew (``pytest --update-golden tests/unit/workflows/test_compose.py``),
and run the test suite. The wheels and the test images, which the suite runs, do not have the same
version of every engine: a near one with a known digest was taken.
"""

from __future__ import annotations

from collections.abc import Mapping

IMAGES: Mapping[str, str] = {
    "postgresql": (
        "timescale/timescaledb-ha:pg17.11-ts2.30.2"
        "@sha256:2fcc39a5d4c8a65f58691ef92c7819df5773db72397b2dd8493f114659b519c2"
    ),
    "oxigraph": (
        "ghcr.io/oxigraph/oxigraph:0.5.11"
        "@sha256:7532c1f9aa5f28c0dc6a4243198f7f6144017fab7429bf6c164a89fec9411767"
    ),
    "falkordb": (
        "falkordb/falkordb:v4.20.4"
        "@sha256:adbddd418916c25618564ff8597a919b08bc76452ebeb74eb985c38d7281df62"
    ),
    "arcadedb": (
        "arcadedata/arcadedb:26.8.1"
        "@sha256:49036720b1678b9c7a6dbf22fc34a812c8d7bed15508c22cbb02c0dddc0ca16a"
    ),
    "memgraph": (
        "memgraph/memgraph:3.12.0"
        "@sha256:c162cb9a6f76dac6080119da919d9b36e69c8b982af7bf34dd7df2b3723bd69c"
    ),
}
"""References by engine id."""
