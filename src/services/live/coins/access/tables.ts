/** Purchases of access to things: a row for each buyer of a thing, with the last purchase. */
export const accessTables = `
   CREATE TABLE live.access_purchases (
     kind         TEXT    NOT NULL,
     thing_id     BIGINT  NOT NULL,
     buyer_id     BIGINT  NOT NULL,
     seller_id    BIGINT  NOT NULL,
     price        BIGINT  NOT NULL,
     share        BIGINT  NOT NULL,
     is_paid      BOOLEAN NOT NULL,
     bought_at_ms BIGINT  NOT NULL,
     until_ms     BIGINT,
     version      BIGINT  NOT NULL,
     PRIMARY KEY (thing_id, buyer_id, kind)
   );
   CREATE INDEX access_purchases_buyer ON live.access_purchases (buyer_id);
   CREATE INDEX access_purchases_seller ON live.access_purchases (seller_id);
   ALTER TABLE live.transfers DROP CONSTRAINT transfers_kind_check, ADD CONSTRAINT transfers_kind_check CHECK (kind IN (
     'sign_up', 'bonus', 'grant', 'purchase', 'correction', 'gift', 'platform_share', 'payout', 'access', 'refund')) NOT VALID`;
