"""Embedding on a Ray cluster of two nodes, both on this machine."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from corpus.storage.store import Store
from index.embedding import SentenceTransformerEmbedder
from index.errors import ModelError
from index.ray_embedding import ClusterEmbedder

ARTICLES = 6
LOOPBACK = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}
"""Ray then neither listens nor looks anywhere but at 127.0.0.1."""
NODES = """
import sys
from ray.cluster_utils import Cluster

nodes = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
nodes.add_node(num_cpus=1)
nodes.wait_for_nodes()
print(nodes.address, flush=True)
sys.stdin.read()
nodes.shutdown()
"""


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """The address of a head with a second node, of one core each."""
    command = [sys.executable, "-c", NODES]
    nodes = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=os.environ | LOOPBACK
    )
    assert nodes.stdout is not None
    yield nodes.stdout.readline().decode().strip()
    nodes.communicate(timeout=60)


def workers() -> set[int]:
    """Processes that embed for Ray just now."""
    found: set[int] = set()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if path.read_bytes().startswith(b"ray::MapBatches(_embedded)"):
                found.add(int(path.parent.name))
        except OSError:
            continue  # it has ended
    return found


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs /proc to find a worker")
def test_a_worker_killed_in_the_middle_loses_nothing(cluster: str, tmp_path: Path) -> None:
    articles = [
        {"id": f"{number}", "title": "", "text": " ".join(f"Ferry {number * place} left port." for place in range(60))}
        for number in range(ARTICLES)
    ]
    (tmp_path / "articles.jsonl").write_text("\n".join(map(json.dumps, articles)), "utf-8")
    command = [sys.executable, "-m", "qa.cli", "ingest", "--archive", str(tmp_path / "archive"), "--json"]
    run = subprocess.Popen(
        [*command, "--ray", cluster, str(tmp_path / "articles.jsonl")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **LOOPBACK, "PYTHONPATH": os.getcwd()},
    )
    killed: set[int] = set()
    while run.poll() is None and not killed:
        for worker in workers() - killed:
            time.sleep(0.5)  # in the middle of its task: it loads the model first
            os.kill(worker, signal.SIGKILL)
            killed.add(worker)
        time.sleep(0.05)
    output, errors = run.communicate(timeout=300)
    assert run.returncode == 0, errors
    assert json.loads(output[output.index(b"{") :])["added"] == ARTICLES
    assert killed
    store = Store.open(tmp_path / "archive")
    with store.read() as view:
        article = view.article("3")
        assert article is not None
        _, stored = view.vectors(after=0, dimensions=384)
        ids = [row.id for row in view.locate(range(len(stored) + 1)).values() if row.article_id == "3"]
        chunks = view.chunks("3")
        assert view.state.chunks == len(stored) > 2 * ARTICLES
    store.close()
    here = SentenceTransformerEmbedder().embed([article.text[one.start : one.end] for one in chunks], kind="document")
    assert (stored[np.array(ids) - 1].astype(np.float32) * here).sum(axis=1) == pytest.approx(1, abs=1e-3)


def test_a_cluster_that_is_not_there_is_named() -> None:
    with pytest.raises(ModelError, match=r"the Ray cluster at 127\.0\.0\.1:1 can't be reached"):
        ClusterEmbedder(SentenceTransformerEmbedder(), "127.0.0.1:1")


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(ModelError, match=r"pip install 'citewire\[ray\]'"):
        ClusterEmbedder(SentenceTransformerEmbedder(), "auto")
