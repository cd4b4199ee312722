/** Append only from the first release on: a released step is never edited. */
export const migrations = [
  `CREATE TABLE "user".users (
     id            BIGINT  PRIMARY KEY,
     username      TEXT    NOT NULL,
     role          TEXT    NOT NULL DEFAULT 'user',
     email         TEXT,
     email_key     TEXT    UNIQUE,
     phone         TEXT    NOT NULL DEFAULT '',
     is_verified   BOOLEAN NOT NULL DEFAULT false,
     version       INTEGER NOT NULL DEFAULT 1,
     created_at_ms BIGINT  NOT NULL
   );
   CREATE TABLE "user".user_profiles (
     user_id          BIGINT  PRIMARY KEY REFERENCES "user".users (id) ON DELETE CASCADE,
     nickname         TEXT    NOT NULL,
     avatar           TEXT    NOT NULL DEFAULT '',
     background_image TEXT    NOT NULL DEFAULT '',
     gender           INTEGER NOT NULL DEFAULT 0,
     bio              TEXT    NOT NULL DEFAULT '',
     introduction     TEXT    NOT NULL DEFAULT '',
     birthday         TEXT    NOT NULL DEFAULT '',
     province         TEXT    NOT NULL DEFAULT '',
     city             TEXT    NOT NULL DEFAULT '',
     school           TEXT    NOT NULL DEFAULT '',
     company          TEXT    NOT NULL DEFAULT '',
     profession       TEXT    NOT NULL DEFAULT '',
     homepage         TEXT    NOT NULL DEFAULT '',
     show_favorites   BOOLEAN NOT NULL DEFAULT true,
     show_likes       BOOLEAN NOT NULL DEFAULT true,
     show_following   BOOLEAN NOT NULL DEFAULT true,
     show_followers   BOOLEAN NOT NULL DEFAULT true
   )`,
  // Pictures are stored here; an address of another server would make the browser of every viewer ask it.
  `UPDATE "user".user_profiles SET avatar = '' WHERE avatar ~* '^https?:';
   UPDATE "user".user_profiles SET background_image = '' WHERE background_image ~* '^https?:'`,
  // `links` is JSON: a list of titles and addresses.
  `ALTER TABLE "user".user_profiles ADD COLUMN about TEXT NOT NULL DEFAULT '', ADD COLUMN links TEXT NOT NULL DEFAULT '[]'`,
  `ALTER TABLE "user".user_profiles ADD COLUMN approve_followers BOOLEAN NOT NULL DEFAULT false`,
];
