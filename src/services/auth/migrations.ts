/** Append only from the first release on: a released step is never edited. */
export const migrations = [
  `CREATE TABLE auth.credentials (
     user_id        BIGINT  PRIMARY KEY,
     username       TEXT    NOT NULL,
     name_key       TEXT    NOT NULL UNIQUE,
     email          TEXT,
     email_key      TEXT    UNIQUE,
     phone          TEXT,
     nickname       TEXT,
     password_hash  TEXT    NOT NULL,
     role           TEXT    NOT NULL CHECK (role IN ('user', 'moderator', 'admin')),
     is_demo        BOOLEAN NOT NULL DEFAULT false,
     created_at_ms  BIGINT  NOT NULL,
     state          TEXT    NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'pending', 'suspended', 'banned')),
     state_until_ms BIGINT,
     state_reason   TEXT    NOT NULL DEFAULT '',
     application    TEXT    NOT NULL DEFAULT ''
   );
   CREATE INDEX credentials_demo ON auth.credentials (user_id) WHERE is_demo;
   CREATE INDEX credentials_admin ON auth.credentials (user_id) WHERE role = 'admin';
   CREATE INDEX credentials_pending ON auth.credentials (user_id) WHERE state = 'pending';
   CREATE TABLE auth.sessions (
     id              TEXT    PRIMARY KEY,
     user_id         BIGINT  NOT NULL REFERENCES auth.credentials (user_id) ON DELETE CASCADE,
     refreshes       INTEGER,
     refreshed_at_ms BIGINT,
     created_at_ms   BIGINT  NOT NULL,
     used_at_ms      BIGINT  NOT NULL,
     expires_at_ms   BIGINT  NOT NULL,
     ended_at_ms     BIGINT,
     origin          TEXT    NOT NULL DEFAULT 'native' CHECK (origin IN ('native', 'resumable', 'cloudfiles', 'douyin')),
     token_hash      TEXT,
     agent           TEXT    NOT NULL DEFAULT '',
     CHECK (((origin = 'native') = (refreshes IS NOT NULL)) AND ((origin IN ('cloudfiles', 'douyin')) = (token_hash IS NOT NULL)))
   );
   CREATE INDEX sessions_by_user ON auth.sessions (user_id);
   CREATE INDEX sessions_by_expiry ON auth.sessions (expires_at_ms);
   CREATE TABLE auth.instance (
     id                   BOOLEAN DEFAULT true PRIMARY KEY CHECK (id),
     claimed_at_ms        BIGINT,
     demo_requested_at_ms BIGINT,
     registration         TEXT    CHECK (registration IN ('open', 'approval', 'closed'))
   );
   CREATE TABLE auth.resets (
     token_hash    TEXT   PRIMARY KEY,
     user_id       BIGINT NOT NULL REFERENCES auth.credentials (user_id) ON DELETE CASCADE,
     expires_at_ms BIGINT NOT NULL
   );
   CREATE INDEX resets_of_user ON auth.resets (user_id);
   CREATE TABLE auth.deletions (
     user_id     BIGINT PRIMARY KEY,
     begun_at_ms BIGINT NOT NULL,
     ended_at_ms BIGINT
   );
   CREATE TABLE auth.deletion_receipts (
     user_id BIGINT NOT NULL REFERENCES auth.deletions (user_id) ON DELETE CASCADE,
     service TEXT   NOT NULL,
     at_ms   BIGINT NOT NULL,
     PRIMARY KEY (user_id, service)
   );
   -- One row: a new day's salt overwrites the one before it.
   CREATE TABLE auth.source_salt (
     id   BOOLEAN DEFAULT true PRIMARY KEY CHECK (id),
     day  INTEGER NOT NULL,
     salt TEXT    NOT NULL
   );
   INSERT INTO auth.instance DEFAULT VALUES`,
  `CREATE INDEX credentials_staff ON auth.credentials (user_id) WHERE role <> 'user'`,
  // Addresses that were given before mails existed are not verified.
  `ALTER TABLE auth.credentials
     ADD COLUMN email_verified_at_ms BIGINT,
     ADD COLUMN language TEXT CHECK (language IN ('en', 'zh'));
   ALTER TABLE auth.instance
     ADD COLUMN site_name TEXT,
     ADD COLUMN site_accent TEXT,
     ADD COLUMN site_ink TEXT;
   CREATE TABLE auth.email_verifications (
     user_id       BIGINT PRIMARY KEY REFERENCES auth.credentials (user_id) ON DELETE CASCADE,
     token_hash    TEXT   NOT NULL UNIQUE,
     email_key     TEXT   NOT NULL,
     expires_at_ms BIGINT NOT NULL
   )`,
  `ALTER TABLE auth.sessions
     ADD COLUMN methods TEXT[] NOT NULL DEFAULT '{password}',
     ADD COLUMN authenticated_at_ms BIGINT,
     ADD COLUMN is_new_device BOOLEAN NOT NULL DEFAULT false;
   CREATE TABLE auth.devices (
     user_id     BIGINT NOT NULL REFERENCES auth.credentials (user_id) ON DELETE CASCADE,
     device_hash TEXT   NOT NULL,
     ends_at_ms  BIGINT NOT NULL,
     PRIMARY KEY (user_id, device_hash)
   );
   CREATE INDEX devices_by_end ON auth.devices (ends_at_ms);
   CREATE TABLE auth.alerts (
     id      BIGINT PRIMARY KEY,
     user_id BIGINT NOT NULL REFERENCES auth.credentials (user_id) ON DELETE CASCADE,
     kind    TEXT   NOT NULL,
     agent   TEXT   NOT NULL,
     at_ms   BIGINT NOT NULL
   );
   CREATE INDEX alerts_of_user ON auth.alerts (user_id, id);
   CREATE INDEX alerts_by_time ON auth.alerts (at_ms);
   CREATE TABLE auth.email_undos (
     user_id       BIGINT PRIMARY KEY REFERENCES auth.credentials (user_id) ON DELETE CASCADE,
     token_hash    TEXT   UNIQUE,
     email         TEXT   NOT NULL,
     expires_at_ms BIGINT NOT NULL
   )`,
  `ALTER TABLE auth.sessions
     ADD COLUMN name TEXT,
     ADD COLUMN scopes TEXT[],
     ADD COLUMN token_id TEXT REFERENCES auth.sessions (id) ON DELETE CASCADE,
     DROP CONSTRAINT sessions_origin_check,
     DROP CONSTRAINT sessions_check,
     ADD CONSTRAINT sessions_origin_check
       CHECK (origin IN ('native', 'resumable', 'cloudfiles', 'douyin', 'personal')) NOT VALID,
     ADD CONSTRAINT sessions_check CHECK (
       ((origin = 'native') = (refreshes IS NOT NULL)) AND
       ((origin IN ('cloudfiles', 'douyin', 'personal')) = (token_hash IS NOT NULL)) AND
       (origin <> 'personal' OR scopes IS NOT NULL)
     ) NOT VALID`,
  { index: "sessions_by_token", on: "auth.sessions (token_id) WHERE token_id IS NOT NULL" },
  `ALTER TABLE auth.instance
     ADD COLUMN sign_up_email TEXT NOT NULL DEFAULT 'optional' CHECK (sign_up_email IN ('off', 'optional', 'required')),
     ADD COLUMN users_invite BOOLEAN NOT NULL DEFAULT false,
     ADD COLUMN work_bits INTEGER NOT NULL DEFAULT 0,
     ADD COLUMN domains_allowed TEXT[] NOT NULL DEFAULT '{}',
     ADD COLUMN domains_denied TEXT[] NOT NULL DEFAULT '{}',
     DROP CONSTRAINT instance_registration_check,
     ADD CONSTRAINT instance_registration_check
       CHECK (registration IN ('open', 'approval', 'closed', 'invitation')) NOT VALID;
   CREATE TABLE auth.invitations (
     id             BIGINT  PRIMARY KEY,
     user_id        BIGINT  NOT NULL REFERENCES auth.credentials (user_id) ON DELETE CASCADE,
     code_hash      TEXT    NOT NULL UNIQUE,
     note           TEXT    NOT NULL,
     email          TEXT    NOT NULL,
     email_key      TEXT,
     uses           INTEGER NOT NULL,
     used           INTEGER NOT NULL DEFAULT 0 CHECK (used <= uses),
     skips_approval BOOLEAN NOT NULL,
     created_at_ms  BIGINT  NOT NULL,
     expires_at_ms  BIGINT  NOT NULL
   );
   CREATE INDEX invitations_of_user ON auth.invitations (user_id, id);
   CREATE INDEX invitations_unused ON auth.invitations (expires_at_ms) WHERE used = 0;
   CREATE TABLE auth.invited_accounts (
     user_id       BIGINT PRIMARY KEY REFERENCES auth.credentials (user_id) ON DELETE CASCADE,
     invitation_id BIGINT NOT NULL REFERENCES auth.invitations (id) ON DELETE CASCADE
   );
   CREATE INDEX invited_by_invitation ON auth.invited_accounts (invitation_id)`,
  `ALTER TABLE auth.credentials ADD COLUMN email_due_at_ms BIGINT`,
  { index: "credentials_by_email", on: "auth.credentials (email_key)" },
  { index: "credentials_email_due", on: "auth.credentials (email_due_at_ms) WHERE email_due_at_ms IS NOT NULL" },
  // The version before asks for the address itself, and counts on no conflict of the key.
  {
    contract: `ALTER TABLE auth.credentials DROP CONSTRAINT credentials_email_key_key;
      CREATE UNIQUE INDEX credentials_verified_email ON auth.credentials (email_key)
        WHERE email_verified_at_ms IS NOT NULL`,
    since: 3,
  },
  `CREATE TABLE auth.totp (
     user_id         BIGINT PRIMARY KEY REFERENCES auth.credentials (user_id) ON DELETE CASCADE,
     sealed_secret   TEXT   NOT NULL,
     last_step       BIGINT NOT NULL,
     confirmed_at_ms BIGINT
   );
   CREATE TABLE auth.recovery_codes (
     user_id   BIGINT NOT NULL REFERENCES auth.credentials (user_id) ON DELETE CASCADE,
     code_hash TEXT   NOT NULL,
     PRIMARY KEY (user_id, code_hash)
   );
   CREATE TABLE auth.sign_in_tickets (
     token_hash    TEXT    PRIMARY KEY,
     user_id       BIGINT  NOT NULL REFERENCES auth.credentials (user_id) ON DELETE CASCADE,
     methods       TEXT[]  NOT NULL,
     tries         INTEGER NOT NULL,
     expires_at_ms BIGINT  NOT NULL
   );
   CREATE INDEX sign_in_tickets_of_user ON auth.sign_in_tickets (user_id);
   CREATE INDEX sign_in_tickets_by_expiry ON auth.sign_in_tickets (expires_at_ms)`,
  // An account that was made by a wallet has no password.
  `ALTER TABLE auth.credentials ALTER COLUMN password_hash DROP NOT NULL;
   CREATE TABLE auth.wallets (
     id           BIGINT  PRIMARY KEY,
     user_id      BIGINT  NOT NULL REFERENCES auth.credentials (user_id) ON DELETE CASCADE,
     namespace    TEXT    NOT NULL CHECK (namespace IN ('eip155', 'solana')),
     address      TEXT    NOT NULL,
     chain_id     BIGINT  CHECK (chain_id IS NULL OR namespace = 'eip155'),
     name         TEXT    NOT NULL,
     is_public    BOOLEAN NOT NULL DEFAULT false,
     linked_at_ms BIGINT  NOT NULL
   );
   CREATE UNIQUE INDEX wallets_by_identity ON auth.wallets (namespace, address, COALESCE(chain_id, 0));
   CREATE INDEX wallets_of_user ON auth.wallets (user_id, id);
   CREATE TABLE auth.wallet_challenges (
     challenge_hash TEXT   PRIMARY KEY,
     namespace      TEXT   NOT NULL,
     chain_id       BIGINT NOT NULL,
     address        TEXT   NOT NULL,
     signing        TEXT   NOT NULL CHECK (signing IN ('personal_sign', 'eip712')),
     message        TEXT   NOT NULL,
     device_hash    TEXT,
     expires_at_ms  BIGINT NOT NULL
   );
   CREATE INDEX wallet_challenges_by_expiry ON auth.wallet_challenges (expires_at_ms)`,
  `CREATE TABLE auth.passkeys (
     id              BIGINT  PRIMARY KEY,
     user_id         BIGINT  NOT NULL REFERENCES auth.credentials (user_id) ON DELETE CASCADE,
     credential_id   TEXT    NOT NULL UNIQUE,
     public_key      BYTEA   NOT NULL CHECK (octet_length(public_key) <= 4096),
     counter         BIGINT  NOT NULL,
     transports      TEXT[]  NOT NULL,
     name            TEXT    NOT NULL,
     rp_id           TEXT    NOT NULL,
     is_synced       BOOLEAN NOT NULL,
     is_passwordless BOOLEAN NOT NULL,
     created_at_ms   BIGINT  NOT NULL,
     used_at_ms      BIGINT
   );
   CREATE INDEX passkeys_of_user ON auth.passkeys (user_id, id);
   CREATE TABLE auth.passkey_challenges (
     id            TEXT   PRIMARY KEY,
     challenge     TEXT   NOT NULL,
     purpose       TEXT   NOT NULL CHECK (purpose IN ('registration', 'sign_in', 'second_step')),
     user_id       BIGINT REFERENCES auth.credentials (user_id) ON DELETE CASCADE,
     ticket_hash   TEXT,
     expires_at_ms BIGINT NOT NULL
   );
   CREATE INDEX passkey_challenges_of_user ON auth.passkey_challenges (user_id) WHERE user_id IS NOT NULL;
   CREATE INDEX passkey_challenges_by_expiry ON auth.passkey_challenges (expires_at_ms)`,
  `ALTER TABLE auth.alerts
     ADD COLUMN name TEXT NOT NULL DEFAULT '',
     ADD COLUMN session_id TEXT;
   ALTER TABLE auth.credentials ADD COLUMN password_changed_at_ms BIGINT`,
  `CREATE TABLE auth.provider_links (
     user_id       BIGINT NOT NULL REFERENCES auth.credentials (user_id) ON DELETE CASCADE,
     issuer        TEXT   NOT NULL,
     subject_claim TEXT   NOT NULL,
     subject       TEXT   NOT NULL,
     provider_id   TEXT   NOT NULL,
     hint          TEXT   NOT NULL,
     granted_role  TEXT   CHECK (granted_role IN ('user', 'moderator', 'admin')),
     linked_at_ms  BIGINT NOT NULL,
     PRIMARY KEY (user_id, issuer)
   );
   CREATE UNIQUE INDEX provider_links_by_identity ON auth.provider_links (issuer, subject_claim, subject);
   CREATE TABLE auth.provider_flows (
     state_hash    TEXT   PRIMARY KEY,
     secret_hash   TEXT   NOT NULL,
     provider_id   TEXT   NOT NULL,
     purpose       TEXT   NOT NULL CHECK (purpose IN ('sign_in', 'link', 'fresh')),
     user_id       BIGINT REFERENCES auth.credentials (user_id) ON DELETE CASCADE,
     session_id    TEXT,
     next          TEXT   NOT NULL,
     begun_at_ms   BIGINT NOT NULL,
     expires_at_ms BIGINT NOT NULL
   );
   CREATE INDEX provider_flows_of_user ON auth.provider_flows (user_id) WHERE user_id IS NOT NULL;
   CREATE INDEX provider_flows_by_expiry ON auth.provider_flows (expires_at_ms)`,
];
