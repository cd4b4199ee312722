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
];
