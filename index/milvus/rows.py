"""What a chunk is in Milvus: the collection's fields, the rows, and filters and words in its terms."""

import json
import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.storage.view import ChunkText, View
from index.analysis import analyze, query_terms
from index.types import Filter, Half

if TYPE_CHECKING:
    from pymilvus import MilvusClient

_LINKS, _WIDTH = 16, 100
_NONE = -1
_VARCHAR = 65_535


def create(client: "MilvusClient", dimensions: int) -> str:
    """Make an empty collection with its indexes, ready to be searched, and give its name."""
    from pymilvus import DataType, Function, FunctionType

    schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field("id", DataType.INT64, is_primary=True)
    schema.add_field("article", DataType.INT64)
    schema.add_field("day", DataType.INT64)
    schema.add_field("source", DataType.VARCHAR, max_length=_VARCHAR)
    schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dimensions)
    analyzer = {"tokenizer": "standard"}
    schema.add_field("words", DataType.VARCHAR, max_length=_VARCHAR, enable_analyzer=True, analyzer_params=analyzer)
    schema.add_field("bm25", DataType.SPARSE_FLOAT_VECTOR)
    schema.add_function(Function("bm25", FunctionType.BM25, ["words"], ["bm25"]))
    kinds = client.prepare_index_params()
    graph = {"M": _LINKS, "efConstruction": _WIDTH}
    kinds.add_index("vector", index_type="HNSW", metric_type="IP", params=graph)
    kinds.add_index("bm25", index_type="SPARSE_INVERTED_INDEX", metric_type="BM25", params={})
    for field in ("article", "day", "source"):
        kinds.add_index(field, index_type="INVERTED")
    name = f"citewire_{uuid.uuid4().hex}"
    client.create_collection(name, schema=schema, consistency_level="Strong")
    client.create_index(name, kinds, sync=False)  # over nothing yet: waiting costs half a second for each
    client.load_collection(name)
    return name


def rows(batch: Sequence[ChunkText], vectors: Half) -> list[dict[str, Any]]:
    """The rows of some chunks."""
    return [
        {
            "id": one.id,
            "article": one.article,
            "day": _NONE if one.day is None else one.day,
            "source": _named(one.source),
            "vector": vector.tolist(),
            "words": _joined(analyze(f"{one.title} {one.text}"))[:_VARCHAR],
        }
        for one, vector in zip(batch, vectors.astype(np.float32), strict=True)
    ]


def query(text: str) -> str:
    """The words that a search for ``text`` looks for, as rows have them; empty where there are none."""
    return _joined(query_terms(text))


def expression(view: View, where: Filter) -> str | None:
    """A filter in Milvus' words, empty where everything passes; None where nothing does."""
    conditions: list[str] = []
    if where.sources is not None:
        if not where.sources:
            return None
        names = json.dumps([_named(source) for source in where.sources], ensure_ascii=False)
        conditions.append(f"source in {names}")
    if where.article_ids is not None:
        numbers = view.numbers("id IN (SELECT value FROM json_each(?))", [json.dumps(where.article_ids)])
        if not len(numbers):
            return None
        conditions.append(f"article in {numbers.tolist()}")
    if days := _days(where):
        conditions.append(days)
    return " and ".join(conditions)


def _days(where: Filter) -> str:
    """What a filter asks of days; empty where any passes."""
    if where.takes_undated == "only":
        return f"day == {_NONE}"
    conditions = [] if where.published_from is None else [f"day >= {where.published_from.toordinal()}"]
    if where.published_to is not None:
        dated = f"(day > {_NONE} and day <= {where.published_to.toordinal()})"
        conditions.append(f"({dated} or article in {[*where.also]})" if where.also else dated)
    if where.takes_undated == "exclude":
        return " and ".join(conditions) or f"day > {_NONE}"
    return f"(day == {_NONE} or ({' and '.join(conditions)}))" if conditions else ""


def _joined(words: Sequence[str]) -> str:
    return " ".join(map(_alphanumeric, words))


def _alphanumeric(word: str) -> str:
    """A word that no tokenizer takes apart: ``400,000`` becomes ``400x2c000``."""
    return word if word.isalnum() else "".join(one if one.isalnum() else f"x{ord(one):x}" for one in word)


def _named(source: str | None) -> str:
    """A source as Milvus has it: one without a name differs from any name."""
    return "" if source is None else f"={source}"
