/** Append only: a released step is never edited. */
export const migrations = [
  `CREATE TABLE people (
     user_id    BIGINT PRIMARY KEY,
     role       TEXT   NOT NULL DEFAULT 'user' CHECK (role IN ('user', 'moderator', 'admin')),
     gone_at_ms BIGINT
   );
   CREATE INDEX people_gone ON people (gone_at_ms) WHERE gone_at_ms IS NOT NULL;
   CREATE TABLE things (
     kind      TEXT    NOT NULL,
     id        BIGINT  NOT NULL,
     author_id BIGINT  NOT NULL,
     video_id  BIGINT,
     excerpt   TEXT    NOT NULL,
     is_shown  BOOLEAN NOT NULL,
     version   INTEGER NOT NULL DEFAULT 0,
     PRIMARY KEY (kind, id)
   );
   CREATE INDEX things_of_author ON things (author_id);
   CREATE INDEX things_of_video ON things (video_id) WHERE video_id IS NOT NULL;
   CREATE TABLE cases (
     id            BIGINT  PRIMARY KEY,
     kind          TEXT    NOT NULL CHECK (kind IN ('video', 'comment', 'danmaku', 'user', 'message', 'playlist')),
     thing_id      BIGINT  NOT NULL,
     author_id     BIGINT,
     video_id      BIGINT,
     excerpt       TEXT    NOT NULL,
     is_held       BOOLEAN NOT NULL DEFAULT false,
     held_for      TEXT    NOT NULL DEFAULT '',
     report_count  INTEGER NOT NULL DEFAULT 0 CHECK (report_count >= 0),
     state         TEXT    NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'decided')),
     action        TEXT    CHECK (action IN ('dismiss', 'remove', 'warn', 'mute', 'suspend', 'ban')),
     note          TEXT    NOT NULL DEFAULT '',
     until_ms      BIGINT,
     moderator_id  BIGINT,
     created_at_ms BIGINT  NOT NULL,
     decided_at_ms BIGINT,
     CHECK ((state = 'decided') = (action IS NOT NULL)),
     CHECK ((state = 'decided') = (decided_at_ms IS NOT NULL))
   );
   CREATE UNIQUE INDEX cases_open ON cases (kind, thing_id) WHERE state = 'open';
   CREATE INDEX cases_in_order ON cases (state, id);
   CREATE INDEX cases_by_count ON cases (state, report_count DESC, id DESC);
   CREATE INDEX cases_of_author ON cases (author_id, decided_at_ms DESC, id DESC) WHERE author_id IS NOT NULL;
   CREATE TABLE reports (
     id            BIGINT PRIMARY KEY,
     case_id       BIGINT NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
     reporter_id   BIGINT NOT NULL,
     reason        TEXT   NOT NULL,
     text          TEXT   NOT NULL,
     created_at_ms BIGINT NOT NULL,
     UNIQUE (case_id, reporter_id)
   );
   CREATE INDEX reports_of_reporter ON reports (reporter_id, id DESC);
   CREATE TABLE measures (
     user_id  BIGINT NOT NULL,
     kind     TEXT   NOT NULL CHECK (kind IN ('mute', 'bar')),
     until_ms BIGINT,
     reason   TEXT   NOT NULL,
     case_id  BIGINT NOT NULL,
     PRIMARY KEY (user_id, kind)
   );
   CREATE INDEX measures_ending ON measures (until_ms) WHERE until_ms IS NOT NULL;
   CREATE TABLE appeals (
     case_id        BIGINT PRIMARY KEY REFERENCES cases (id) ON DELETE CASCADE,
     user_id        BIGINT NOT NULL,
     text           TEXT   NOT NULL,
     state          TEXT   NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'accepted', 'refused')),
     answer         TEXT   NOT NULL DEFAULT '',
     created_at_ms  BIGINT NOT NULL
   );
   CREATE INDEX appeals_in_order ON appeals (state, case_id);
   CREATE INDEX appeals_of_user ON appeals (user_id);
   CREATE TABLE words (
     id            BIGINT PRIMARY KEY,
     pattern       TEXT   NOT NULL,
     key           TEXT   NOT NULL UNIQUE,
     action        TEXT   NOT NULL CHECK (action IN ('hold', 'refuse')),
     created_at_ms BIGINT NOT NULL
   );
   CREATE TABLE rules (
     id         BOOLEAN PRIMARY KEY DEFAULT true CHECK (id),
     version    INTEGER NOT NULL DEFAULT 0,
     days       INTEGER NOT NULL DEFAULT 3,
     comments   INTEGER NOT NULL DEFAULT 3,
     hold_links BOOLEAN NOT NULL DEFAULT true,
     per_minute INTEGER NOT NULL DEFAULT 20
   );
   CREATE TABLE audit (
     id           BIGINT PRIMARY KEY,
     act          TEXT   NOT NULL,
     actor_id     BIGINT,
     subject_kind TEXT,
     subject_id   BIGINT,
     detail       TEXT   NOT NULL,
     at_ms        BIGINT NOT NULL
   );
   CREATE INDEX audit_in_order ON audit (at_ms DESC, id DESC);
   CREATE INDEX audit_of_act ON audit (act, at_ms DESC, id DESC);
   CREATE INDEX audit_of_actor ON audit (actor_id, at_ms DESC, id DESC) WHERE actor_id IS NOT NULL;
   CREATE INDEX audit_of_subject ON audit (subject_id, at_ms DESC, id DESC) WHERE subject_id IS NOT NULL;
   CREATE FUNCTION audit_is_kept() RETURNS trigger LANGUAGE plpgsql AS
     $$ BEGIN RAISE EXCEPTION 'the audit trail is only added to'; END $$;
   CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit
     FOR EACH ROW EXECUTE FUNCTION audit_is_kept()`,
  `ALTER TABLE measures DROP CONSTRAINT measures_pkey, ADD PRIMARY KEY (user_id, kind, case_id),
     ADD COLUMN by_admin BOOLEAN NOT NULL DEFAULT false;
   UPDATE measures m SET by_admin = true FROM cases c JOIN people p ON p.user_id = c.moderator_id
   WHERE c.id = m.case_id AND p.role = 'admin'`,
  // Until here nothing was kept of what was taken away, but of videos.
  `ALTER TABLE cases ADD COLUMN is_final BOOLEAN NOT NULL DEFAULT false;
   UPDATE cases SET is_final = true
   WHERE state = 'decided' AND kind IN ('comment', 'danmaku', 'message', 'playlist')
     AND (action = 'remove' OR (is_held AND action IN ('mute', 'suspend', 'ban')))`,
];
