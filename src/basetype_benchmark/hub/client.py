"""The Hub as the benchmark uses it, through the real client, which is imported when it is used.

The client finds a token in its own ways (``HF_TOKEN``, ``hf auth login``) and the Hub's address in
``HF_ENDPOINT``. Nothing here keeps the token or tells it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

from basetype_benchmark import __version__
from basetype_benchmark.errors import DatasetError, HostError

if TYPE_CHECKING:
    from huggingface_hub import HfApi

REPOSITORY_TYPE = "dataset"

_TIMEOUT_S = 20.0


@dataclass(frozen=True, kw_only=True)
class RemoteFiles:
    """A repository at one commit, so that nothing of it changes while it is read."""

    repository: str
    commit: str
    names: frozenset[str]
    is_private: bool


@dataclass(frozen=True, kw_only=True)
class Hub:
    """A Hub and the client for it."""

    api: HfApi

    @property
    def host(self) -> str:
        """Its name, for messages; an address may hold a password."""
        return urlsplit(self.api.endpoint).netloc.rpartition("@")[2] or "the Hub"

    def list_repositories(self, owner: str) -> list[str]:
        """Name the datasets of somebody that may be seen.

        Raises:
            HostError: the Hub cannot be reached, or refuses.
        """
        with self.naming_errors(owner):
            return [found.id for found in self.api.list_datasets(author=owner)]

    def look_up(self, repository: str, revision: str | None = None) -> RemoteFiles:
        """Find the commit a revision (default: the newest) is at, and its files.

        Raises:
            UsageError: there is no such repository or revision, or it may not be seen.
            HostError: the Hub cannot be reached, or refuses.
        """
        with self.naming_errors(repository, revision):
            info = self.api.dataset_info(repository, revision=revision, timeout=_TIMEOUT_S)
        return RemoteFiles(
            repository=repository,
            commit=info.sha or "main",
            names=frozenset(entry.rfilename for entry in info.siblings or ()),
            is_private=bool(info.private),
        )

    def fetch(self, remote: RemoteFiles, name: str, folder: Path) -> Path:
        """Download a file into `folder`, under its name in the repository.

        Raises:
            DatasetError: the repository does not have it.
            HostError: the Hub cannot be reached, or refuses; the transfer broke off too often.
            DiskFull: there is no space left.
        """
        if name not in remote.names:
            raise DatasetError(
                f"{remote.repository} on {self.host} lacks {name}: it was not published whole; "
                "publish it again"
            )
        with self.naming_errors(remote.repository, remote.commit):
            try:
                return self._download(remote, name, folder)
            except httpx.TransportError:
                # The client shares one session among all threads, and closes it for all of them
                # when one cannot connect: a second try has a new one.
                return self._download(remote, name, folder)

    def _download(self, remote: RemoteFiles, name: str, folder: Path) -> Path:
        path = self.api.hf_hub_download(
            remote.repository,
            name,
            repo_type=REPOSITORY_TYPE,
            revision=remote.commit,
            local_dir=folder,
        )
        return Path(str(path))

    def read(self, remote: RemoteFiles, name: str) -> bytes:
        """Download a small file and give its content; raises like `fetch`."""
        with tempfile.TemporaryDirectory(prefix="btb-hub-") as folder:
            return self.fetch(remote, name, Path(folder)).read_bytes()

    def require_token(self) -> None:
        """See that there is a token at all.

        Raises:
            HostError: there is none.
        """
        from huggingface_hub import get_token  # noqa: PLC0415 - an extra

        from basetype_benchmark.hub.refusals import LOG_IN  # noqa: PLC0415

        if get_token() is None:
            raise HostError(f"there is no token for {self.host}; {LOG_IN}")

    @contextmanager
    def naming_errors(self, repository: str, revision: str | None = None) -> Iterator[None]:
        """Turn what the client raises into one of our errors, see `refusals`."""
        from basetype_benchmark.hub.refusals import (  # noqa: PLC0415 - an extra
            CLIENT_ERRORS,
            Request,
            tells_token,
            translate,
        )

        try:
            yield
        except CLIENT_ERRORS as error:
            request = Request(host=self.host, repository=repository, revision=revision)
            raise translate(error, request) from (None if tells_token(error) else error)


def open_hub(endpoint: str | None = None) -> Hub:
    """Give the Hub at an address; default: that of the client, see ``HF_ENDPOINT``.

    Raises:
        HostError: the client is not installed.
    """
    try:
        import huggingface_hub  # noqa: PLC0415 - an extra
        from huggingface_hub.utils import logging  # noqa: PLC0415
        from huggingface_hub.utils.tqdm import disable_progress_bars  # noqa: PLC0415
    except ImportError as error:
        raise HostError(
            "the client of the Hugging Face Hub is not installed; install it with: "
            "pip install 'basetype-benchmark[publish]'"
        ) from error
    # What the client would say beside our own progress and errors.
    logging.set_verbosity(logging.log_levels["critical"])
    disable_progress_bars()
    api = huggingface_hub.HfApi(
        endpoint=endpoint, library_name="basetype-benchmark", library_version=__version__
    )
    return Hub(api=api)
