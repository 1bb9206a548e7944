"""Images: found, pulled when missing, or the reason why not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from basetype_benchmark.errors import ServiceUnavailable
from basetype_benchmark.infrastructure.docker.daemon import connect_daemon, find_image
from basetype_benchmark.infrastructure.docker.errors import (
    DaemonRefused,
    NotThere,
    daemon_errors,
)
from basetype_benchmark.progress import SILENT, Progress

if TYPE_CHECKING:
    import docker


def require_image(
    client: docker.DockerClient, reference: str, *, engine: str, progress: Progress = SILENT
) -> str:
    """Give the id of an image, which is pulled only when the daemon does not have it.

    Raises:
        ServiceUnavailable: it is missing and cannot be pulled.
    """
    found = find_image(client, reference)
    if found is None:
        _pull(client, reference, engine, progress)
        found = find_image(client, reference)
    if found is None:
        raise ServiceUnavailable(describe_missing(reference, engine, "the registry gave another"))
    return found


def fetch_image(reference: str, *, engine: str, progress: Progress = SILENT) -> str:
    """See that this machine's daemon has an image, before anything else is begun; give its id.

    Raises:
        ServiceUnavailable: no daemon answers, or the image is missing and cannot be pulled.
    """
    client = connect_daemon()
    try:
        return require_image(client, reference, engine=engine, progress=progress)
    finally:
        client.close()


def describe_missing(reference: str, engine: str, said: str) -> str:
    """Word that an image is neither here nor to be had."""
    reason = " ".join(said.split())
    return (
        f"the image {reference} is not on this machine and cannot be pulled: {reason}; "
        f"get it where there is a network: docker pull {reference}, "
        f"or take another one: --image {engine}=IMAGE"
    )


def _pull(client: docker.DockerClient, reference: str, engine: str, progress: Progress) -> None:
    from docker.utils import parse_repository_tag  # noqa: PLC0415 - see connect_daemon

    repository, tag = parse_repository_tag(reference)
    try:
        with (
            daemon_errors(f"pull the image {reference}"),
            progress.task(f"pulling {reference}", unit="bytes") as task,
        ):
            events = client.api.pull(repository, tag=tag or "latest", stream=True, decode=True)
            for done in _bytes_pulled(events, reference, engine):
                task.advance(done)
    except (NotThere, DaemonRefused) as error:
        said = str(error).partition(": ")[2]
        raise ServiceUnavailable(describe_missing(reference, engine, said)) from None


def _bytes_pulled(
    events: Iterable[Mapping[str, Any]], reference: str, engine: str
) -> Iterator[float]:
    """Give how many bytes came since the last event, over all layers."""
    seen: dict[str, float] = {}
    totals: dict[str, float] = {}
    for event in events:
        if "error" in event:
            raise ServiceUnavailable(describe_missing(reference, engine, str(event["error"])))
        layer, detail = str(event.get("id")), event.get("progressDetail") or {}
        now: float | None = None
        if event.get("status") == "Downloading":
            now, totals[layer] = detail.get("current"), detail.get("total") or 0
        elif (
            event.get("status") == "Download complete"
        ):  # the last bytes have no event of their own
            now = totals.get(layer)
        if now is not None and now > seen.get(layer, 0):
            yield now - seen.get(layer, 0)
            seen[layer] = now
