/**
 * Accounts, transfers and payouts. The account of a user loses its `owner_id` with the user, and keeps its balance: the
 * sum over all accounts stays 0.
 */
export const ledgerTables = `
   CREATE TABLE live.accounts (
     id              BIGINT  PRIMARY KEY,
     owner_id        BIGINT,
     kind            TEXT    NOT NULL CHECK (kind IN ('gift_coins', 'coins', 'earnings', 'issuance', 'platform', 'payouts_pending', 'payouts_paid')),
     balance         BIGINT  NOT NULL DEFAULT 0,
     may_go_negative BOOLEAN NOT NULL DEFAULT FALSE,
     CHECK (may_go_negative OR balance >= 0)
   );
   CREATE UNIQUE INDEX accounts_owner ON live.accounts (owner_id, kind) WHERE owner_id IS NOT NULL;
   INSERT INTO live.accounts (id, kind, may_go_negative) VALUES
     (1, 'issuance', TRUE), (2, 'payouts_pending', FALSE), (3, 'payouts_paid', FALSE),
     (10, 'platform', FALSE), (11, 'platform', FALSE), (12, 'platform', FALSE), (13, 'platform', FALSE);

   CREATE TABLE live.transfers (
     id             UUID     PRIMARY KEY,
     seq            BIGINT   NOT NULL GENERATED ALWAYS AS IDENTITY,
     leg            SMALLINT NOT NULL,
     debit          BIGINT   NOT NULL REFERENCES live.accounts,
     credit         BIGINT   NOT NULL REFERENCES live.accounts CHECK (credit <> debit),
     amount         BIGINT   NOT NULL CHECK (amount > 0),
     debit_balance  BIGINT   NOT NULL,
     credit_balance BIGINT   NOT NULL,
     kind           TEXT     NOT NULL CHECK (kind IN ('sign_up', 'grant', 'correction', 'gift', 'platform_share', 'payout')),
     ref            BIGINT,
     state          TEXT     NOT NULL CHECK (state IN ('posted', 'pending', 'voided')),
     settles        UUID     UNIQUE REFERENCES live.transfers,
     at_ms          BIGINT   NOT NULL,
     CHECK (state <> 'voided' OR settles IS NOT NULL)
   );
   CREATE INDEX transfers_debit ON live.transfers (debit, seq DESC);
   CREATE INDEX transfers_credit ON live.transfers (credit, seq DESC);
   CREATE FUNCTION live.refuse_change() RETURNS TRIGGER LANGUAGE plpgsql AS
     $$ BEGIN RAISE EXCEPTION 'transfers are only added: a correction is a new transfer'; END $$;
   CREATE TRIGGER transfers_are_added BEFORE UPDATE OR DELETE ON live.transfers
     FOR EACH ROW EXECUTE FUNCTION live.refuse_change();

   CREATE TABLE live.payouts (
     id              BIGINT PRIMARY KEY,
     account_id      BIGINT NOT NULL REFERENCES live.accounts,
     transfer_id     UUID   NOT NULL REFERENCES live.transfers,
     amount          BIGINT NOT NULL CHECK (amount > 0),
     status          TEXT   NOT NULL CHECK (status IN ('pending', 'approved', 'paid', 'refused', 'expired')),
     note            TEXT   NOT NULL DEFAULT '',
     requested_at_ms BIGINT NOT NULL,
     expires_at_ms   BIGINT NOT NULL,
     decided_at_ms   BIGINT
   );
   CREATE INDEX payouts_account ON live.payouts (account_id, id DESC);
   CREATE INDEX payouts_status ON live.payouts (status, id DESC)`;
