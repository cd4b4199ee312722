import { goneTable } from "#kernel/db/gone";

/** Append only: a released step is never edited. */
export const migrations = [
  `CREATE TABLE likes (
     video_id      BIGINT NOT NULL,
     user_id       BIGINT NOT NULL,
     author_id     BIGINT NOT NULL,
     created_at_ms BIGINT NOT NULL,
     PRIMARY KEY (video_id, user_id)
   );
   CREATE INDEX likes_of_user ON likes (user_id, created_at_ms DESC, video_id DESC);
   CREATE TABLE views (
     video_id BIGINT NOT NULL,
     viewer   TEXT   NOT NULL,
     slot     BIGINT NOT NULL,
     seen_at_ms BIGINT NOT NULL,
     PRIMARY KEY (video_id, viewer, slot)
   );
   CREATE INDEX views_by_age ON views (seen_at_ms);
   CREATE TABLE video_counts (
     video_id   BIGINT PRIMARY KEY,
     like_count INTEGER NOT NULL DEFAULT 0 CHECK (like_count >= 0),
     play_count INTEGER NOT NULL DEFAULT 0 CHECK (play_count >= 0)
   );
   CREATE TABLE author_counts (
     user_id    BIGINT PRIMARY KEY,
     like_count INTEGER NOT NULL DEFAULT 0 CHECK (like_count >= 0)
   )`,
  `ALTER TABLE video_counts ADD COLUMN gone_at_ms BIGINT;
   CREATE INDEX video_counts_gone ON video_counts (gone_at_ms) WHERE gone_at_ms IS NOT NULL`,
  `ALTER TABLE video_counts
     ADD COLUMN comment_count  INTEGER NOT NULL DEFAULT 0 CHECK (comment_count >= 0),
     ADD COLUMN favorite_count INTEGER NOT NULL DEFAULT 0 CHECK (favorite_count >= 0),
     ADD COLUMN share_count    INTEGER NOT NULL DEFAULT 0 CHECK (share_count >= 0);
   ALTER TABLE author_counts
     ADD COLUMN liked_count    INTEGER NOT NULL DEFAULT 0 CHECK (liked_count >= 0),
     ADD COLUMN favorite_count INTEGER NOT NULL DEFAULT 0 CHECK (favorite_count >= 0);
   INSERT INTO author_counts (user_id, liked_count) SELECT user_id, count(*) FROM likes GROUP BY user_id
     ON CONFLICT (user_id) DO UPDATE SET liked_count = excluded.liked_count;
   CREATE TABLE video_notes (
     video_id     BIGINT  PRIMARY KEY,
     author_id    BIGINT  NOT NULL,
     visibility   TEXT    NOT NULL,
     is_published BOOLEAN NOT NULL,
     version      INTEGER NOT NULL
   );
   CREATE TABLE favorites (
     user_id       BIGINT NOT NULL,
     video_id      BIGINT NOT NULL,
     folder_id     BIGINT,
     created_at_ms BIGINT NOT NULL,
     PRIMARY KEY (user_id, video_id)
   );
   CREATE INDEX favorites_newest ON favorites (user_id, created_at_ms DESC, video_id DESC);
   CREATE INDEX favorites_in_folder ON favorites (folder_id, created_at_ms DESC, video_id DESC);
   CREATE INDEX favorites_of_video ON favorites (video_id);
   CREATE TABLE favorite_folders (
     id            BIGINT PRIMARY KEY,
     user_id       BIGINT NOT NULL,
     name          TEXT   NOT NULL,
     is_public     BOOLEAN NOT NULL,
     created_at_ms BIGINT NOT NULL
   );
   CREATE INDEX folders_of_user ON favorite_folders (user_id, id DESC);
   CREATE TABLE comments (
     id               BIGINT  PRIMARY KEY,
     video_id         BIGINT  NOT NULL,
     video_author_id  BIGINT  NOT NULL,
     user_id          BIGINT  NOT NULL,
     parent_id        BIGINT,
     root_id          BIGINT,
     reply_to_user_id BIGINT,
     content          TEXT    NOT NULL,
     is_held          BOOLEAN NOT NULL DEFAULT false,
     is_pinned        INTEGER NOT NULL DEFAULT 0,
     like_count       INTEGER NOT NULL DEFAULT 0 CHECK (like_count >= 0),
     reply_count      INTEGER NOT NULL DEFAULT 0 CHECK (reply_count >= 0),
     heat             INTEGER NOT NULL GENERATED ALWAYS AS (like_count + 2 * reply_count) STORED,
     created_at_ms    BIGINT  NOT NULL
   );
   CREATE INDEX comments_newest ON comments (video_id, is_pinned DESC, id DESC) WHERE root_id IS NULL;
   CREATE INDEX comments_hottest ON comments (video_id, is_pinned DESC, heat DESC, id DESC) WHERE root_id IS NULL;
   CREATE INDEX comments_of_root ON comments (root_id, id) WHERE root_id IS NOT NULL;
   CREATE INDEX comments_of_user ON comments (user_id, id DESC);
   CREATE TABLE comment_likes (
     comment_id    BIGINT NOT NULL,
     user_id       BIGINT NOT NULL,
     created_at_ms BIGINT NOT NULL,
     PRIMARY KEY (comment_id, user_id)
   );
   CREATE INDEX comment_likes_of_user ON comment_likes (user_id, comment_id);
   CREATE TABLE danmaku (
     id            BIGINT  PRIMARY KEY,
     video_id      BIGINT  NOT NULL,
     user_id       BIGINT  NOT NULL,
     position_ms   BIGINT  NOT NULL,
     content       TEXT    NOT NULL,
     color         INTEGER NOT NULL,
     mode          TEXT    NOT NULL,
     created_at_ms BIGINT  NOT NULL
   );
   CREATE INDEX danmaku_by_time ON danmaku (video_id, position_ms, id);
   CREATE INDEX danmaku_of_user ON danmaku (user_id);
   CREATE TABLE danmaku_filters (
     user_id  BIGINT PRIMARY KEY,
     words    TEXT[]   NOT NULL,
     user_ids BIGINT[] NOT NULL,
     modes    TEXT[]   NOT NULL
   );
   CREATE TABLE watches (
     user_id       BIGINT  NOT NULL,
     video_id      BIGINT  NOT NULL,
     position_ms   BIGINT  NOT NULL,
     duration_ms   BIGINT  NOT NULL,
     is_finished   BOOLEAN NOT NULL,
     watched_at_ms BIGINT  NOT NULL,
     PRIMARY KEY (user_id, video_id)
   );
   CREATE INDEX watches_newest ON watches (user_id, watched_at_ms DESC, video_id DESC);
   CREATE INDEX watches_of_video ON watches (video_id);
   CREATE TABLE watch_settings (user_id BIGINT PRIMARY KEY, is_kept BOOLEAN NOT NULL);
   CREATE TABLE shares (
     video_id     BIGINT NOT NULL,
     viewer       TEXT   NOT NULL,
     slot         BIGINT NOT NULL,
     shared_at_ms BIGINT NOT NULL,
     PRIMARY KEY (video_id, viewer, slot)
   );
   CREATE INDEX shares_by_age ON shares (shared_at_ms);
   CREATE INDEX views_of_viewer ON views (viewer)`,
  `CREATE INDEX comments_of_video ON comments (video_id, id DESC)`,
  `CREATE TABLE silenced (
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
   );
   ALTER TABLE comments ADD COLUMN held_mentions BIGINT[] NOT NULL DEFAULT '{}'`,
  `CREATE TABLE video_days (
     video_id   BIGINT  NOT NULL,
     day        BIGINT  NOT NULL,
     view_count INTEGER NOT NULL DEFAULT 0 CHECK (view_count >= 0),
     like_count INTEGER NOT NULL DEFAULT 0 CHECK (like_count >= 0),
     PRIMARY KEY (video_id, day)
   );
   INSERT INTO video_days (video_id, day, like_count)
     SELECT video_id, created_at_ms / 86400000, count(*) FROM likes GROUP BY 1, 2`,
  // With whose they are, so that those of a page are counted without looking at each.
  `DROP INDEX comments_newest;
   CREATE INDEX comments_newest ON comments (video_id, is_pinned DESC, id DESC) INCLUDE (user_id, is_held)
     WHERE root_id IS NULL`,
  // What moderators took away, in tables of its own, so that whoever reads what is there meets none of it.
  `CREATE TABLE comments_aside (
     id               BIGINT   PRIMARY KEY,
     taken_with       BIGINT   NOT NULL,
     video_id         BIGINT   NOT NULL,
     video_author_id  BIGINT   NOT NULL,
     user_id          BIGINT   NOT NULL,
     parent_id        BIGINT,
     root_id          BIGINT,
     reply_to_user_id BIGINT,
     content          TEXT     NOT NULL,
     is_held          BOOLEAN  NOT NULL,
     created_at_ms    BIGINT   NOT NULL,
     held_mentions    BIGINT[] NOT NULL
   );
   CREATE INDEX comments_aside_taken ON comments_aside (taken_with);
   CREATE INDEX comments_aside_of_root ON comments_aside (root_id) WHERE root_id IS NOT NULL;
   CREATE INDEX comments_aside_of_video ON comments_aside (video_id);
   CREATE INDEX comments_aside_of_user ON comments_aside (user_id);
   CREATE TABLE danmaku_aside (
     id            BIGINT  PRIMARY KEY,
     video_id      BIGINT  NOT NULL,
     user_id       BIGINT  NOT NULL,
     position_ms   BIGINT  NOT NULL,
     content       TEXT    NOT NULL,
     color         INTEGER NOT NULL,
     mode          TEXT    NOT NULL,
     created_at_ms BIGINT  NOT NULL
   );
   CREATE INDEX danmaku_aside_of_video ON danmaku_aside (video_id);
   CREATE INDEX danmaku_aside_of_user ON danmaku_aside (user_id)`,
  goneTable,
  // Whose timed comments somebody does not want to see, without being told who that is.
  `CREATE TABLE danmaku_hidden (
     user_id   BIGINT NOT NULL,
     hidden_id BIGINT NOT NULL,
     PRIMARY KEY (user_id, hidden_id)
   );
   CREATE INDEX danmaku_hidden_by_hidden ON danmaku_hidden (hidden_id)`,
];
