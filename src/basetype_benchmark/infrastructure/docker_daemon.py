"""The Docker daemon: found, or the reason why there is none."""

from __future__ import annotations

from contextlib import suppress

import docker
from docker.errors import DockerException

from basetype_benchmark.errors import ServiceUnavailable, reason_of

ANSWER_DEADLINE_S = 10


def connect_daemon() -> docker.DockerClient:
    """Connect to the daemon of ``DOCKER_HOST``, else to that of this machine.

    Raises:
        ServiceUnavailable: none answers.
    """
    with suppress(DockerException):
        client = docker.from_env(timeout=ANSWER_DEADLINE_S)
        client.ping()
        return client
    raise ServiceUnavailable("no Docker daemon answers; start it: systemctl start docker")


def find_image(client: docker.DockerClient, reference: str) -> str | None:
    """Give the id of an image that the daemon has; None when it would have to be pulled.

    Raises:
        ServiceUnavailable: the daemon does not tell.
    """
    try:
        return str(client.images.get(reference).id)
    except docker.errors.ImageNotFound:
        return None
    except DockerException as error:
        raise ServiceUnavailable(
            f"the Docker daemon does not tell of its images: {reason_of(error)}"
        ) from None
