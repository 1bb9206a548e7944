"""A stand-in for the Hugging Face Hub: the part of its HTTP interface that sharing a dataset takes.

Repositories live in memory. Big files are served by redirection to another host, as the Hub's are
by its network for content, and a client must not send its token there. What was asked is kept in
`HubServer.requests`, and answers can be cut short or refused.
"""

import base64
import hashlib
import json
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, quote, unquote, urlsplit

import yaml

TOKEN = "hf_secretOfTheTests0123456789"
USER = "ada"
TREE_PAGE = 7  # so that a listing takes several


@dataclass
class Repository:
    """Files by name, at each commit; the last one is `main`."""

    private: bool = False
    gated: bool = False
    commits: dict[str, dict[str, bytes]] = field(default_factory=dict)

    @property
    def head(self) -> str:
        return list(self.commits)[-1]

    @property
    def files(self) -> dict[str, bytes]:
        return self.commits[self.head]

    def commit(self, files: Mapping[str, bytes]) -> str:
        oid = hashlib.sha1(repr((len(self.commits), sorted(files))).encode()).hexdigest()
        self.commits[oid] = dict(files)
        return oid


@dataclass(frozen=True)
class Request:
    """What was asked of the server."""

    method: str
    path: str
    range: str | None
    token: str | None


@dataclass
class Fault:
    """What goes wrong with the next `times` requests whose path ends in a word."""

    status: int = 0  # 0: the answer is begun and cut half-way
    message: str = ""
    times: int = 1
    until: threading.Event | None = None  # instead: the answer is right, but comes only then


class HubServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.repositories: dict[str, Repository] = {}
        self.objects: dict[str, bytes] = {}  # big files by their SHA-256
        self.requests: list[Request] = []
        self.faults: dict[tuple[str, str], Fault] = {}  # by method and end of the path
        self.lock = threading.Lock()

    def handle_error(self, *_: object) -> None:
        """Say nothing of a client that went away."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def content_url(self) -> str:
        return f"http://localhost:{self.server_port}/content"

    def add(self, name: str, files: Mapping[str, bytes], *, private: bool = False) -> Repository:
        """Make a repository that holds some files."""
        self.repositories[name] = Repository(private=private)
        self.repositories[name].commit(files)
        return self.repositories[name]

    def asked(self, method: str, part: str) -> list[Request]:
        """The requests with this method, and this in their path."""
        return [r for r in self.requests if r.method == method and part in r.path]

    def fault_of(self, method: str, path: str) -> Fault | None:
        with self.lock:
            for (wanted, end), fault in self.faults.items():
                if wanted == method and path.endswith(end) and fault.times:
                    fault.times -= 1
                    return fault
        return None


@contextmanager
def run_hub() -> Iterator[HubServer]:
    """Run a hub for the length of the context."""
    with HubServer() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def git_oid(content: bytes) -> str:
    return hashlib.sha1(b"blob %d\0%s" % (len(content), content)).hexdigest()


def is_big(name: str) -> bool:
    return name.endswith(".parquet")


class Refusal(Exception):
    """An answer that is an error, as the Hub words it."""

    def __init__(self, status: int, code: str = "", message: str = "") -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: HubServer

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_PUT(self) -> None:
        self._answer()

    def log_message(self, *_: object) -> None:
        """The tests read `HubServer.requests` instead."""

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = unquote(urlsplit(self.path).path)
        asked = Request(self.command, path, self.headers.get("Range"), self._token())
        with self.server.lock:
            self.server.requests.append(asked)
        self.fault = self.server.fault_of(self.command, path)
        if self.fault and self.fault.until:
            self.fault.until.wait(60)
            self.fault = None
        try:
            if self.fault and self.fault.status:
                raise Refusal(self.fault.status, message=self.fault.message)
            self._route(path, body)
        except Refusal as refusal:
            headers = {"X-Error-Code": refusal.code, "X-Error-Message": refusal.message}
            content = json.dumps({"error": refusal.message}).encode()
            self._send(refusal.status, content, {k: v for k, v in headers.items() if v})

    def _route(self, path: str, body: bytes) -> None:
        for pattern, name in _ROUTES:
            found = re.fullmatch(pattern, f"{self.command} {path}")
            if found:
                getattr(self, name)(body, **found.groupdict())
                return
        raise Refusal(404, message=f"no such page: {self.command} {path}")

    # Reading

    def _list(self, _body: bytes) -> None:
        author = parse_qs(urlsplit(self.path).query)["author"][0]
        names = [n for n in self.server.repositories if n.startswith(f"{author}/")]
        seen = [n for n in names if not self.server.repositories[n].private or self._is_user()]
        self._send_json([{"id": name} for name in seen])

    def _info(self, _body: bytes, repo: str, rev: str | None = None) -> None:
        repository = self._find(repo)
        commit = self._commit_of(repository, rev)
        siblings = [{"rfilename": name} for name in sorted(repository.commits[commit])]
        found = {"id": repo, "sha": commit, "private": repository.private, "siblings": siblings}
        self._send_json(found)

    def _tree(self, _body: bytes, repo: str, rev: str) -> None:
        repository = self._find(repo)
        files = repository.commits[self._commit_of(repository, rev)]
        first = int(parse_qs(urlsplit(self.path).query).get("cursor", ["0"])[0])
        names = sorted(files)[first : first + TREE_PAGE]
        headers = {}
        if first + TREE_PAGE < len(files):
            path = urlsplit(self.path).path
            next_page = f"{self.server.url}{path}?recursive=true&cursor={first + TREE_PAGE}"
            headers["Link"] = f'<{next_page}>; rel="next"'
        self._send_json([self._entry(name, files[name]) for name in names], headers)

    def _entry(self, name: str, content: bytes) -> dict[str, object]:
        entry: dict[str, object] = {
            "type": "file",
            "path": name,
            "size": len(content),
            "oid": git_oid(content),
        }
        if is_big(name):
            digest = hashlib.sha256(content).hexdigest()
            entry["lfs"] = {"oid": digest, "size": len(content), "pointerSize": 130}
        return entry

    def _resolve(self, _body: bytes, repo: str, rev: str, name: str) -> None:
        repository = self._find(repo)
        if repository.gated:
            raise Refusal(403, "GatedRepo", "Access to this dataset is restricted")
        commit = self._commit_of(repository, rev)
        content = repository.commits[commit].get(name)
        if content is None:
            raise Refusal(404, "EntryNotFound", "Entry not found")
        headers = {"X-Repo-Commit": commit}
        if not is_big(name):
            self._send_content(content, {**headers, "ETag": f'"{git_oid(content)}"'})
            return
        headers["X-Linked-Etag"] = f'"{hashlib.sha256(content).hexdigest()}"'
        headers["X-Linked-Size"] = str(len(content))
        headers["Location"] = f"{self.server.content_url}/{repo}/{commit}/{quote(name)}"
        self._send(302, b"", headers)

    def _content(self, _body: bytes, repo: str, commit: str, name: str) -> None:
        if self._token():
            raise Refusal(400, message="a token was sent to a host that is not the Hub's")
        self._send_content(self.server.repositories[repo].commits[commit][name], {})

    # Writing

    def _create(self, body: bytes) -> None:
        asked = json.loads(body)
        name = f"{asked['organization'] or USER}/{asked['name']}"
        self._refuse_stranger(name)
        if name in self.server.repositories:
            raise Refusal(409, message="You already created this dataset repo")
        is_private = asked.get("visibility") == "private" or asked.get("private") is True
        self.server.add(name, {".gitattributes": b"*.parquet\n"}, private=is_private)
        self._send_json({"url": f"{self.server.url}/datasets/{name}"})

    def _validate(self, body: bytes) -> None:
        _, front_matter, _ = json.loads(body)["content"].split("---\n", 2)
        found = yaml.safe_load(front_matter)
        if not {"license", "configs", "dataset_info"} <= found.keys():
            raise Refusal(400, message="the card lacks metadata")
        self._send_json({"errors": [], "warnings": []})

    def _preupload(self, body: bytes, repo: str, rev: str) -> None:
        repository = self._find(repo)
        files = repository.commits[self._commit_of(repository, rev)]
        answers = []
        for asked in json.loads(body)["files"]:
            name, mode = asked["path"], "lfs" if is_big(asked["path"]) else "regular"
            answer = {"path": name, "uploadMode": mode, "shouldIgnore": False}
            if name in files:
                digest = hashlib.sha256(files[name]).hexdigest()
                answer["oid"] = digest if is_big(name) else git_oid(files[name])
            answers.append(answer)
        self._send_json({"files": answers})

    def _batch(self, body: bytes, repo: str) -> None:
        self._refuse_stranger(repo)
        objects = []
        for asked in json.loads(body)["objects"]:
            answer = {"oid": asked["oid"], "size": asked["size"]}
            if asked["oid"] not in self.server.objects:
                answer["actions"] = {"upload": {"href": f"{self.server.url}/store/{asked['oid']}"}}
            objects.append(answer)
        self._send_json({"transfer": "basic", "objects": objects})

    def _store(self, body: bytes, oid: str) -> None:
        if hashlib.sha256(body).hexdigest() != oid:
            raise Refusal(400, message="the content is not what was announced")
        self.server.objects[oid] = body
        self._send(200, b"")

    def _commit(self, body: bytes, repo: str, rev: str) -> None:
        self._refuse_stranger(repo)
        repository = self._find(repo)
        files = dict(repository.commits[self._commit_of(repository, rev)])
        for line in body.splitlines():
            step = json.loads(line)
            value = step["value"]
            match step["key"]:
                case "file":
                    files[value["path"]] = base64.b64decode(value["content"])
                case "lfsFile":
                    if value["oid"] not in self.server.objects:
                        raise Refusal(400, message="a big file was not uploaded")
                    files[value["path"]] = self.server.objects[value["oid"]]
                case "deletedFile":
                    del files[value["path"]]
        oid = repository.commit(files)
        found = {"commitUrl": f"{self.server.url}/datasets/{repo}/commit/{oid}", "commitOid": oid}
        self._send_json(found)

    # Rights

    def _token(self) -> str | None:
        return (self.headers.get("Authorization") or "").removeprefix("Bearer ") or None

    def _is_user(self) -> bool:
        return self._token() == TOKEN

    def _find(self, repo: str) -> Repository:
        if self._token() and not self._is_user():
            raise Refusal(401, message="Invalid credentials in Authorization header")
        found = self.server.repositories.get(repo)
        if found is None or (found.private and not self._is_user()):
            raise Refusal(404 if self._is_user() else 401, "RepoNotFound", "Repository not found")
        return found

    def _refuse_stranger(self, repo: str) -> None:
        if not self._is_user():
            raise Refusal(401, message="Invalid credentials in Authorization header")
        if not repo.startswith(f"{USER}/"):
            # A server that is careless enough to repeat what it was sent.
            raise Refusal(403, message=f"{self._token()} may not write to this namespace")

    def _commit_of(self, repository: Repository, rev: str | None) -> str:
        commit = repository.head if rev in (None, "main") else rev
        if commit not in repository.commits:
            raise Refusal(404, "RevisionNotFound", "Invalid rev id")
        return str(commit)

    # Answers

    def _send_json(self, found: object, headers: Mapping[str, str] | None = None) -> None:
        self._send(200, json.dumps(found).encode(), headers)

    def _send_content(self, content: bytes, headers: Mapping[str, str]) -> None:
        wanted = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range") or "")
        if not wanted:
            self._send(200, content, headers)
            return
        first = int(wanted[1])
        extent = f"bytes {first}-{len(content) - 1}/{len(content)}"
        self._send(206, content[first:], {**headers, "Content-Range": extent})

    def _send(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "HEAD":
            return
        if self.fault and not self.fault.status:
            self.wfile.write(body[: len(body) // 2])
            self.close_connection = True
            return
        self.wfile.write(body)


_REPO = r"(?P<repo>[^/]+/[^/]+?)"
_ROUTES = (
    ("GET /api/datasets", "_list"),
    (f"GET /api/datasets/{_REPO}", "_info"),
    (f"GET /api/datasets/{_REPO}/revision/(?P<rev>[^/]+)", "_info"),
    (f"GET /api/datasets/{_REPO}/tree/(?P<rev>[^/]+)", "_tree"),
    (f"(GET|HEAD) /datasets/{_REPO}/resolve/(?P<rev>[^/]+)/(?P<name>.+)", "_resolve"),
    (f"GET /content/{_REPO}/(?P<commit>[^/]+)/(?P<name>.+)", "_content"),
    ("POST /api/repos/create", "_create"),
    ("POST /api/validate-yaml", "_validate"),
    (f"POST /api/datasets/{_REPO}/preupload/(?P<rev>[^/]+)", "_preupload"),
    (f"POST /datasets/{_REPO}.git/info/lfs/objects/batch", "_batch"),
    ("PUT /store/(?P<oid>[0-9a-f]+)", "_store"),
    (f"POST /api/datasets/{_REPO}/commit/(?P<rev>[^/]+)", "_commit"),
)
