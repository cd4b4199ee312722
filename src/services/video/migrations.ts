import { goneTable } from "#kernel/db/gone";

/** Append only: a released step is never edited. */
export const migrations = [
  `CREATE TABLE videos (
     id              BIGINT  PRIMARY KEY,
     user_id         BIGINT  NOT NULL,
     media_id        BIGINT  NOT NULL,
     title           TEXT    NOT NULL,
     description     TEXT    NOT NULL,
     cover_url       TEXT    NOT NULL,
     category_id     BIGINT,
     tags            TEXT[]  NOT NULL,
     hashtags        TEXT[]  NOT NULL,
     visibility      TEXT    NOT NULL CHECK (visibility IN ('public', 'unlisted', 'private')),
     generation      INTEGER NOT NULL DEFAULT 1,
     version         INTEGER NOT NULL DEFAULT 1,
     status          INTEGER NOT NULL CHECK (status BETWEEN 0 AND 3),
     allow_comment   BOOLEAN NOT NULL,
     allow_download  BOOLEAN NOT NULL,
     created_at_ms   BIGINT  NOT NULL,
     published_at_ms BIGINT,
     deleted_at_ms   BIGINT
   );
   CREATE INDEX videos_of_user ON videos (user_id, id DESC) WHERE deleted_at_ms IS NULL;
   CREATE INDEX videos_shown_of_user ON videos (user_id, id DESC)
     WHERE deleted_at_ms IS NULL AND visibility = 'public' AND status = 1;
   CREATE INDEX videos_of_media ON videos (media_id) WHERE deleted_at_ms IS NULL;
   CREATE INDEX videos_deleted ON videos (deleted_at_ms) WHERE deleted_at_ms IS NOT NULL;
   CREATE TABLE media_states (
     media_id    BIGINT  PRIMARY KEY,
     state       TEXT    NOT NULL DEFAULT 'processing' CHECK (state IN ('processing', 'ready', 'failed')),
     width       INTEGER NOT NULL DEFAULT 0,
     height      INTEGER NOT NULL DEFAULT 0,
     duration_ms BIGINT  NOT NULL DEFAULT 0,
     size_bytes  BIGINT  NOT NULL DEFAULT 0,
     has_cover   BOOLEAN NOT NULL DEFAULT false,
     error       TEXT,
     message     TEXT
   )`,
  `ALTER TABLE media_states ADD COLUMN is_released BOOLEAN NOT NULL DEFAULT false;
   UPDATE media_states m SET is_released = true
   WHERE EXISTS (SELECT FROM videos v WHERE v.media_id = m.media_id)
     AND NOT EXISTS (SELECT FROM videos v WHERE v.media_id = m.media_id AND v.deleted_at_ms IS NULL)`,
  `ALTER TABLE videos ADD COLUMN cover_media_id BIGINT;
   UPDATE videos
   SET cover_media_id = substring(cover_url FROM '/api/v1/media/([0-9]{1,16})/picture')::BIGINT, cover_url = ''
   WHERE substring(cover_url FROM '/api/v1/media/([0-9]{1,16})/picture')::BIGINT BETWEEN 1 AND 9007199254740991
     AND cover_url ~ '^(https?://[^/]+)?/api/v1/media/[0-9]{1,16}/picture([?#].*)?$'`,
  `ALTER TABLE videos ADD COLUMN next_media_id BIGINT;
   CREATE INDEX videos_of_next_media ON videos (next_media_id)
     WHERE deleted_at_ms IS NULL AND next_media_id IS NOT NULL`,
  `ALTER TABLE videos DROP CONSTRAINT videos_visibility_check,
     ADD CONSTRAINT videos_visibility_check
       CHECK (visibility IN ('public', 'unlisted', 'private', 'followers', 'password')),
     ADD COLUMN password_hash TEXT,
     ADD CONSTRAINT videos_password_check CHECK ((visibility = 'password') = (password_hash IS NOT NULL))`,
  `ALTER TABLE videos DROP CONSTRAINT videos_status_check,
     ADD CONSTRAINT videos_status_check CHECK (status BETWEEN 0 AND 4),
     ADD COLUMN is_draft BOOLEAN NOT NULL DEFAULT false,
     ADD COLUMN publish_at_ms BIGINT,
     ADD CONSTRAINT videos_draft_check CHECK (publish_at_ms IS NULL OR is_draft);
   CREATE INDEX videos_due ON videos (publish_at_ms) WHERE deleted_at_ms IS NULL AND publish_at_ms IS NOT NULL`,
  `CREATE TABLE playlists (
     id            BIGINT PRIMARY KEY,
     user_id       BIGINT NOT NULL,
     title         TEXT   NOT NULL,
     description   TEXT   NOT NULL,
     visibility    TEXT   NOT NULL CHECK (visibility IN ('public', 'unlisted', 'private')),
     created_at_ms BIGINT NOT NULL
   );
   CREATE INDEX playlists_of_user ON playlists (user_id, id DESC);
   CREATE TABLE playlist_items (
     playlist_id BIGINT NOT NULL REFERENCES playlists (id) ON DELETE CASCADE,
     video_id    BIGINT NOT NULL,
     rank        BIGINT NOT NULL,
     PRIMARY KEY (playlist_id, video_id)
   );
   CREATE INDEX playlist_items_in_order ON playlist_items (playlist_id, rank DESC, video_id DESC);
   CREATE INDEX playlist_items_of_video ON playlist_items (video_id)`,
  `ALTER TABLE videos ADD COLUMN removed_reason TEXT,
     ADD CONSTRAINT videos_removed_check CHECK (status = 3 OR removed_reason IS NULL);
   CREATE TABLE silenced (
     user_id  BIGINT NOT NULL,
     kind     TEXT   NOT NULL CHECK (kind IN ('mute', 'bar')),
     until_ms BIGINT,
     reason   TEXT   NOT NULL,
     PRIMARY KEY (user_id, kind)
   );
   CREATE TABLE watched (
     id      BOOLEAN PRIMARY KEY DEFAULT true CHECK (id),
     version INTEGER NOT NULL,
     body    TEXT    NOT NULL
   )`,
  `CREATE INDEX videos_shown_of_category ON videos (category_id, published_at_ms DESC, id DESC)
     WHERE category_id IS NOT NULL AND deleted_at_ms IS NULL AND visibility = 'public' AND status = 1`,
  `ALTER TABLE playlists ADD COLUMN version INTEGER NOT NULL DEFAULT 1`,
  `ALTER TABLE playlists ADD COLUMN is_removed BOOLEAN NOT NULL DEFAULT false`,
  goneTable,
  `DROP INDEX videos_shown_of_user;
   CREATE INDEX videos_shown_of_user ON videos (user_id, published_at_ms DESC, id DESC)
     WHERE deleted_at_ms IS NULL AND visibility = 'public' AND status = 1;
   CREATE INDEX videos_for_followers_of_user ON videos (user_id, published_at_ms DESC, id DESC)
     WHERE deleted_at_ms IS NULL AND visibility IN ('public', 'followers') AND status = 1`,
];
