/** The gifts there are, those that were paid, and who gave how much in a room. */
export const giftTables = `
   CREATE TABLE live.live_gifts (
     id        BIGINT  PRIMARY KEY,
     name      TEXT    NOT NULL,
     slug      TEXT    NOT NULL UNIQUE,
     icon      TEXT    NOT NULL,
     animation TEXT    NOT NULL CHECK (animation IN ('pop', 'float', 'burst', 'screen')),
     price     INTEGER NOT NULL CHECK (price > 0),
     type      TEXT    NOT NULL CHECK (type IN ('small', 'large', 'grand')),
     level     INTEGER NOT NULL CHECK (level > 0)
   );
   INSERT INTO live.live_gifts (id, name, slug, icon, animation, price, type, level) VALUES
     (1, 'Rose', 'rose', '🌹', 'pop', 5, 'small', 1),
     (2, 'Coffee', 'coffee', '☕', 'pop', 10, 'small', 1),
     (3, 'Lantern', 'lantern', '🏮', 'float', 50, 'small', 2),
     (4, 'Firework', 'firework', '🎆', 'burst', 200, 'large', 3),
     (5, 'Solo', 'solo', '🎷', 'burst', 800, 'large', 4),
     (6, 'Night tram', 'night_tram', '🚋', 'screen', 2000, 'grand', 5);

   CREATE TABLE live.live_gift_records (
     id           BIGINT  NOT NULL,
     transfer_id  UUID    NOT NULL,
     live_id      BIGINT  NOT NULL,
     user_id      BIGINT,
     target_id    BIGINT  NOT NULL,
     gift_id      BIGINT  NOT NULL REFERENCES live.live_gifts,
     quantity     INTEGER NOT NULL CHECK (quantity > 0),
     unit_price   INTEGER NOT NULL,
     total_value  BIGINT  NOT NULL,
     combo_count  INTEGER NOT NULL,
     balance      BIGINT  NOT NULL,
     message      TEXT    NOT NULL,
     is_anonymous BOOLEAN NOT NULL,
     at_ms        BIGINT  NOT NULL,
     PRIMARY KEY (live_id, id),
     -- The ledger has each transfer once, whatever the room.
     UNIQUE (transfer_id, live_id)
   );
   CREATE INDEX live_gift_records_by_id ON live.live_gift_records (id);
   CREATE INDEX live_gift_records_sender ON live.live_gift_records (user_id, live_id, gift_id, id DESC);
   CREATE INDEX live_gift_records_target ON live.live_gift_records (target_id);

   CREATE TABLE live.live_givers (
     live_id      BIGINT  NOT NULL,
     user_id      BIGINT  NOT NULL,
     is_anonymous BOOLEAN NOT NULL,
     owner_id     BIGINT  NOT NULL,
     gift_count   BIGINT  NOT NULL,
     total_value  BIGINT  NOT NULL,
     PRIMARY KEY (live_id, user_id, is_anonymous)
   );
   CREATE INDEX live_givers_rank ON live.live_givers (live_id, total_value DESC, user_id);
   CREATE INDEX live_givers_user ON live.live_givers (user_id);
   CREATE INDEX live_givers_owner ON live.live_givers (owner_id)`;

/** The outcome for the words of a gift, its message in the room, and words of gifts that wait for a moderator. */
export const giftTexts = `
   ALTER TABLE live.live_gift_records
     ADD COLUMN message_seq    BIGINT,
     ADD COLUMN message_status TEXT NOT NULL DEFAULT 'sent' CHECK (message_status IN ('sent', 'held', 'refused', 'deleted')),
     ADD COLUMN message_reason TEXT NOT NULL DEFAULT '';
   CREATE UNIQUE INDEX live_gift_records_message ON live.live_gift_records (live_id, message_seq) WHERE message_seq IS NOT NULL;
   ALTER TABLE live.held_messages ADD COLUMN gift_record_id BIGINT`;
