/** Append only from the first release on: a released step is never edited. */
export const migrations = [
  `CREATE TABLE drive.drives (
     user_id     BIGINT  PRIMARY KEY,
     entry_count INTEGER NOT NULL DEFAULT 0 CHECK (entry_count >= 0),
     is_closed   BOOLEAN NOT NULL DEFAULT false
   );
   CREATE TABLE drive.user_files (
     user_id             BIGINT    NOT NULL,
     id                  BIGINT    NOT NULL,
     parent_id           BIGINT    NOT NULL,
     rank                SMALLINT  NOT NULL CHECK (rank IN (0, 1)),
     name                TEXT      NOT NULL CHECK ((name <> '') AND (name !~ '/') AND (name <> ALL (ARRAY['.', '..']))),
     name_key            TEXT      NOT NULL COLLATE "C",
     grams               INTEGER[] NOT NULL,
     file_id             BIGINT,
     key                 TEXT,
     sha256              TEXT,
     md5                 TEXT,
     sha1                TEXT,
     size_bytes          BIGINT    NOT NULL DEFAULT 0,
     mime                TEXT      NOT NULL DEFAULT '',
     kind                TEXT      NOT NULL,
     created_at_ms       BIGINT    NOT NULL,
     changed_at_ms       BIGINT    NOT NULL,
     uploaded_at_ms      BIGINT    NOT NULL,
     digests_asked_at_ms BIGINT,
     trash_id            BIGINT,
     trashed_at_ms       BIGINT,
     is_purged           BOOLEAN   NOT NULL DEFAULT false,
     PRIMARY KEY (user_id, id),
     CHECK ((rank = 0) = (file_id IS NULL)),
     CHECK (((file_id IS NULL) = (sha256 IS NULL)) AND ((file_id IS NULL) = (key IS NULL))),
     CHECK ((trash_id IS NULL) = (trashed_at_ms IS NULL))
   );
   CREATE UNIQUE INDEX user_files_name ON drive.user_files (user_id, parent_id, name_key)
     WHERE trash_id IS NULL;
   -- A file is of one user: together with the partition key it is as unique as alone.
   CREATE UNIQUE INDEX user_files_file ON drive.user_files (file_id, user_id) WHERE file_id IS NOT NULL;
   CREATE INDEX user_files_by_name ON drive.user_files (user_id, parent_id, rank, name_key, id)
     WHERE trash_id IS NULL;
   CREATE INDEX user_files_by_date ON drive.user_files (user_id, parent_id, rank, changed_at_ms, id)
     WHERE trash_id IS NULL;
   CREATE INDEX user_files_by_size ON drive.user_files (user_id, parent_id, rank, size_bytes, name_key, id)
     WHERE trash_id IS NULL;
   CREATE INDEX user_files_recent ON drive.user_files (user_id, uploaded_at_ms, id)
     WHERE (trash_id IS NULL) AND (rank = 1);
   CREATE INDEX user_files_content ON drive.user_files (user_id, sha256, uploaded_at_ms, id)
     WHERE (trash_id IS NULL) AND (rank = 1);
   CREATE INDEX user_files_sha1 ON drive.user_files (user_id, sha1) WHERE sha1 IS NOT NULL;
   CREATE INDEX user_files_md5 ON drive.user_files (user_id, md5) WHERE md5 IS NOT NULL;
   CREATE INDEX user_files_unhashed ON drive.user_files (digests_asked_at_ms NULLS FIRST)
     WHERE (rank = 1) AND (trash_id IS NULL) AND ((sha1 IS NULL) OR (md5 IS NULL));
   CREATE INDEX user_files_in_trash ON drive.user_files (user_id, trash_id) WHERE trash_id IS NOT NULL;
   CREATE INDEX user_files_trash ON drive.user_files (user_id, trashed_at_ms, id)
     WHERE (trash_id = id) AND (NOT is_purged);
   CREATE INDEX user_files_expiring ON drive.user_files (trashed_at_ms)
     WHERE (trash_id = id) AND (NOT is_purged);
   CREATE INDEX user_files_purged ON drive.user_files (user_id) WHERE is_purged;
   CREATE INDEX user_files_grams ON drive.user_files USING GIN (grams) WHERE trash_id IS NULL;
   CREATE TABLE drive.copies (
     id            BIGINT  PRIMARY KEY,
     user_id       BIGINT  NOT NULL,
     status        TEXT    NOT NULL,
     done          INTEGER NOT NULL DEFAULT 0,
     total         INTEGER NOT NULL,
     error_code    TEXT,
     error_message TEXT,
     created_at_ms BIGINT  NOT NULL
   );
   CREATE INDEX copies_by_age ON drive.copies (created_at_ms);
   CREATE TABLE drive.released_files (
     file_id        BIGINT PRIMARY KEY,
     released_at_ms BIGINT NOT NULL
   );
   CREATE INDEX released_files_by_age ON drive.released_files (released_at_ms);
   CREATE TABLE drive.shares (
     user_id       BIGINT  NOT NULL,
     id            BIGINT  NOT NULL,
     entry_id      BIGINT  NOT NULL,
     token_hash    TEXT    NOT NULL UNIQUE,
     password_hash TEXT,
     generation    INTEGER NOT NULL DEFAULT 1,
     expires_at_ms BIGINT,
     downloads_max INTEGER,
     downloads     INTEGER NOT NULL DEFAULT 0,
     visits        INTEGER NOT NULL DEFAULT 0,
     created_at_ms BIGINT  NOT NULL,
     PRIMARY KEY (user_id, id),
     CHECK ((downloads_max IS NULL) OR (downloads <= downloads_max))
   );
   CREATE INDEX shares_of_entry ON drive.shares (user_id, entry_id, id);
   CREATE TABLE drive.share_downloads (
     share_id      BIGINT NOT NULL,
     visit         TEXT   NOT NULL,
     what          TEXT   NOT NULL,
     counted_at_ms BIGINT NOT NULL,
     PRIMARY KEY (share_id, visit, what)
   );
   CREATE INDEX share_downloads_by_age ON drive.share_downloads (counted_at_ms);
   CREATE TABLE drive.zips (
     id            BIGINT   PRIMARY KEY,
     user_id       BIGINT   NOT NULL,
     entry_ids     BIGINT[] NOT NULL,
     expires_at_ms BIGINT   NOT NULL
   );
   CREATE INDEX zips_by_age ON drive.zips (expires_at_ms)`,
  // The versions by which other services follow entries, and the order in which they compare all of them.
  `ALTER TABLE drive.user_files ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
   CREATE INDEX user_files_by_id ON drive.user_files (id)`,
];

/** The tables that may become hash partitions, and the key of each; docs/scaling.md has the reasons. */
export const partitionKeys = {
  user_files: "user_id",
} as const;
