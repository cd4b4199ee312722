import { hotScoreOf, noScore } from "#policy/hot-score";
import { publicationWeight } from "./activity.ts";

const dayMs = 24 * 3_600_000;

/** Append only from the first release on: a released step is never edited. */
export const migrations = [
  `CREATE TABLE recommend.candidates (
     video_id        BIGINT  PRIMARY KEY,
     user_id         BIGINT  NOT NULL,
     published_at_ms BIGINT  NOT NULL,
     version         INTEGER NOT NULL,
     is_visible      BOOLEAN NOT NULL
   );
   CREATE INDEX candidates_published ON recommend.candidates (published_at_ms DESC, video_id DESC) WHERE is_visible`,
  `ALTER TABLE recommend.candidates
     ADD COLUMN is_for_followers BOOLEAN NOT NULL DEFAULT false,
     ADD COLUMN category_id BIGINT,
     ADD COLUMN is_upright BOOLEAN NOT NULL DEFAULT false,
     ADD COLUMN duration_ms BIGINT NOT NULL DEFAULT 0,
     ADD COLUMN view_count BIGINT NOT NULL DEFAULT 0,
     ADD COLUMN like_count BIGINT NOT NULL DEFAULT 0,
     ADD COLUMN like_peak BIGINT NOT NULL DEFAULT 0,
     ADD COLUMN newcomers_milli BIGINT NOT NULL DEFAULT 0,
     ADD COLUMN hot_score BIGINT NOT NULL DEFAULT ${noScore};
   UPDATE recommend.candidates SET is_for_followers = is_visible,
     hot_score = ${hotScoreOf(publicationWeight, 0)} + round(published_at_ms::numeric / ${dayMs} * 1e9)::bigint
     WHERE published_at_ms > 0;
   CREATE INDEX candidates_hottest ON recommend.candidates (hot_score DESC, video_id DESC) WHERE is_visible;
   CREATE INDEX candidates_most_viewed ON recommend.candidates (view_count DESC, video_id DESC) WHERE is_visible;
   CREATE INDEX candidates_of_category ON recommend.candidates (category_id, published_at_ms DESC, video_id DESC)
     WHERE is_visible;
   CREATE INDEX candidates_hottest_of_category ON recommend.candidates (category_id, hot_score DESC, video_id DESC)
     WHERE is_visible;
   CREATE INDEX candidates_most_viewed_of_category ON recommend.candidates (category_id, view_count DESC, video_id DESC)
     WHERE is_visible;
   CREATE INDEX candidates_of_author ON recommend.candidates (user_id, published_at_ms DESC, video_id DESC)
     WHERE is_for_followers;
   -- The keys of tags and hashtags of videos that others may see.
   CREATE TABLE recommend.video_tags (
     video_id BIGINT NOT NULL,
     tag      TEXT   NOT NULL,
     PRIMARY KEY (video_id, tag)
   );
   CREATE INDEX video_tags_latest ON recommend.video_tags (tag, video_id DESC)`,
  `CREATE TABLE recommend.not_interested (
     id            BIGINT NOT NULL,
     user_id       BIGINT NOT NULL,
     scope         TEXT   NOT NULL,
     subject_id    BIGINT NOT NULL,
     tag           TEXT   NOT NULL,
     video_id      BIGINT NOT NULL,
     created_at_ms BIGINT NOT NULL,
     PRIMARY KEY (user_id, id),
     UNIQUE (user_id, scope, subject_id, tag)
   );
   CREATE INDEX not_interested_by_subject ON recommend.not_interested (subject_id) WHERE subject_id > 0`,
  `CREATE INDEX candidates_most_viewed_of_author ON recommend.candidates (user_id, view_count DESC, video_id DESC)
     WHERE is_visible`,
  `-- What each user did with each video, all reports together.
   CREATE TABLE recommend.signals (
     user_id       BIGINT  NOT NULL,
     video_id      BIGINT  NOT NULL,
     watched_ms    BIGINT  NOT NULL DEFAULT 0,
     reached_ms    BIGINT  NOT NULL DEFAULT 0,
     length_ms     BIGINT  NOT NULL DEFAULT 0,
     is_finished   BOOLEAN NOT NULL DEFAULT false,
     is_liked      BOOLEAN NOT NULL DEFAULT false,
     is_favorited  BOOLEAN NOT NULL DEFAULT false,
     is_shared     BOOLEAN NOT NULL DEFAULT false,
     is_commented  BOOLEAN NOT NULL DEFAULT false,
     is_followed   BOOLEAN NOT NULL DEFAULT false,
     is_refused    BOOLEAN NOT NULL DEFAULT false,
     began_at_ms   BIGINT  NOT NULL,
     changed_at_ms BIGINT  NOT NULL,
     changed_tx    BIGINT  NOT NULL,
     PRIMARY KEY (user_id, video_id)
   );
   CREATE INDEX signals_latest_of_user ON recommend.signals (user_id, changed_at_ms DESC, video_id DESC);
   CREATE INDEX signals_latest ON recommend.signals (changed_at_ms DESC);
   CREATE INDEX signals_changed ON recommend.signals (changed_tx);
   CREATE INDEX signals_of_video ON recommend.signals (video_id);
   -- What users chose for their feeds.
   CREATE TABLE recommend.viewers (
     user_id     BIGINT   PRIMARY KEY,
     is_personal BOOLEAN  NOT NULL DEFAULT true,
     fresh       SMALLINT NOT NULL DEFAULT 0,
     following   SMALLINT NOT NULL DEFAULT 0,
     popular     SMALLINT NOT NULL DEFAULT 0,
     "similar"   SMALLINT NOT NULL DEFAULT 0
   );
   -- Interests that users removed: signals from before count for them no longer.
   CREATE TABLE recommend.removed_interests (
     user_id       BIGINT NOT NULL,
     kind          TEXT   NOT NULL,
     key           TEXT   NOT NULL,
     removed_at_ms BIGINT NOT NULL,
     PRIMARY KEY (user_id, kind, key)
   );
   -- Pages of feeds as they were served, for evaluation.
   CREATE TABLE recommend.pages (
     id           BIGINT PRIMARY KEY,
     user_id      BIGINT,
     served_at_ms BIGINT NOT NULL,
     model_id     BIGINT,
     video_ids    BIGINT[] NOT NULL,
     reasons      TEXT[]   NOT NULL,
     propensities REAL[]   NOT NULL
   );
   CREATE INDEX pages_of_user ON recommend.pages (user_id, served_at_ms) WHERE user_id IS NOT NULL;
   CREATE INDEX pages_served ON recommend.pages (served_at_ms);
   -- Trained models: the key of the object that has each, and how many of a hundred viewers have it.
   CREATE TABLE recommend.models (
     id            BIGINT PRIMARY KEY,
     key           TEXT    NOT NULL,
     created_at_ms BIGINT  NOT NULL,
     signals       INTEGER NOT NULL,
     users         INTEGER NOT NULL,
     videos        INTEGER NOT NULL,
     settings      TEXT    NOT NULL,
     recall        REAL    NOT NULL,
     ndcg          REAL    NOT NULL,
     share         INTEGER NOT NULL
   );
   ALTER TABLE recommend.candidates
     ADD COLUMN impression_count INTEGER NOT NULL DEFAULT 0,
     ADD COLUMN changed_tx BIGINT NOT NULL DEFAULT 0;
   CREATE INDEX candidates_changed ON recommend.candidates (changed_tx)`,
  `-- What the places of personal pages were drawn from, so that other orders can be compared with the one that was served.
   ALTER TABLE recommend.pages
     ADD COLUMN candidate_ids    BIGINT[],
     ADD COLUMN candidate_scores SMALLINT[],
     ADD COLUMN authors_before   BIGINT[],
     ADD COLUMN explored_places  SMALLINT[]`,
  `-- No query looks for what a page has. Statistics of lists took seven of eight parts of each ANALYZE of this table,
   -- which runs again whenever it has grown by a tenth.
   ALTER TABLE recommend.pages
     ALTER COLUMN video_ids        SET STATISTICS 0,
     ALTER COLUMN reasons          SET STATISTICS 0,
     ALTER COLUMN propensities     SET STATISTICS 0,
     ALTER COLUMN candidate_ids    SET STATISTICS 0,
     ALTER COLUMN candidate_scores SET STATISTICS 0,
     ALTER COLUMN authors_before   SET STATISTICS 0,
     ALTER COLUMN explored_places  SET STATISTICS 0`,
];

/** The tables that may become hash partitions, and the key of each; docs/scaling.md has the reasons. */
export const partitionKeys = {
  candidates: "video_id",
  video_tags: "video_id",
  not_interested: "user_id",
  signals: "user_id",
  pages: "id",
} as const;
