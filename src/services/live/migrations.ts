import { accessTables } from "./coins/access/tables.ts";
import { fanClubTables } from "./coins/fan-clubs/tables.ts";
import { giftTables, giftTexts } from "./coins/gifts/tables.ts";
import { giftLedger, ledgerTables } from "./coins/ledger/tables.ts";
import { productTables } from "./coins/products/tables.ts";

/** Append only from the first release on: a released step is never edited. */
export const migrations = [
  `CREATE TABLE live.live_streams (
     id                 BIGINT  PRIMARY KEY,
     owner_id           BIGINT  NOT NULL,
     title              TEXT    NOT NULL,
     description        TEXT    NOT NULL,
     cover_url          TEXT    NOT NULL,
     category_id        BIGINT,
     visibility         TEXT    NOT NULL CHECK (visibility IN ('public', 'unlisted', 'private', 'followers', 'password')),
     password_hash      TEXT    CHECK ((password_hash IS NOT NULL) = (visibility = 'password')),
     status             TEXT    NOT NULL CHECK (status IN ('waiting', 'live', 'paused', 'ended')),
     key_hash           BYTEA   NOT NULL,
     key_hint           TEXT    NOT NULL,
     keeps_recording    BOOLEAN NOT NULL,
     notifies_followers BOOLEAN NOT NULL,
     scheduled_at_ms    BIGINT,
     started_at_ms      BIGINT,
     ended_at_ms        BIGINT,
     online_count       INTEGER NOT NULL DEFAULT 0 CHECK (online_count >= 0),
     peak_count         INTEGER NOT NULL DEFAULT 0 CHECK (peak_count >= 0),
     view_count         BIGINT  NOT NULL DEFAULT 0 CHECK (view_count >= 0),
     like_count         BIGINT  NOT NULL DEFAULT 0 CHECK (like_count >= 0),
     gift_count         BIGINT  NOT NULL DEFAULT 0 CHECK (gift_count >= 0),
     gift_value         BIGINT  NOT NULL DEFAULT 0 CHECK (gift_value >= 0),
     video_id           BIGINT,
     product_count      INTEGER NOT NULL DEFAULT 0 CHECK (product_count >= 0),
     generation         INTEGER NOT NULL DEFAULT 1,
     version            INTEGER NOT NULL DEFAULT 1,
     is_removed         BOOLEAN NOT NULL DEFAULT FALSE,
     created_at_ms      BIGINT  NOT NULL
   );
   CREATE UNIQUE INDEX live_streams_key ON live.live_streams (key_hash);
   CREATE INDEX live_streams_owner ON live.live_streams (owner_id, id DESC);
   CREATE INDEX live_streams_listed ON live.live_streams (status, id DESC) WHERE visibility = 'public' AND NOT is_removed;
   CREATE INDEX live_streams_watched ON live.live_streams (online_count DESC, id DESC)
     WHERE visibility = 'public' AND status IN ('live', 'paused') AND NOT is_removed;
   CREATE TABLE live.ingests (
     live_id      BIGINT  PRIMARY KEY REFERENCES live.live_streams (id) ON DELETE CASCADE,
     instance     TEXT    NOT NULL,
     fence        BIGINT  NOT NULL,
     is_attended  BOOLEAN NOT NULL,
     origin_ms    BIGINT  NOT NULL,
     msn          BIGINT  NOT NULL,
     generation   INTEGER NOT NULL,
     seen_at_ms   BIGINT  NOT NULL
   );
   CREATE INDEX ingests_seen ON live.ingests (seen_at_ms);
   CREATE TABLE live.recordings (
     id            BIGINT  PRIMARY KEY,
     live_id       BIGINT  NOT NULL,
     owner_id      BIGINT  NOT NULL,
     upload_id     BIGINT  NOT NULL,
     state         TEXT    NOT NULL CHECK (state IN ('open', 'published', 'failed')),
     header        TEXT    NOT NULL,
     size_bytes    BIGINT  NOT NULL,
     sha256        TEXT,
     error         TEXT,
     video_id      BIGINT,
     created_at_ms BIGINT  NOT NULL
   );
   CREATE INDEX recordings_of_room ON live.recordings (live_id, id);
   CREATE TABLE live.recording_segments (
     recording_id BIGINT NOT NULL REFERENCES live.recordings (id) ON DELETE CASCADE,
     msn          BIGINT NOT NULL,
     segment      TEXT   NOT NULL,
     PRIMARY KEY (recording_id, msn)
   )`,
  [ledgerTables, giftTables, fanClubTables, productTables].join(";\n"),
  `CREATE TABLE live.room_logs (
     live_id  BIGINT  PRIMARY KEY REFERENCES live.live_streams (id) ON DELETE CASCADE,
     seq      BIGINT  NOT NULL CHECK (seq >= 0),
     is_over  BOOLEAN NOT NULL DEFAULT FALSE
   );
   CREATE TABLE live.room_messages (
     live_id     BIGINT  NOT NULL REFERENCES live.live_streams (id) ON DELETE CASCADE,
     seq         BIGINT  NOT NULL,
     kind        TEXT    NOT NULL,
     class       TEXT    NOT NULL CHECK (class IN ('reliable', 'chat')),
     user_id     BIGINT,
     username    TEXT    NOT NULL,
     payload     TEXT    NOT NULL,
     at_ms       BIGINT  NOT NULL,
     is_deleted  BOOLEAN NOT NULL DEFAULT FALSE,
     PRIMARY KEY (live_id, seq)
   );
   CREATE INDEX room_messages_user ON live.room_messages (user_id) WHERE user_id IS NOT NULL;
   CREATE TABLE live.room_chats (
     live_id        BIGINT  PRIMARY KEY REFERENCES live.live_streams (id) ON DELETE CASCADE,
     is_open        BOOLEAN NOT NULL,
     slow_ms        INTEGER NOT NULL CHECK (slow_ms >= 0),
     followers_only BOOLEAN NOT NULL,
     hold_links     BOOLEAN NOT NULL,
     keywords       TEXT    NOT NULL,
     pinned_seq     BIGINT
   );
   CREATE TABLE live.room_moderators (
     live_id       BIGINT NOT NULL REFERENCES live.live_streams (id) ON DELETE CASCADE,
     user_id       BIGINT NOT NULL,
     created_at_ms BIGINT NOT NULL,
     PRIMARY KEY (live_id, user_id)
   );
   CREATE INDEX room_moderators_user ON live.room_moderators (user_id);
   CREATE TABLE live.room_restrictions (
     live_id       BIGINT NOT NULL REFERENCES live.live_streams (id) ON DELETE CASCADE,
     user_id       BIGINT NOT NULL,
     kind          TEXT   NOT NULL CHECK (kind IN ('mute', 'ban')),
     until_ms      BIGINT,
     created_at_ms BIGINT NOT NULL,
     PRIMARY KEY (live_id, user_id, kind)
   );
   CREATE INDEX room_restrictions_user ON live.room_restrictions (user_id);
   CREATE TABLE live.held_messages (
     id            BIGINT PRIMARY KEY,
     live_id       BIGINT NOT NULL REFERENCES live.live_streams (id) ON DELETE CASCADE,
     user_id       BIGINT NOT NULL,
     username      TEXT   NOT NULL,
     payload       TEXT   NOT NULL,
     reason        TEXT   NOT NULL,
     created_at_ms BIGINT NOT NULL
   );
   CREATE INDEX held_messages_room ON live.held_messages (live_id, id DESC);
   CREATE INDEX held_messages_user ON live.held_messages (user_id);
   CREATE TABLE live.room_presence (
     live_id    BIGINT  NOT NULL REFERENCES live.live_streams (id) ON DELETE CASCADE,
     instance   TEXT    NOT NULL,
     sockets    INTEGER NOT NULL CHECK (sockets > 0),
     seen_at_ms BIGINT  NOT NULL,
     PRIMARY KEY (live_id, instance)
   );
   CREATE TABLE live.room_joins (
     live_id  BIGINT NOT NULL REFERENCES live.live_streams (id) ON DELETE CASCADE,
     user_id  BIGINT NOT NULL,
     until_ms BIGINT NOT NULL,
     PRIMARY KEY (live_id, user_id)
   );
   CREATE TABLE live.room_visitors (
     live_id BIGINT NOT NULL REFERENCES live.live_streams (id) ON DELETE CASCADE,
     user_id BIGINT NOT NULL,
     PRIMARY KEY (live_id, user_id)
   );
   CREATE INDEX room_visitors_user ON live.room_visitors (user_id)`,
  `ALTER TABLE live.recordings ADD COLUMN timeline TEXT`,
  `ALTER TABLE live.ingests ADD COLUMN end_ms BIGINT NOT NULL DEFAULT 0`,
  `CREATE TABLE live.clips (
     id            BIGINT PRIMARY KEY,
     live_id       BIGINT NOT NULL,
     owner_id      BIGINT NOT NULL,
     request_key   TEXT,
     title         TEXT   NOT NULL,
     header        TEXT,
     segments      TEXT,
     upload_id     BIGINT,
     video_id      BIGINT,
     timeline      TEXT,
     created_at_ms BIGINT NOT NULL
   );
   CREATE INDEX clips_of_room ON live.clips (live_id, id);
   CREATE INDEX clips_owner ON live.clips (owner_id)`,
  `ALTER TABLE live.live_streams
     ADD COLUMN parent_id BIGINT REFERENCES live.live_streams (id) ON DELETE CASCADE,
     ADD CONSTRAINT live_streams_guest CHECK (parent_id IS NULL OR status <> 'ended');
   CREATE UNIQUE INDEX live_streams_guests ON live.live_streams (parent_id, owner_id) WHERE parent_id IS NOT NULL`,
  `CREATE TABLE live.viewer_counts (
     live_id BIGINT  NOT NULL REFERENCES live.live_streams (id) ON DELETE CASCADE,
     at_ms   BIGINT  NOT NULL,
     viewers INTEGER NOT NULL,
     PRIMARY KEY (live_id, at_ms)
   )`,
  `ALTER TABLE live.live_streams ADD COLUMN is_announced BOOLEAN NOT NULL DEFAULT false`,
  `ALTER TABLE live.room_presence DROP COLUMN sockets;
   CREATE TABLE live.room_persons (
     live_id     BIGINT  NOT NULL,
     instance    TEXT    NOT NULL,
     person      TEXT    NOT NULL,
     connections INTEGER NOT NULL,
     PRIMARY KEY (live_id, instance, person),
     FOREIGN KEY (live_id, instance) REFERENCES live.room_presence (live_id, instance) ON DELETE CASCADE
   )`,
  [giftLedger, giftTexts].join(";\n"),
  `CREATE TABLE live.ingest_refusals (
     live_id  BIGINT PRIMARY KEY REFERENCES live.live_streams (id) ON DELETE CASCADE,
     at_ms    BIGINT NOT NULL,
     reason   TEXT   NOT NULL,
     sentence TEXT   NOT NULL
   );
   CREATE TABLE live.former_stream_keys (
     key_hash BYTEA  PRIMARY KEY,
     live_id  BIGINT NOT NULL REFERENCES live.live_streams (id) ON DELETE CASCADE
   );
   CREATE INDEX former_stream_keys_room ON live.former_stream_keys (live_id)`,
  "ALTER TABLE live.ingests ADD COLUMN discontinuities BIGINT NOT NULL DEFAULT 0",
  `CREATE TABLE live.room_attendees (
     live_id BIGINT NOT NULL REFERENCES live.live_streams (id) ON DELETE CASCADE,
     user_id BIGINT NOT NULL,
     PRIMARY KEY (live_id, user_id)
   );
   CREATE INDEX room_attendees_user ON live.room_attendees (user_id)`,
  accessTables,
  // Gates: the tree of terms in the spelling of the public API.
  `ALTER TABLE live.live_streams
     ADD COLUMN gate   JSONB,
     ADD COLUMN teaser TEXT NOT NULL DEFAULT 'none' CHECK (teaser IN ('none', 'title', 'cover')),
     DROP CONSTRAINT live_streams_visibility_check,
     DROP CONSTRAINT live_streams_check,
     ADD CONSTRAINT live_streams_visibility_check
       CHECK (visibility IN ('public', 'unlisted', 'private', 'followers', 'password', 'gated')) NOT VALID,
     ADD CONSTRAINT live_streams_password_check CHECK (
       CASE visibility WHEN 'password' THEN password_hash IS NOT NULL WHEN 'gated' THEN true ELSE password_hash IS NULL END
     ) NOT VALID,
     ADD CONSTRAINT live_streams_gate_check CHECK ((visibility = 'gated') = (gate IS NOT NULL)) NOT VALID`,
];

/** The tables that may become hash partitions, and the key of each; docs/scaling.md has the reasons. */
export const partitionKeys = {
  live_gift_records: "live_id",
  live_givers: "live_id",
  live_fan_club_members: "owner_id",
  room_messages: "live_id",
  room_visitors: "live_id",
  viewer_counts: "live_id",
} as const;
