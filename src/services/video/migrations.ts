/** Append only from the first release on: a released step is never edited. */
export const migrations = [
  `CREATE TABLE video.videos (
     id              BIGINT  PRIMARY KEY,
     user_id         BIGINT  NOT NULL,
     media_id        BIGINT  NOT NULL,
     title           TEXT    NOT NULL,
     description     TEXT    NOT NULL,
     cover_url       TEXT    NOT NULL,
     category_id     BIGINT,
     tags            TEXT[]  NOT NULL,
     hashtags        TEXT[]  NOT NULL,
     visibility      TEXT    NOT NULL CHECK (visibility IN ('public', 'unlisted', 'private', 'followers', 'password')),
     generation      INTEGER NOT NULL DEFAULT 1,
     version         INTEGER NOT NULL DEFAULT 1,
     status          INTEGER NOT NULL CHECK ((status >= 0) AND (status <= 4)),
     allow_comment   BOOLEAN NOT NULL,
     allow_download  BOOLEAN NOT NULL,
     created_at_ms   BIGINT  NOT NULL,
     published_at_ms BIGINT,
     deleted_at_ms   BIGINT,
     cover_media_id  BIGINT,
     next_media_id   BIGINT,
     password_hash   TEXT,
     is_draft        BOOLEAN NOT NULL DEFAULT false,
     publish_at_ms   BIGINT,
     removed_reason  TEXT,
     CHECK ((publish_at_ms IS NULL) OR is_draft),
     CHECK ((visibility = 'password') = (password_hash IS NOT NULL)),
     CHECK ((status = 3) OR (removed_reason IS NULL))
   );
   CREATE INDEX videos_of_user ON video.videos (user_id, id DESC) WHERE deleted_at_ms IS NULL;
   CREATE INDEX videos_of_media ON video.videos (media_id) WHERE deleted_at_ms IS NULL;
   CREATE INDEX videos_deleted ON video.videos (deleted_at_ms) WHERE deleted_at_ms IS NOT NULL;
   CREATE INDEX videos_of_next_media ON video.videos (next_media_id)
     WHERE (deleted_at_ms IS NULL) AND (next_media_id IS NOT NULL);
   CREATE INDEX videos_due ON video.videos (publish_at_ms)
     WHERE (deleted_at_ms IS NULL) AND (publish_at_ms IS NOT NULL);
   CREATE INDEX videos_listed_of_category ON video.videos (category_id, published_at_ms DESC, id DESC)
     WHERE (category_id IS NOT NULL) AND (deleted_at_ms IS NULL) AND (visibility = 'public') AND (status = 1);
   CREATE INDEX videos_listed_of_user ON video.videos (user_id, published_at_ms DESC, id DESC)
     WHERE (deleted_at_ms IS NULL) AND (visibility = 'public') AND (status = 1);
   CREATE INDEX videos_for_followers_of_user ON video.videos (user_id, published_at_ms DESC, id DESC)
     WHERE (deleted_at_ms IS NULL) AND (visibility IN ('public', 'followers')) AND (status = 1);
   CREATE TABLE video.media_states (
     media_id    BIGINT  PRIMARY KEY,
     state       TEXT    NOT NULL DEFAULT 'processing' CHECK (state IN ('processing', 'ready', 'failed')),
     width       INTEGER NOT NULL DEFAULT 0,
     height      INTEGER NOT NULL DEFAULT 0,
     duration_ms BIGINT  NOT NULL DEFAULT 0,
     size_bytes  BIGINT  NOT NULL DEFAULT 0,
     has_cover   BOOLEAN NOT NULL DEFAULT false,
     error       TEXT,
     message     TEXT,
     is_released BOOLEAN NOT NULL DEFAULT false
   );
   CREATE TABLE video.playlists (
     id            BIGINT  PRIMARY KEY,
     user_id       BIGINT  NOT NULL,
     title         TEXT    NOT NULL,
     description   TEXT    NOT NULL,
     visibility    TEXT    NOT NULL CHECK (visibility IN ('public', 'unlisted', 'private')),
     created_at_ms BIGINT  NOT NULL,
     version       INTEGER NOT NULL DEFAULT 1,
     is_removed    BOOLEAN NOT NULL DEFAULT false
   );
   CREATE INDEX playlists_of_user ON video.playlists (user_id, id DESC);
   CREATE TABLE video.playlist_items (
     playlist_id BIGINT NOT NULL REFERENCES video.playlists (id) ON DELETE CASCADE,
     video_id    BIGINT NOT NULL,
     rank        BIGINT NOT NULL,
     PRIMARY KEY (playlist_id, video_id)
   );
   CREATE INDEX playlist_items_in_order ON video.playlist_items (playlist_id, rank DESC, video_id DESC);
   CREATE INDEX playlist_items_of_video ON video.playlist_items (video_id)`,
  // Covers are stored here; an address of another server would make the browser of every viewer ask it.
  `UPDATE video.videos SET cover_url = '' WHERE cover_url ~* '^https?:'`,
  // Chapters inside the file of a media object, as JSON.
  "ALTER TABLE video.media_states ADD COLUMN chapters TEXT",
  `CREATE INDEX videos_listed ON video.videos (published_at_ms DESC, id DESC)
     WHERE (deleted_at_ms IS NULL) AND (visibility = 'public') AND (status = 1)`,
  // The code that stood for every failure of the tools; the reasons are known for later failures only.
  `UPDATE video.media_states SET error = 'media.decoder_failed', message = 'the decoder ended with an error before the end of the file'
   WHERE error = 'media.failed'`,
  // Gates: the tree of terms in the spelling of the public API.
  `ALTER TABLE video.videos
     ADD COLUMN gate   JSONB,
     ADD COLUMN teaser TEXT NOT NULL DEFAULT 'none' CHECK (teaser IN ('none', 'title', 'cover')),
     DROP CONSTRAINT videos_visibility_check,
     DROP CONSTRAINT videos_check1,
     ADD CONSTRAINT videos_visibility_check
       CHECK (visibility IN ('public', 'unlisted', 'private', 'followers', 'password', 'gated')) NOT VALID,
     ADD CONSTRAINT videos_password_check CHECK (
       CASE visibility WHEN 'password' THEN password_hash IS NOT NULL WHEN 'gated' THEN true ELSE password_hash IS NULL END
     ) NOT VALID,
     ADD CONSTRAINT videos_gate_check CHECK ((visibility = 'gated') = (gate IS NOT NULL)) NOT VALID`,
  {
    index: "videos_open_of_user",
    on: `video.videos (user_id, published_at_ms DESC, id DESC)
     WHERE (deleted_at_ms IS NULL) AND (visibility IN ('public', 'gated')) AND (status = 1)`,
  },
  {
    index: "videos_related_of_user",
    on: `video.videos (user_id, published_at_ms DESC, id DESC)
     WHERE (deleted_at_ms IS NULL) AND (visibility IN ('public', 'followers', 'gated')) AND (status = 1)`,
  },
  `ALTER TABLE video.playlists
     ADD COLUMN password_hash TEXT,
     ADD COLUMN gate          JSONB,
     ADD COLUMN teaser        TEXT NOT NULL DEFAULT 'none' CHECK (teaser IN ('none', 'title', 'cover')),
     ADD COLUMN generation    INTEGER NOT NULL DEFAULT 1,
     DROP CONSTRAINT playlists_visibility_check,
     ADD CONSTRAINT playlists_visibility_check CHECK (visibility IN ('public', 'unlisted', 'private', 'gated')) NOT VALID,
     ADD CONSTRAINT playlists_password_check CHECK (password_hash IS NULL OR visibility = 'gated') NOT VALID,
     ADD CONSTRAINT playlists_gate_check CHECK ((visibility = 'gated') = (gate IS NOT NULL)) NOT VALID`,
];

/** The tables that may become hash partitions, and the key of each; docs/scaling.md has the reasons. */
export const partitionKeys = {
  videos: "id",
  media_states: "media_id",
  playlist_items: "playlist_id",
} as const;
