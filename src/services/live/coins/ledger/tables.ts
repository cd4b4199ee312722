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

/**
 * Splits the ledger: coins that are for gifts alone stay so when they are given. Earnings and shares from such coins
 * move to accounts of that side. Payouts from them already count as granted.
 */
export const giftLedger = `
   ALTER TABLE live.accounts DROP CONSTRAINT accounts_kind_check, ADD CONSTRAINT accounts_kind_check CHECK (kind IN (
     'gift_coins', 'gift_earnings', 'gift_issuance', 'gift_platform',
     'coins', 'earnings', 'issuance', 'platform', 'payouts_pending', 'payouts_paid'));
   ALTER TABLE live.transfers DROP CONSTRAINT transfers_kind_check, ADD CONSTRAINT transfers_kind_check CHECK (kind IN (
     'sign_up', 'bonus', 'grant', 'purchase', 'correction', 'gift', 'platform_share', 'payout'));
   INSERT INTO live.accounts (id, kind, may_go_negative) VALUES
     (4, 'gift_issuance', TRUE),
     (20, 'gift_platform', FALSE), (21, 'gift_platform', FALSE), (22, 'gift_platform', FALSE), (23, 'gift_platform', FALSE);
   -- Ids below those that the service gives.
   INSERT INTO live.accounts (id, owner_id, kind)
     SELECT 1000 + row_number() OVER (ORDER BY id), owner_id, 'gift_earnings'
     FROM live.accounts WHERE kind = 'earnings' AND owner_id IS NOT NULL;

   CREATE TEMPORARY TABLE moves ON COMMIT DROP AS
     WITH gift AS (
       SELECT ref, credit AS earnings, sum(amount) AS total,
              coalesce(sum(amount) FILTER (WHERE payer.kind = 'gift_coins'), 0) AS free
       FROM live.transfers JOIN live.accounts AS payer ON payer.id = debit
       WHERE transfers.kind = 'gift' AND ref IS NOT NULL GROUP BY ref, credit
     ), share AS (
       SELECT ref, credit AS platform, sum(amount) AS amount FROM live.transfers WHERE kind = 'platform_share' GROUP BY ref, credit
     ), free AS (
       SELECT earnings, platform, free,
              coalesce(share.amount, 0) - floor(coalesce(share.amount, 0) * (total - free) / total) AS share
       FROM gift LEFT JOIN share USING (ref) WHERE free > 0
     )
     SELECT account.id AS debit, gifted.id AS credit, least(account.balance, amount)::bigint AS amount FROM (
       SELECT earnings AS id, sum(free - share) AS amount FROM free GROUP BY earnings
       UNION ALL SELECT platform, sum(share) FROM free WHERE platform IS NOT NULL GROUP BY platform
     ) AS received
     JOIN live.accounts AS account USING (id)
     JOIN live.accounts AS gifted ON (gifted.kind = 'gift_earnings' AND gifted.owner_id = account.owner_id)
       OR (gifted.kind = 'gift_platform' AND account.kind = 'platform' AND gifted.id = account.id + 10)
     WHERE least(account.balance, amount) > 0;
   -- The coins that new accounts were given were issued as free ones, save those that are payable or paid out by now.
   INSERT INTO moves
     SELECT 4, 1, issued - spent + moved FROM (
       SELECT (SELECT coalesce(sum(amount), 0) FROM live.transfers WHERE kind = 'sign_up') AS issued,
              (SELECT coalesce(sum(amount), 0) FROM live.transfers JOIN live.accounts AS payer ON payer.id = debit
               WHERE transfers.kind = 'gift' AND payer.kind = 'gift_coins') AS spent,
              (SELECT coalesce(sum(amount), 0) FROM moves) AS moved
     ) AS one WHERE issued - spent + moved > 0;
   INSERT INTO live.transfers (id, leg, debit, credit, amount, debit_balance, credit_balance, kind, state, at_ms)
     SELECT gen_random_uuid(), 0, debit, credit, moves.amount, payer.balance - moves.amount, payee.balance + moves.amount,
            'correction', 'posted', (extract(epoch FROM now()) * 1000)::bigint
     FROM moves JOIN live.accounts AS payer ON payer.id = debit JOIN live.accounts AS payee ON payee.id = credit;
   UPDATE live.accounts SET balance = balance - amount FROM moves WHERE id = debit;
   UPDATE live.accounts SET balance = balance + amount FROM moves WHERE id = credit`;
