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
];
