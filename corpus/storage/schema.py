"""The store's tables. FORMAT goes up with every change that an older version would read wrongly."""

from corpus.storage import feedback, jobs

FORMAT = 4

ADDED = jobs.TABLES + feedback.TABLES
"""What the format before lacked."""
INDEXES = """
CREATE INDEX IF NOT EXISTS articles_outlet ON articles (source, day);
DROP INDEX IF EXISTS articles_source;
CREATE INDEX IF NOT EXISTS articles_url ON articles (url) WHERE url IS NOT NULL;
"""
"""What filters by outlet and day are answered from, in place of an index of outlets alone: it takes a tenth of the time
to count an outlet's undated articles; and what finds the articles of an address. An older version reads the archive as
well with them.
"""
SCHEMA = (
    """
CREATE TABLE settings (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One row: what every request compares, kept by the writer so that nobody has to count.
CREATE TABLE state (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    generation INTEGER NOT NULL,
    articles INTEGER NOT NULL,
    chunks INTEGER NOT NULL,
    run INTEGER NOT NULL
) STRICT;
INSERT INTO state VALUES (1, 0, 0, 0, 0);

-- The text stands last: SQLite reads a row from its front, so metadata never drags the text in.
CREATE TABLE articles (
    no INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    source TEXT,
    url TEXT,
    published_at TEXT,
    day INTEGER,
    authors TEXT NOT NULL,
    language TEXT,
    sha256 TEXT NOT NULL,
    digest TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    family INTEGER NOT NULL,
    sketch BLOB NOT NULL,
    -- sha256 over the article's chunks and their vectors, which the digest does not cover.
    chunked TEXT NOT NULL,
    text TEXT NOT NULL
) STRICT;
CREATE INDEX articles_day ON articles (day);
CREATE INDEX articles_family ON articles (family);

-- What near-copies are looked up by: two of them share a key. A family is known by the number of one article of it.
CREATE TABLE bands (
    key INTEGER NOT NULL,
    article INTEGER NOT NULL,
    PRIMARY KEY (key, article)
) STRICT, WITHOUT ROWID;

-- In which run of ingest an article came last, changed or not.
CREATE TABLE seen (
    article INTEGER PRIMARY KEY REFERENCES articles (no),
    run INTEGER NOT NULL
) STRICT;

-- Ids are never used again: "every chunk after id n" is the log that derived indexes replay.
CREATE TABLE chunks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    article INTEGER NOT NULL REFERENCES articles (no),
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    tokens INTEGER NOT NULL,
    vector BLOB NOT NULL
) STRICT;
CREATE INDEX chunks_article ON chunks (article);

-- The other half of that log: which chunks went, in order.
CREATE TABLE removed (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    chunk INTEGER NOT NULL
) STRICT;

-- What an article said before it was updated: a citation handed out then can still be told from an invented one, and
-- questions as of a day are answered from the text as it stood.
CREATE TABLE versions (
    article_id TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    title TEXT NOT NULL,
    published_at TEXT,
    day INTEGER,
    replaced_in INTEGER NOT NULL,
    text TEXT NOT NULL
) STRICT;
CREATE INDEX versions_article ON versions (article_id, sha256);
CREATE INDEX versions_day ON versions (day);

-- A deleted article leaves no text behind, only which texts once stood under its id.
CREATE TABLE withdrawn (
    article_id TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    deleted_in INTEGER NOT NULL,
    PRIMARY KEY (article_id, sha256)
) STRICT, WITHOUT ROWID;
"""
    + INDEXES
    + ADDED
)
