"""An image registry on a loopback port, which Docker trusts without TLS: one real image."""

import gzip
import hashlib
import io
import json
import os
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import docker

from basetype_benchmark.units import MIB

NEW_BYTES = 4 * MIB
MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
CONFIG = "application/vnd.docker.container.image.v1+json"
LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"


@contextmanager
def registry(source: docker.DockerClient, reference: str, name: str) -> Iterator[tuple[str, str]]:
    """Serve an image of a daemon as `name:1.0`; gives the address and the digest of the manifest.

    It has one more layer of `NEW_BYTES`, which no daemon has yet.
    """
    blobs, manifest = _take_apart(b"".join(source.images.get(reference).save()))
    digest = _digest(manifest)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, _, wanted = self.path.removeprefix(f"/v2/{name}/").partition("/")
            if self.path == "/v2/":
                self._answer("application/json", b"{}")
            elif kind == "manifests" and wanted in ("1.0", digest):
                self._answer(MANIFEST, manifest)
            elif kind == "blobs" and wanted in blobs:
                self._answer("application/octet-stream", blobs[wanted])
            else:
                self.send_error(404)

        def do_HEAD(self) -> None:
            self.do_GET()

        def _answer(self, kind: str, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Docker-Content-Digest", _digest(body))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_port}", digest
        finally:
            server.shutdown()
            thread.join()


def _take_apart(archive: bytes) -> tuple[dict[str, bytes], bytes]:
    """Give what a registry has of an image that ``docker save`` wrote: blobs, and the manifest."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:

        def read(member: str) -> bytes:
            file = tar.extractfile(member)
            assert file is not None
            return file.read()

        [image] = json.loads(read("manifest.json"))
        config = json.loads(read(image["Config"]))
        layers = [read(layer) for layer in image["Layers"]]
    layers.append(_new_layer())
    config["rootfs"]["diff_ids"] = [_digest(layer) for layer in layers]
    config["history"] = [{"created_by": "test"} for _ in layers]
    return _put_together(json.dumps(config).encode(), [gzip.compress(la, 1) for la in layers])


def _put_together(config: bytes, layers: list[bytes]) -> tuple[dict[str, bytes], bytes]:
    manifest = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": _describe(CONFIG, config),
        "layers": [_describe(LAYER, layer) for layer in layers],
    }
    return {_digest(blob): blob for blob in (config, *layers)}, json.dumps(manifest).encode()


def _new_layer() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as tar:
        member = tarfile.TarInfo("new")
        member.size = NEW_BYTES
        tar.addfile(member, io.BytesIO(os.urandom(NEW_BYTES)))
    return file.getvalue()


def _describe(kind: str, blob: bytes) -> dict[str, object]:
    return {"mediaType": kind, "size": len(blob), "digest": _digest(blob)}


def _digest(blob: bytes) -> str:
    return f"sha256:{hashlib.sha256(blob).hexdigest()}"
