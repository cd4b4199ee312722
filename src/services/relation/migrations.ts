/** Append only from the first release on: a released step is never edited. */
export const migrations = [
  `CREATE TABLE relation.follows (
     id            BIGINT NOT NULL,
     user_id       BIGINT NOT NULL,
     target_id     BIGINT NOT NULL,
     mutual_id     BIGINT,
     created_at_ms BIGINT NOT NULL,
     PRIMARY KEY (user_id, target_id),
     CHECK (user_id <> target_id)
   );
   CREATE INDEX follows_of_user ON relation.follows (user_id, id DESC);
   CREATE INDEX follows_of_target ON relation.follows (target_id, id DESC);
   CREATE INDEX follows_mutual ON relation.follows (user_id, mutual_id DESC) WHERE mutual_id IS NOT NULL;
   CREATE TABLE relation.blocks (
     id            BIGINT NOT NULL,
     user_id       BIGINT NOT NULL,
     target_id     BIGINT NOT NULL,
     created_at_ms BIGINT NOT NULL,
     PRIMARY KEY (user_id, target_id),
     CHECK (user_id <> target_id)
   );
   CREATE INDEX blocks_of_user ON relation.blocks (user_id, id DESC);
   CREATE INDEX blocks_of_target ON relation.blocks (target_id, id DESC);
   CREATE TABLE relation.user_counts (
     user_id        BIGINT  PRIMARY KEY,
     follow_count   INTEGER NOT NULL DEFAULT 0 CHECK (follow_count >= 0),
     follower_count INTEGER NOT NULL DEFAULT 0 CHECK (follower_count >= 0),
     friend_count   INTEGER NOT NULL DEFAULT 0 CHECK (friend_count >= 0),
     deleted_at_ms  BIGINT
   );
   CREATE INDEX user_counts_popular ON relation.user_counts (follower_count DESC, user_id DESC)
     WHERE follower_count > 0;
   CREATE INDEX user_counts_deleted ON relation.user_counts (deleted_at_ms) WHERE deleted_at_ms IS NOT NULL`,
  `CREATE TABLE relation.follow_requests (
     id            BIGINT NOT NULL,
     user_id       BIGINT NOT NULL,
     target_id     BIGINT NOT NULL,
     created_at_ms BIGINT NOT NULL,
     PRIMARY KEY (user_id, target_id),
     CHECK (user_id <> target_id)
   );
   CREATE INDEX follow_requests_of_target ON relation.follow_requests (target_id, id DESC)`,
];

/** The tables that may become hash partitions, and the key of each; docs/scaling.md has the reasons. */
export const partitionKeys = {
  follows: "user_id",
  blocks: "user_id",
  follow_requests: "user_id",
} as const;
