/** Append only: a released step is never edited. */
export const migrations = [
  `CREATE TABLE demo_videos (
     name     TEXT   PRIMARY KEY,
     video_id BIGINT NOT NULL
   )`,
];
