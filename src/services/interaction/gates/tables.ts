/** Invitations to things, links that invite, and who opened things by which term. */
export const gateTables = `
   CREATE TABLE interaction.gate_invited (
     kind          TEXT    NOT NULL,
     thing_id      BIGINT  NOT NULL,
     user_id       BIGINT  NOT NULL,
     is_invited    BOOLEAN NOT NULL,
     version       BIGINT  NOT NULL,
     invited_at_ms BIGINT  NOT NULL,
     PRIMARY KEY (thing_id, user_id, kind)
   );
   CREATE INDEX gate_invited_of_thing ON interaction.gate_invited (thing_id, invited_at_ms DESC, user_id DESC) WHERE is_invited;
   CREATE INDEX gate_invited_of_user ON interaction.gate_invited (user_id);
   CREATE TABLE interaction.gate_links (
     code_hash     TEXT    PRIMARY KEY,
     kind          TEXT    NOT NULL,
     thing_id      BIGINT  NOT NULL,
     uses          INTEGER NOT NULL CHECK (uses > 0),
     used          INTEGER NOT NULL DEFAULT 0 CHECK (used <= uses),
     expires_at_ms BIGINT  NOT NULL
   );
   CREATE INDEX gate_links_expired ON interaction.gate_links (expires_at_ms);
   CREATE TABLE interaction.gate_openings (
     kind     TEXT   NOT NULL,
     thing_id BIGINT NOT NULL,
     user_id  BIGINT NOT NULL,
     term     TEXT   NOT NULL,
     at_ms    BIGINT NOT NULL,
     PRIMARY KEY (thing_id, user_id, term, kind)
   );
   CREATE INDEX gate_openings_of_thing ON interaction.gate_openings (thing_id, at_ms DESC, user_id DESC);
   CREATE INDEX gate_openings_of_user ON interaction.gate_openings (user_id);
   CREATE TABLE interaction.gate_watched (
     video_id   BIGINT NOT NULL,
     user_id    BIGINT NOT NULL,
     watched_ms BIGINT NOT NULL,
     PRIMARY KEY (video_id, user_id)
   );
   CREATE INDEX gate_watched_of_user ON interaction.gate_watched (user_id)`;
