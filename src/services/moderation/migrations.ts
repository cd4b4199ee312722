/** Append only from the first release on: a released step is never edited. */
export const migrations = [
  `CREATE TABLE moderation.users (
     user_id       BIGINT PRIMARY KEY,
     role          TEXT   NOT NULL DEFAULT 'user' CHECK (role IN ('user', 'moderator', 'admin')),
     deleted_at_ms BIGINT
   );
   CREATE INDEX users_deleted ON moderation.users (deleted_at_ms) WHERE deleted_at_ms IS NOT NULL;
   CREATE TABLE moderation.things (
     kind       TEXT    NOT NULL,
     id         BIGINT  NOT NULL,
     author_id  BIGINT  NOT NULL,
     video_id   BIGINT,
     excerpt    TEXT    NOT NULL,
     is_visible BOOLEAN NOT NULL,
     version    INTEGER NOT NULL DEFAULT 0,
     PRIMARY KEY (kind, id)
   );
   CREATE INDEX things_of_author ON moderation.things (author_id);
   CREATE INDEX things_of_video ON moderation.things (video_id) WHERE video_id IS NOT NULL;
   CREATE TABLE moderation.cases (
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
     is_final      BOOLEAN NOT NULL DEFAULT false,
     CHECK ((state = 'decided') = (action IS NOT NULL)),
     CHECK ((state = 'decided') = (decided_at_ms IS NOT NULL))
   );
   CREATE UNIQUE INDEX cases_open ON moderation.cases (kind, thing_id) WHERE state = 'open';
   CREATE INDEX cases_in_order ON moderation.cases (state, id);
   CREATE INDEX cases_by_count ON moderation.cases (state, report_count DESC, id DESC);
   CREATE INDEX cases_of_author ON moderation.cases (author_id, decided_at_ms DESC, id DESC)
     WHERE author_id IS NOT NULL;
   CREATE TABLE moderation.reports (
     id            BIGINT PRIMARY KEY,
     case_id       BIGINT NOT NULL REFERENCES moderation.cases (id) ON DELETE CASCADE,
     reporter_id   BIGINT NOT NULL,
     reason        TEXT   NOT NULL,
     text          TEXT   NOT NULL,
     created_at_ms BIGINT NOT NULL,
     UNIQUE (case_id, reporter_id)
   );
   CREATE INDEX reports_of_reporter ON moderation.reports (reporter_id, id DESC);
   CREATE TABLE moderation.measures (
     user_id  BIGINT  NOT NULL,
     kind     TEXT    NOT NULL CHECK (kind IN ('mute', 'bar')),
     until_ms BIGINT,
     reason   TEXT    NOT NULL,
     case_id  BIGINT  NOT NULL,
     by_admin BOOLEAN NOT NULL DEFAULT false,
     PRIMARY KEY (user_id, kind, case_id)
   );
   CREATE INDEX measures_ending ON moderation.measures (until_ms) WHERE until_ms IS NOT NULL;
   CREATE TABLE moderation.appeals (
     case_id       BIGINT PRIMARY KEY REFERENCES moderation.cases (id) ON DELETE CASCADE,
     user_id       BIGINT NOT NULL,
     text          TEXT   NOT NULL,
     state         TEXT   NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'accepted', 'refused')),
     answer        TEXT   NOT NULL DEFAULT '',
     created_at_ms BIGINT NOT NULL
   );
   CREATE INDEX appeals_in_order ON moderation.appeals (state, case_id);
   CREATE INDEX appeals_of_user ON moderation.appeals (user_id);
   CREATE TABLE moderation.blocklist_terms (
     id            BIGINT PRIMARY KEY,
     pattern       TEXT   NOT NULL,
     key           TEXT   NOT NULL UNIQUE,
     action        TEXT   NOT NULL CHECK (action IN ('hold', 'refuse')),
     created_at_ms BIGINT NOT NULL
   );
   CREATE TABLE moderation.rules (
     id         BOOLEAN DEFAULT true PRIMARY KEY CHECK (id),
     version    INTEGER NOT NULL DEFAULT 0,
     days       INTEGER NOT NULL DEFAULT 3,
     comments   INTEGER NOT NULL DEFAULT 3,
     hold_links BOOLEAN NOT NULL DEFAULT true,
     per_minute INTEGER NOT NULL DEFAULT 20
   );
   CREATE TABLE moderation.audit (
     id           BIGINT PRIMARY KEY,
     act          TEXT   NOT NULL,
     actor_id     BIGINT,
     subject_kind TEXT,
     subject_id   BIGINT,
     detail       TEXT   NOT NULL,
     at_ms        BIGINT NOT NULL
   );
   CREATE INDEX audit_in_order ON moderation.audit (at_ms DESC, id DESC);
   CREATE INDEX audit_of_act ON moderation.audit (act, at_ms DESC, id DESC);
   CREATE INDEX audit_of_actor ON moderation.audit (actor_id, at_ms DESC, id DESC) WHERE actor_id IS NOT NULL;
   CREATE INDEX audit_of_subject ON moderation.audit (subject_id, at_ms DESC, id DESC)
     WHERE subject_id IS NOT NULL;
   CREATE FUNCTION moderation.audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
     $$ BEGIN RAISE EXCEPTION 'the audit trail is only added to'; END $$;
   CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON moderation.audit
     FOR EACH ROW EXECUTE FUNCTION moderation.audit_is_append_only()`,
  `CREATE INDEX audit_of_area ON moderation.audit (split_part(act, '.', 1), at_ms DESC, id DESC)`,
  `CREATE TABLE moderation.case_notes (
     id            BIGINT PRIMARY KEY,
     case_id       BIGINT NOT NULL REFERENCES moderation.cases (id) ON DELETE CASCADE,
     author_id     BIGINT,
     text          TEXT   NOT NULL,
     created_at_ms BIGINT NOT NULL
   );
   CREATE INDEX case_notes_of_case ON moderation.case_notes (case_id, id DESC);
   CREATE INDEX case_notes_of_author ON moderation.case_notes (author_id) WHERE author_id IS NOT NULL;
   CREATE INDEX cases_about_author ON moderation.cases (author_id, id DESC) WHERE author_id IS NOT NULL;
   CREATE INDEX cases_about_thing ON moderation.cases (kind, thing_id, id DESC)`,
  `ALTER TABLE moderation.cases ADD COLUMN assignee_id BIGINT;
   CREATE INDEX cases_of_assignee ON moderation.cases (assignee_id, state, id) WHERE assignee_id IS NOT NULL`,
  `ALTER TABLE moderation.cases ADD COLUMN rule TEXT NOT NULL DEFAULT ''`,
  `ALTER TABLE moderation.cases DROP CONSTRAINT cases_kind_check;
   ALTER TABLE moderation.cases ADD CONSTRAINT cases_kind_check
     CHECK (kind IN ('video', 'comment', 'danmaku', 'user', 'message', 'playlist', 'live'))`,
  `CREATE TABLE moderation.sweeps (
     id            BIGINT PRIMARY KEY,
     user_id       BIGINT NOT NULL,
     moderator_id  BIGINT NOT NULL,
     note          TEXT   NOT NULL,
     created_at_ms BIGINT NOT NULL,
     undone_at_ms  BIGINT
   );
   CREATE UNIQUE INDEX sweeps_open ON moderation.sweeps (user_id) WHERE undone_at_ms IS NULL;
   CREATE INDEX sweeps_of_user ON moderation.sweeps (user_id);
   CREATE TABLE moderation.swept_things (
     sweep_id BIGINT NOT NULL REFERENCES moderation.sweeps (id) ON DELETE CASCADE,
     kind     TEXT   NOT NULL,
     id       BIGINT NOT NULL,
     PRIMARY KEY (sweep_id, kind, id)
   )`,
];

/** The tables that may become hash partitions, and the key of each; docs/scaling.md has the reasons. */
export const partitionKeys = {
  things: "id",
} as const;
