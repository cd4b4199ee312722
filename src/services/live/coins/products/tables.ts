/** Products of rooms, and what buyers have of them. They go with their room. */
export const productTables = `
   CREATE TABLE live.live_products (
     id            BIGINT  PRIMARY KEY,
     live_id       BIGINT  NOT NULL REFERENCES live.live_streams ON DELETE CASCADE,
     name          TEXT    NOT NULL,
     description   TEXT    NOT NULL,
     cover_url     TEXT    NOT NULL,
     price         BIGINT  NOT NULL CHECK (price >= 0),
     sale_price    BIGINT  CHECK (sale_price >= 0),
     stock         INTEGER NOT NULL CHECK (stock >= 0),
     status        TEXT    NOT NULL CHECK (status IN ('on', 'off')),
     is_pinned     BOOLEAN NOT NULL DEFAULT FALSE CHECK (NOT is_pinned OR status = 'on'),
     created_at_ms BIGINT  NOT NULL
   );
   CREATE INDEX live_products_room ON live.live_products (live_id, id DESC);
   CREATE UNIQUE INDEX live_products_pinned ON live.live_products (live_id) WHERE is_pinned;

   CREATE TABLE live.reservations (
     id              BIGINT  PRIMARY KEY,
     product_id      BIGINT  NOT NULL,
     live_id         BIGINT  NOT NULL REFERENCES live.live_streams ON DELETE CASCADE,
     user_id         BIGINT,
     product_name    TEXT    NOT NULL,
     quantity        INTEGER NOT NULL CHECK (quantity > 0),
     unit_price      BIGINT  NOT NULL CHECK (unit_price >= 0),
     status          TEXT    NOT NULL CHECK (status IN ('reserved', 'confirmed', 'cancelled', 'expired')),
     expires_at_ms   BIGINT  NOT NULL,
     confirmed_at_ms BIGINT  CHECK ((confirmed_at_ms IS NOT NULL) = (status = 'confirmed'))
   );
   CREATE INDEX reservations_open ON live.reservations (product_id, expires_at_ms) WHERE status = 'reserved';
   CREATE INDEX reservations_due ON live.reservations (expires_at_ms) WHERE status = 'reserved';
   CREATE INDEX reservations_orders ON live.reservations (live_id, id DESC) WHERE status = 'confirmed';
   CREATE INDEX reservations_buyer ON live.reservations (user_id)`;
