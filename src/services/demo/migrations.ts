/** Append only from the first release on: a released step is never edited. */
export const migrations = [
  `CREATE TABLE demo.demo_videos (
     name     TEXT   PRIMARY KEY,
     video_id BIGINT NOT NULL
   );
   CREATE TABLE demo.demo_authors (
     username TEXT   PRIMARY KEY,
     user_id  BIGINT NOT NULL
   )`,
  // Records finished steps, so that a continued attempt repeats none.
  `ALTER TABLE demo.demo_videos ADD COLUMN has_audience BOOLEAN NOT NULL DEFAULT false;
   CREATE TABLE demo.demo_steps (name TEXT PRIMARY KEY)`,
];
