/**
 * The library's tables. `user_version` counts the migrations applied; a new version of the app appends one and
 * never changes an old one.
 *
 * `run` is one stage of one media under one model hash and set of parameters; `current` marks the one that search
 * and export look at (the last one written). `shot`, `keyframe` and `tag` are an index over the run's events.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE media (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    json TEXT NOT NULL
  ) STRICT;

  CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    media TEXT NOT NULL,
    stage TEXT NOT NULL,
    model_hash TEXT NOT NULL,
    params TEXT NOT NULL,
    complete INTEGER NOT NULL DEFAULT 0,
    checkpoint TEXT NOT NULL DEFAULT 'null',
    pieces INTEGER NOT NULL DEFAULT 0,
    events INTEGER NOT NULL DEFAULT 0,
    current INTEGER NOT NULL DEFAULT 1,
    touched INTEGER NOT NULL DEFAULT 0,
    UNIQUE (media, stage, model_hash, params)
  ) STRICT;

  CREATE TABLE event (
    run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    sequence INTEGER NOT NULL,
    json TEXT NOT NULL,
    PRIMARY KEY (run, sequence)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE shot (
    run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    shot INTEGER NOT NULL,
    start_time INTEGER NOT NULL,
    end_time INTEGER NOT NULL,
    PRIMARY KEY (run, shot)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE keyframe (
    run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    shot INTEGER NOT NULL,
    rank INTEGER NOT NULL,
    picture TEXT NOT NULL,
    PRIMARY KEY (run, shot, rank)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE label (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    label TEXT NOT NULL,
    UNIQUE (source, label)
  ) STRICT;

  CREATE TABLE tag (
    run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    shot INTEGER NOT NULL,
    label INTEGER NOT NULL REFERENCES label (id),
    score REAL NOT NULL,
    PRIMARY KEY (run, shot, label)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX tag_by_label ON tag (label, run, shot, score);

  CREATE TABLE picture (
    media TEXT NOT NULL,
    picture TEXT NOT NULL,
    jpeg BLOB NOT NULL,
    PRIMARY KEY (media, picture)
  ) STRICT;

  CREATE TABLE waveform (
    media TEXT PRIMARY KEY,
    buckets_per_second REAL NOT NULL,
    samples BLOB NOT NULL
  ) STRICT;

  CREATE TABLE sync_frames (
    media TEXT PRIMARY KEY,
    times BLOB NOT NULL
  ) STRICT;

  CREATE TABLE fact (
    key TEXT PRIMARY KEY,
    json TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  // What is said and read. Sentences of a talk have ids without gaps from `first`; `bits` are the signs of their vectors (windows.ts).
  // The word indexes hold no text of their own: rows are found by id, and their text is tokenised before (words.ts).
  `
  CREATE TABLE embedding (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    hash TEXT NOT NULL UNIQUE,
    vector BLOB NOT NULL
  ) STRICT;

  CREATE TABLE talk (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    media TEXT NOT NULL UNIQUE,
    key TEXT NOT NULL,
    encoder TEXT,
    first INTEGER NOT NULL UNIQUE,
    sentences INTEGER NOT NULL,
    bits BLOB
  ) STRICT;

  CREATE TABLE sentence (
    id INTEGER PRIMARY KEY,
    start_time INTEGER,
    end_time INTEGER,
    line INTEGER NOT NULL,
    speaker TEXT,
    text TEXT NOT NULL,
    vector BLOB
  ) STRICT;
  CREATE VIRTUAL TABLE sentence_words USING fts5 (words, characters, content='', contentless_delete=1, tokenize='porter unicode61 remove_diacritics 2');

  CREATE TABLE picture_text (
    id INTEGER PRIMARY KEY,
    media TEXT NOT NULL,
    shot INTEGER NOT NULL,
    time INTEGER NOT NULL,
    text TEXT NOT NULL,
    score REAL NOT NULL
  ) STRICT;
  CREATE INDEX picture_text_by_media ON picture_text (media, shot);
  CREATE VIRTUAL TABLE picture_words USING fts5 (words, characters, content='', contentless_delete=1, tokenize='porter unicode61 remove_diacritics 2');

  CREATE TABLE shot_vector (
    media TEXT NOT NULL,
    kind TEXT NOT NULL,
    shot INTEGER NOT NULL,
    vector BLOB NOT NULL,
    PRIMARY KEY (media, kind, shot)
  ) STRICT, WITHOUT ROWID;
  `,
];
