import { gateTables } from "./gates/tables.ts";
/** Append only from the first release on: a released step is never edited. */
export const migrations = [
  `CREATE TABLE interaction.likes (
     video_id      BIGINT NOT NULL,
     user_id       BIGINT NOT NULL,
     author_id     BIGINT NOT NULL,
     created_at_ms BIGINT NOT NULL,
     PRIMARY KEY (video_id, user_id)
   );
   CREATE INDEX likes_of_user ON interaction.likes (user_id, created_at_ms DESC, video_id DESC);
   CREATE TABLE interaction.views (
     video_id   BIGINT NOT NULL,
     viewer     TEXT   NOT NULL,
     slot       BIGINT NOT NULL,
     seen_at_ms BIGINT NOT NULL,
     PRIMARY KEY (video_id, viewer, slot)
   );
   CREATE INDEX views_by_age ON interaction.views (seen_at_ms);
   CREATE INDEX views_of_viewer ON interaction.views (viewer);
   CREATE TABLE interaction.video_counts (
     video_id       BIGINT  PRIMARY KEY,
     like_count     INTEGER NOT NULL DEFAULT 0 CHECK (like_count >= 0),
     play_count     INTEGER NOT NULL DEFAULT 0 CHECK (play_count >= 0),
     deleted_at_ms  BIGINT,
     comment_count  INTEGER NOT NULL DEFAULT 0 CHECK (comment_count >= 0),
     favorite_count INTEGER NOT NULL DEFAULT 0 CHECK (favorite_count >= 0),
     share_count    INTEGER NOT NULL DEFAULT 0 CHECK (share_count >= 0)
   );
   CREATE INDEX video_counts_deleted ON interaction.video_counts (deleted_at_ms) WHERE deleted_at_ms IS NOT NULL;
   CREATE TABLE interaction.author_counts (
     user_id        BIGINT  PRIMARY KEY,
     like_count     INTEGER NOT NULL DEFAULT 0 CHECK (like_count >= 0),
     liked_count    INTEGER NOT NULL DEFAULT 0 CHECK (liked_count >= 0),
     favorite_count INTEGER NOT NULL DEFAULT 0 CHECK (favorite_count >= 0)
   );
   CREATE TABLE interaction.video_copies (
     video_id     BIGINT  PRIMARY KEY,
     author_id    BIGINT  NOT NULL,
     visibility   TEXT    NOT NULL,
     is_published BOOLEAN NOT NULL,
     version      INTEGER NOT NULL
   );
   CREATE TABLE interaction.favorites (
     user_id       BIGINT NOT NULL,
     video_id      BIGINT NOT NULL,
     folder_id     BIGINT,
     created_at_ms BIGINT NOT NULL,
     PRIMARY KEY (user_id, video_id)
   );
   CREATE INDEX favorites_newest ON interaction.favorites (user_id, created_at_ms DESC, video_id DESC);
   CREATE INDEX favorites_in_folder ON interaction.favorites (folder_id, created_at_ms DESC, video_id DESC);
   CREATE INDEX favorites_of_video ON interaction.favorites (video_id);
   CREATE TABLE interaction.favorite_folders (
     id            BIGINT  PRIMARY KEY,
     user_id       BIGINT  NOT NULL,
     name          TEXT    NOT NULL,
     is_public     BOOLEAN NOT NULL,
     created_at_ms BIGINT  NOT NULL
   );
   CREATE INDEX folders_of_user ON interaction.favorite_folders (user_id, id DESC);
   CREATE TABLE interaction.comments (
     id               BIGINT   NOT NULL,
     video_id         BIGINT   NOT NULL,
     video_author_id  BIGINT   NOT NULL,
     user_id          BIGINT   NOT NULL,
     parent_id        BIGINT,
     root_id          BIGINT,
     reply_to_user_id BIGINT,
     content          TEXT     NOT NULL,
     is_held          BOOLEAN  NOT NULL DEFAULT false,
     is_pinned        INTEGER  NOT NULL DEFAULT 0,
     like_count       INTEGER  NOT NULL DEFAULT 0 CHECK (like_count >= 0),
     reply_count      INTEGER  NOT NULL DEFAULT 0 CHECK (reply_count >= 0),
     hot_score        INTEGER  GENERATED ALWAYS AS (like_count + 2 * reply_count) STORED NOT NULL,
     created_at_ms    BIGINT   NOT NULL,
     held_mentions    BIGINT[] NOT NULL DEFAULT '{}',
     PRIMARY KEY (video_id, id)
   );
   CREATE INDEX comments_by_id ON interaction.comments (id);
   CREATE INDEX comments_hottest ON interaction.comments (video_id, is_pinned DESC, hot_score DESC, id DESC)
     WHERE root_id IS NULL;
   CREATE INDEX comments_of_root ON interaction.comments (root_id, id) WHERE root_id IS NOT NULL;
   CREATE INDEX comments_of_user ON interaction.comments (user_id, id DESC);
   CREATE INDEX comments_newest ON interaction.comments (video_id, is_pinned DESC, id DESC) INCLUDE (user_id, is_held)
     WHERE root_id IS NULL;
   CREATE TABLE interaction.comment_likes (
     comment_id    BIGINT NOT NULL,
     user_id       BIGINT NOT NULL,
     created_at_ms BIGINT NOT NULL,
     PRIMARY KEY (comment_id, user_id)
   );
   CREATE INDEX comment_likes_of_user ON interaction.comment_likes (user_id, comment_id);
   CREATE TABLE interaction.danmaku (
     id            BIGINT  NOT NULL,
     video_id      BIGINT  NOT NULL,
     user_id       BIGINT  NOT NULL,
     position_ms   BIGINT  NOT NULL,
     content       TEXT    NOT NULL,
     color         INTEGER NOT NULL,
     mode          TEXT    NOT NULL,
     created_at_ms BIGINT  NOT NULL,
     PRIMARY KEY (video_id, id)
   );
   CREATE INDEX danmaku_by_id ON interaction.danmaku (id);
   CREATE INDEX danmaku_by_time ON interaction.danmaku (video_id, position_ms, id);
   CREATE INDEX danmaku_of_user ON interaction.danmaku (user_id);
   CREATE TABLE interaction.danmaku_filters (
     user_id  BIGINT   PRIMARY KEY,
     words    TEXT[]   NOT NULL,
     user_ids BIGINT[] NOT NULL,
     modes    TEXT[]   NOT NULL
   );
   CREATE TABLE interaction.watches (
     user_id       BIGINT  NOT NULL,
     video_id      BIGINT  NOT NULL,
     position_ms   BIGINT  NOT NULL,
     duration_ms   BIGINT  NOT NULL,
     is_finished   BOOLEAN NOT NULL,
     watched_at_ms BIGINT  NOT NULL,
     PRIMARY KEY (user_id, video_id)
   );
   CREATE INDEX watches_newest ON interaction.watches (user_id, watched_at_ms DESC, video_id DESC);
   CREATE INDEX watches_of_video ON interaction.watches (video_id);
   CREATE TABLE interaction.watch_settings (
     user_id BIGINT  PRIMARY KEY,
     is_kept BOOLEAN NOT NULL
   );
   CREATE TABLE interaction.shares (
     video_id     BIGINT NOT NULL,
     viewer       TEXT   NOT NULL,
     slot         BIGINT NOT NULL,
     shared_at_ms BIGINT NOT NULL,
     PRIMARY KEY (video_id, viewer, slot)
   );
   CREATE INDEX shares_by_age ON interaction.shares (shared_at_ms);
   CREATE TABLE interaction.video_days (
     video_id   BIGINT  NOT NULL,
     day        BIGINT  NOT NULL,
     view_count INTEGER NOT NULL DEFAULT 0 CHECK (view_count >= 0),
     like_count INTEGER NOT NULL DEFAULT 0 CHECK (like_count >= 0),
     PRIMARY KEY (video_id, day)
   );
   -- What moderators took away lies in tables of its own, so that no reader meets it.
   CREATE TABLE interaction.removed_comments (
     id               BIGINT   PRIMARY KEY,
     removed_with     BIGINT   NOT NULL,
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
   CREATE INDEX removed_comments_taken ON interaction.removed_comments (removed_with);
   CREATE INDEX removed_comments_of_root ON interaction.removed_comments (root_id) WHERE root_id IS NOT NULL;
   CREATE INDEX removed_comments_of_video ON interaction.removed_comments (video_id);
   CREATE INDEX removed_comments_of_user ON interaction.removed_comments (user_id);
   CREATE TABLE interaction.removed_danmaku (
     id            BIGINT  PRIMARY KEY,
     video_id      BIGINT  NOT NULL,
     user_id       BIGINT  NOT NULL,
     position_ms   BIGINT  NOT NULL,
     content       TEXT    NOT NULL,
     color         INTEGER NOT NULL,
     mode          TEXT    NOT NULL,
     created_at_ms BIGINT  NOT NULL
   );
   CREATE INDEX removed_danmaku_of_video ON interaction.removed_danmaku (video_id);
   CREATE INDEX removed_danmaku_of_user ON interaction.removed_danmaku (user_id);
   -- Authors of danmaku whom a user hides without knowing who they are.
   CREATE TABLE interaction.hidden_danmaku_authors (
     user_id   BIGINT NOT NULL,
     hidden_id BIGINT NOT NULL,
     PRIMARY KEY (user_id, hidden_id)
   );
   CREATE INDEX hidden_danmaku_authors_by_hidden ON interaction.hidden_danmaku_authors (hidden_id)`,
  // Watched parts of videos, and the sources of viewers and followers.
  `ALTER TABLE interaction.video_days ADD COLUMN watch_ms BIGINT NOT NULL DEFAULT 0 CHECK (watch_ms >= 0);
   CREATE TABLE interaction.video_retention (
     video_id   BIGINT   NOT NULL,
     day        BIGINT   NOT NULL,
     view_count INTEGER  NOT NULL CHECK (view_count >= 0),
     watched    BIGINT[] NOT NULL,
     PRIMARY KEY (video_id, day)
   );
   CREATE INDEX video_retention_by_age ON interaction.video_retention (day);
   CREATE TABLE interaction.view_sources (
     video_id   BIGINT  NOT NULL,
     day        BIGINT  NOT NULL,
     source     TEXT    NOT NULL,
     site       TEXT    NOT NULL,
     view_count INTEGER NOT NULL CHECK (view_count >= 0),
     PRIMARY KEY (video_id, day, source, site)
   );
   CREATE INDEX view_sources_by_age ON interaction.view_sources (day);
   CREATE TABLE interaction.new_followers (
     author_id   BIGINT NOT NULL,
     follower_id BIGINT NOT NULL,
     day         BIGINT NOT NULL,
     video_id    BIGINT,
     PRIMARY KEY (author_id, follower_id)
   );
   CREATE INDEX new_followers_of_author ON interaction.new_followers (author_id, day);
   CREATE INDEX new_followers_of_video ON interaction.new_followers (video_id, day) WHERE video_id IS NOT NULL;
   CREATE INDEX new_followers_by_follower ON interaction.new_followers (follower_id);
   CREATE INDEX new_followers_by_age ON interaction.new_followers (day);
   CREATE INDEX video_copies_of_author ON interaction.video_copies (author_id, video_id)`,
  // Comments that their authors edit, and those that an owner of videos receives.
  `ALTER TABLE interaction.comments ADD COLUMN edited_at_ms BIGINT, ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
   ALTER TABLE interaction.removed_comments ADD COLUMN edited_at_ms BIGINT, ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
   CREATE INDEX comments_received ON interaction.comments (video_author_id, id DESC);
   CREATE INDEX comments_received_at_top ON interaction.comments (video_author_id, id DESC) WHERE root_id IS NULL;
   CREATE INDEX comments_received_held ON interaction.comments (video_author_id, id DESC) WHERE is_held;
   CREATE INDEX comments_of_root_by_user ON interaction.comments (root_id, user_id) WHERE root_id IS NOT NULL`,
  `CREATE INDEX watches_begun ON interaction.watches (user_id, watched_at_ms DESC, video_id DESC)
     WHERE NOT is_finished AND position_ms >= 3000 AND (duration_ms = 0 OR position_ms * 100 < duration_ms * 95)`,
  `CREATE INDEX video_days_by_day ON interaction.video_days (day) INCLUDE (view_count)`,
  `DROP INDEX interaction.danmaku_of_user;
   CREATE INDEX danmaku_of_user ON interaction.danmaku (user_id, id DESC)`,
  // Counters and positions that change with every view lie in no index: PostgreSQL then changes none of them with the row.
  `DROP INDEX interaction.watches_begun;
   DROP INDEX interaction.video_days_by_day;
   CREATE INDEX video_days_by_day ON interaction.video_days (day);
   ALTER TABLE interaction.video_counts SET (fillfactor = 80);
   ALTER TABLE interaction.video_days SET (fillfactor = 80);
   ALTER TABLE interaction.video_retention SET (fillfactor = 70);
   ALTER TABLE interaction.view_sources SET (fillfactor = 80)`,
  `CREATE TABLE interaction.live_chats (video_id BIGINT PRIMARY KEY, seq BIGINT NOT NULL)`,
  `CREATE TABLE interaction.watch_credits (
     video_id    BIGINT NOT NULL,
     viewer      TEXT   NOT NULL,
     slot        BIGINT NOT NULL,
     credited_ms BIGINT NOT NULL,
     PRIMARY KEY (video_id, viewer, slot)
   );
   CREATE INDEX watch_credits_by_age ON interaction.watch_credits (slot);
   CREATE INDEX watch_credits_of_viewer ON interaction.watch_credits (viewer)`,
  gateTables,
];

/** The tables that may become hash partitions, and the key of each; docs/scaling.md has the reasons. */
export const partitionKeys = {
  likes: "video_id",
  views: "video_id",
  video_counts: "video_id",
  video_copies: "video_id",
  favorites: "user_id",
  comments: "video_id",
  comment_likes: "comment_id",
  danmaku: "video_id",
  watches: "user_id",
  shares: "video_id",
  video_days: "video_id",
  video_retention: "video_id",
  view_sources: "video_id",
  new_followers: "author_id",
  watch_credits: "video_id",
} as const;
