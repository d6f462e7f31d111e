"""Lexical search, by words (BM25): the full-text index, made by tantivy.

The index says itself how far it has come: a marker document, replaced in the same commit as the chunks it speaks of,
holds the last chunk and the last removal that are in, and how many chunks that makes. So nothing can be in twice or be
missed, wherever a writer died.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import tantivy
from tantivy import Occur, Query

from corpus.storage.view import ChunkText
from index.analysis import analyzer, compose, query_terms
from index.backends import Reached
from index.errors import DerivedError
from index.local import segments
from index.types import Filter, Ids, ScoredId

_ANALYZER = "words"
_HEAP = 64_000_000
_TITLE_BOOST = 0.5
_FIRST_DAY, _LAST_DAY = 0, 4_000_000


class LexicalIndex:
    """The words of an archive on disk. Searches may run in any thread, beside one writer in any process."""

    def __init__(self, directory: Path) -> None:
        """Open the index in ``directory``, making an empty one where there is none.

        Raises DerivedError when what is there can't be read, or is not what was written.
        """
        try:
            directory.mkdir(parents=True, exist_ok=True)
            segments.verify(directory)
            self._tantivy = tantivy.Index(_schema(), path=str(directory), reuse=True)
        except (OSError, ValueError) as error:
            raise DerivedError(f"the full-text index in {directory} can't be read: {error}") from error
        self._directory = directory
        self._tantivy.register_tokenizer(_ANALYZER, analyzer())
        self._tantivy.config_reader(reload_policy="manual")
        searcher = self._searcher()
        held, put = _held(searcher), self._marker(searcher)["chunks"]
        if held != put:
            raise DerivedError(f"the full-text index in {directory} has {held} chunks, but {put} were added")

    def reached(self) -> Reached:
        """How far the index has come. Raises DerivedError when it can't be read any more."""
        marker = self._marker(self._searcher())
        return Reached(marker["last_chunk"], marker["last_removal"])

    def chunks(self) -> int:
        """How many chunks the index holds. Raises DerivedError as ``reached`` does."""
        return _held(self._searcher())

    def words(self) -> "Words":
        """What has been committed by now, to be searched. Raises DerivedError as ``reached`` does."""
        return Words(self._tantivy.schema, self._searcher())

    def _marker(self, searcher: tantivy.Searcher) -> dict[str, int]:
        found = searcher.search(Query.term_query(self._tantivy.schema, "marker", 1), 1).hits
        document = searcher.doc(found[0][1]) if found else tantivy.Document()
        return {name: int(document.get_first(name) or 0) for name in ("last_chunk", "last_removal", "chunks")}

    def _searcher(self) -> tantivy.Searcher:
        try:
            self._tantivy.reload()
            return self._tantivy.searcher()
        except ValueError as error:
            raise DerivedError(f"the full-text index in {self._directory} can't be read: {error}") from error

    def update(self, chunks: Iterable[ChunkText], removed: Ids, reached: Reached, *, held: int) -> None:
        """Take out ``removed``, put in ``chunks``, note how far that comes and how many are held then: one commit, all
        or nothing.

        Raises DerivedError when it can't be written.
        """
        segments.remove_orphans(self._directory)
        try:
            writer = self._tantivy.writer(_HEAP, num_threads=1)
        except ValueError as error:
            raise DerivedError(f"the full-text index in {self._directory} can't be written: {error}") from error
        try:
            try:
                for chunk_id in removed:
                    writer.delete_documents_by_term("chunk", int(chunk_id))
                for chunk in chunks:
                    writer.add_document(_document(chunk))
                writer.delete_documents_by_term("marker", 1)
                marker = tantivy.Document()
                marker.add_integer("marker", 1)
                marker.add_integer("last_chunk", reached.chunk)
                marker.add_integer("last_removal", reached.removal)
                marker.add_integer("chunks", held)
                writer.add_document(marker)
                writer.commit()
            finally:
                # Dropping a writer kills merges under way, and many small segments make every search slow.
                writer.wait_merging_threads()
        except ValueError as error:  # of the wait as well: its threads write, too
            raise DerivedError(f"the full-text index can't be written: {error}") from error


class Words:
    """The words of an archive as they stood at one commit: what is written later changes nothing here."""

    def __init__(self, schema: tantivy.Schema, searcher: tantivy.Searcher) -> None:
        self._schema = schema
        self._searcher = searcher

    def search(self, text: str, k: int, *, where: Filter, articles: Sequence[int] | None = None) -> list[ScoredId]:
        """The ``k`` best chunks for the words of ``text``, best first, and every chunk tied with the last of them.

        ``where`` filters by source and date; ``articles`` are the numbers of the only articles allowed, if given.
        """
        query = self._query(text, where, articles)
        if query is None:
            return []
        limit = k + 16
        while True:
            hits = self._searcher.search(query, limit, count=False).hits
            if len(hits) < limit or hits[-1][0] < hits[k - 1][0]:
                break
            limit *= 2  # the cut falls into a tie, which tantivy breaks by where a chunk happens to lie
        hits = [hit for hit in hits if len(hits) <= k or hit[0] >= hits[k - 1][0]]
        ids = self._searcher.fast_field_values("chunk", [address for _, address in hits])
        return [ScoredId(int(chunk_id or 0), score) for (score, _), chunk_id in zip(hits, ids, strict=True)]

    def _query(self, text: str, where: Filter, articles: Sequence[int] | None) -> Query | None:
        words = query_terms(text)
        if not words:
            return None
        wanted = [
            (Occur.Should, Query.boost_query(Query.term_query(self._schema, field, word, "freq"), boost))
            for word in words
            for field, boost in (("text", 1.0), ("title", _TITLE_BOOST))
        ]
        conditions: list[Query] = []
        if where.sources is not None:
            conditions.append(Query.term_set_query(self._schema, "source", where.sources))
        if where.takes_undated == "only":
            conditions.append(self._undated())
        elif where.dated or where.takes_undated == "exclude":
            conditions.append(self._dated(where))
        if articles is not None:
            conditions.append(Query.term_set_query(self._schema, "article", articles))
        query = Query.boolean_query(wanted)
        if not conditions:
            return query
        must = [(Occur.Must, Query.const_score_query(condition, 0.0)) for condition in conditions]
        return Query.boolean_query([(Occur.Must, query), *must])

    def _dated(self, where: Filter) -> Query:
        low = where.published_from.toordinal() if where.published_from else _FIRST_DAY
        high = where.published_to.toordinal() if where.published_to else _LAST_DAY
        either = [self._days(low, high)]
        if where.also:
            also = Query.term_set_query(self._schema, "article", where.also)
            either.append(Query.boolean_query([(Occur.Must, also), (Occur.Must, self._days(low, _LAST_DAY))]))
        if where.takes_undated == "include":
            either.append(self._undated())
        return Query.boolean_query([(Occur.Should, one) for one in either])

    def _undated(self) -> Query:
        any_day = self._days(_FIRST_DAY, _LAST_DAY)
        return Query.boolean_query([(Occur.Must, Query.all_query()), (Occur.MustNot, any_day)])

    def _days(self, first: int, last: int) -> Query:
        return Query.range_query(self._schema, "day", tantivy.FieldType.Integer, first, last)


def _held(searcher: tantivy.Searcher) -> int:
    return max(0, searcher.num_docs - 1)  # without the marker


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("title", tokenizer_name=_ANALYZER, index_option="freq")
    builder.add_text_field("text", tokenizer_name=_ANALYZER, index_option="freq")
    builder.add_text_field("source", tokenizer_name="raw", index_option="basic")
    for field in ("chunk", "article", "day"):
        builder.add_integer_field(field, indexed=True, fast=True)
    builder.add_integer_field("marker", indexed=True)
    for field in ("last_chunk", "last_removal", "chunks"):
        builder.add_integer_field(field, stored=True)
    return builder.build()


def _document(chunk: ChunkText) -> tantivy.Document:
    document = tantivy.Document()
    document.add_integer("chunk", chunk.id)
    document.add_integer("article", chunk.article)
    document.add_text("title", compose(chunk.title))
    document.add_text("text", compose(chunk.text))
    if chunk.source is not None:
        document.add_text("source", chunk.source)
    if chunk.day is not None:
        document.add_integer("day", chunk.day)
    return document
