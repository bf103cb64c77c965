-- Version 1 of the store's schema, a public contract: docs/schema.md says what everything means.
-- Never edit it once it is released: a store that was made with it will not change. Add a step to migrations.py.

CREATE TABLE therapists (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE CHECK (code <> '')
) STRICT;

CREATE TABLE clients (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE CHECK (code <> '')
) STRICT;

CREATE TABLE cases (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE CHECK (code <> ''),
    client_id INTEGER REFERENCES clients (id),
    therapist_id INTEGER REFERENCES therapists (id)
) STRICT;

CREATE TABLE sessions (
    id INTEGER PRIMARY KEY,
    case_id INTEGER NOT NULL REFERENCES cases (id),
    number INTEGER NOT NULL CHECK (number >= 0),
    title TEXT NOT NULL,
    held_on TEXT CHECK (held_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    setting TEXT CHECK (setting IN ('in-person', 'video', 'phone', 'text')),
    UNIQUE (case_id, number)
) STRICT;

CREATE TABLE instruments (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    title TEXT NOT NULL,
    digest TEXT NOT NULL,
    definition TEXT NOT NULL,
    distribution TEXT,
    own INTEGER NOT NULL CHECK (own IN (0, 1)),
    kept_at TEXT NOT NULL,
    UNIQUE (name, version)
) STRICT;

CREATE TABLE items (
    id INTEGER PRIMARY KEY,
    instrument_id INTEGER NOT NULL REFERENCES instruments (id),
    position INTEGER NOT NULL CHECK (position >= 1),
    item TEXT NOT NULL,
    title TEXT NOT NULL,
    format TEXT NOT NULL,
    UNIQUE (instrument_id, position),
    UNIQUE (instrument_id, item)
) STRICT;

CREATE TABLE wordings (
    id INTEGER PRIMARY KEY,
    title TEXT NOT NULL,
    instrument TEXT NOT NULL,
    version TEXT NOT NULL,
    language TEXT NOT NULL,
    rater TEXT,
    digest TEXT NOT NULL,
    document TEXT,
    installed_at TEXT NOT NULL,
    removed_at TEXT,
    CHECK (document IS NOT NULL OR removed_at IS NOT NULL)
) STRICT;

CREATE UNIQUE INDEX wordings_digest ON wordings (digest, title);

-- One wording at a time for an instrument's version, language and rater.
CREATE UNIQUE INDEX wordings_installed ON wordings (instrument, version, language, coalesce(rater, ''))
WHERE removed_at IS NULL;

CREATE TABLE administrations (
    id INTEGER PRIMARY KEY,
    instrument_id INTEGER NOT NULL REFERENCES instruments (id),
    case_id INTEGER NOT NULL REFERENCES cases (id),
    session_id INTEGER REFERENCES sessions (id),
    occasion TEXT NOT NULL CHECK (occasion IN ('session', 'intake', 'ending', 'follow-up')),
    rater TEXT NOT NULL CHECK (rater <> ''),
    given_on TEXT CHECK (given_on GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    segment INTEGER CHECK (segment >= 1),
    wording_id INTEGER REFERENCES wordings (id),
    revision INTEGER NOT NULL CHECK (revision >= 1),
    supersedes INTEGER REFERENCES administrations (id),
    recorded_at TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    origin TEXT NOT NULL,
    program TEXT NOT NULL,
    CHECK ((occasion = 'session') = (session_id IS NOT NULL)),
    CHECK ((revision = 1) = (supersedes IS NULL))
) STRICT;

-- One form, one revision, once. A form of a session is known by the session, any other by its occasion and day.
CREATE UNIQUE INDEX administrations_form ON administrations (
    case_id,
    coalesce(session_id, occasion || ' ' || coalesce(given_on, '')),
    instrument_id,
    rater,
    coalesce(segment, 0),
    revision
);

CREATE UNIQUE INDEX administrations_supersedes ON administrations (supersedes) WHERE supersedes IS NOT NULL;

CREATE TABLE answers (
    administration_id INTEGER NOT NULL REFERENCES administrations (id),
    item_id INTEGER NOT NULL REFERENCES items (id),
    value ANY,
    reason TEXT CHECK (reason IN ('skipped', 'declined', 'not-asked', 'lost')),
    PRIMARY KEY (administration_id, item_id),
    CHECK ((value IS NULL) = (reason IS NOT NULL)),
    CHECK (typeof(value) <> 'blob')
) STRICT, WITHOUT ROWID;

CREATE TABLE scores (
    administration_id INTEGER NOT NULL REFERENCES administrations (id),
    instrument_id INTEGER NOT NULL REFERENCES instruments (id),
    scale TEXT NOT NULL,
    value REAL,
    numerator INTEGER,
    denominator INTEGER CHECK (denominator >= 1),
    answered INTEGER NOT NULL CHECK (answered BETWEEN 0 AND items),
    items INTEGER NOT NULL,
    note TEXT NOT NULL,
    scored_at TEXT NOT NULL,
    PRIMARY KEY (administration_id, scale, instrument_id),
    CHECK ((value IS NULL) = (numerator IS NULL)),
    CHECK ((value IS NULL) = (denominator IS NULL)),
    CHECK (value IS NOT NULL OR note <> '')
) STRICT, WITHOUT ROWID;

CREATE TABLE corrections (
    id INTEGER PRIMARY KEY,
    administration_id INTEGER NOT NULL UNIQUE REFERENCES administrations (id),
    supersedes INTEGER NOT NULL UNIQUE REFERENCES administrations (id),
    reason TEXT NOT NULL CHECK (reason <> ''),
    made_at TEXT NOT NULL,
    made_by TEXT NOT NULL
) STRICT;

CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    happened_at TEXT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    program TEXT NOT NULL
) STRICT;

CREATE TRIGGER administrations_no_update BEFORE UPDATE ON administrations
BEGIN SELECT RAISE(ABORT, 'administrations are never changed; a correction supersedes'); END;
CREATE TRIGGER administrations_no_delete BEFORE DELETE ON administrations
BEGIN SELECT RAISE(ABORT, 'administrations are never deleted; a correction supersedes'); END;
CREATE TRIGGER answers_no_update BEFORE UPDATE ON answers
BEGIN SELECT RAISE(ABORT, 'answers are never changed; a correction supersedes'); END;
CREATE TRIGGER answers_no_delete BEFORE DELETE ON answers
BEGIN SELECT RAISE(ABORT, 'answers are never deleted; a correction supersedes'); END;
CREATE TRIGGER scores_no_update BEFORE UPDATE ON scores
BEGIN SELECT RAISE(ABORT, 'scores are never changed; a correction supersedes'); END;
CREATE TRIGGER scores_no_delete BEFORE DELETE ON scores
BEGIN SELECT RAISE(ABORT, 'scores are never deleted; a correction supersedes'); END;
CREATE TRIGGER corrections_no_update BEFORE UPDATE ON corrections
BEGIN SELECT RAISE(ABORT, 'corrections are never changed'); END;
CREATE TRIGGER corrections_no_delete BEFORE DELETE ON corrections
BEGIN SELECT RAISE(ABORT, 'corrections are never deleted'); END;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail is never changed'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail is never deleted'); END;

CREATE VIEW score_long AS
SELECT
    administrations.id AS administration,
    cases.code AS "case",
    clients.code AS client,
    therapists.code AS therapist,
    sessions.number AS session,
    sessions.held_on AS held_on,
    administrations.occasion AS occasion,
    administrations.given_on AS given_on,
    administrations.segment AS segment,
    instruments.name AS instrument,
    instruments.version AS version,
    administrations.rater AS rater,
    scores.scale AS scale,
    scores.value AS value,
    scores.answered AS answered,
    scores.items AS items,
    scores.note AS note,
    administrations.revision AS revision,
    administrations.recorded_at AS recorded_at
FROM scores
JOIN administrations ON administrations.id = scores.administration_id
JOIN instruments ON instruments.id = scores.instrument_id
JOIN cases ON cases.id = administrations.case_id
LEFT JOIN clients ON clients.id = cases.client_id
LEFT JOIN therapists ON therapists.id = cases.therapist_id
LEFT JOIN sessions ON sessions.id = administrations.session_id
WHERE NOT EXISTS (SELECT 1 FROM administrations AS newer WHERE newer.supersedes = administrations.id);
