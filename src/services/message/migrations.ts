/** Append only from the first release on: a released step is never edited. */
export const migrations = [
  `CREATE TABLE message.inboxes (
     user_id       BIGINT PRIMARY KEY,
     seq           BIGINT NOT NULL DEFAULT 0 CHECK (seq >= 0),
     deleted_at_ms BIGINT
   );
   CREATE INDEX inboxes_deleted ON message.inboxes (deleted_at_ms) WHERE deleted_at_ms IS NOT NULL;
   CREATE TABLE message.conversations (
     user_id       BIGINT  NOT NULL,
     id            BIGINT  NOT NULL,
     other_id      BIGINT  NOT NULL,
     is_request    BOOLEAN NOT NULL,
     unread_count  INTEGER NOT NULL DEFAULT 0 CHECK (unread_count >= 0),
     last_ms       BIGINT  NOT NULL DEFAULT 0,
     position      BIGINT  NOT NULL DEFAULT 0,
     cleared_to_ms BIGINT  NOT NULL DEFAULT 0,
     PRIMARY KEY (user_id, id),
     UNIQUE (user_id, other_id),
     CHECK (user_id <> other_id)
   );
   CREATE INDEX conversations_latest ON message.conversations (user_id, "position" DESC);
   CREATE INDEX conversations_unread ON message.conversations (user_id) WHERE unread_count > 0;
   CREATE INDEX conversations_of_other ON message.conversations (other_id, id);
   CREATE INDEX conversations_by_id ON message.conversations (id);
   CREATE TABLE message.messages (
     id              BIGINT  NOT NULL,
     conversation_id BIGINT  NOT NULL,
     created_at_ms   BIGINT  NOT NULL,
     sender_id       BIGINT  NOT NULL,
     receiver_id     BIGINT  NOT NULL,
     type            INTEGER NOT NULL,
     content         TEXT    NOT NULL,
     media_id        BIGINT,
     media_path      TEXT    NOT NULL DEFAULT '',
     video_id        BIGINT,
     read_at_ms      BIGINT,
     sender_seq      BIGINT  NOT NULL,
     receiver_seq    BIGINT  NOT NULL,
     is_removed      BOOLEAN NOT NULL DEFAULT false,
     PRIMARY KEY (conversation_id, created_at_ms)
   );
   CREATE INDEX messages_by_id ON message.messages (id);
   CREATE INDEX messages_unread ON message.messages (conversation_id, receiver_id) WHERE read_at_ms IS NULL;
   CREATE TABLE message.notifications (
     user_id       BIGINT  NOT NULL,
     seq           BIGINT  NOT NULL,
     id            BIGINT  NOT NULL,
     kind          TEXT    NOT NULL,
     sender_id     BIGINT  NOT NULL,
     fact_id       BIGINT  NOT NULL,
     subject_id    BIGINT  NOT NULL,
     group_id      BIGINT  NOT NULL,
     video_id      BIGINT,
     comment_id    BIGINT,
     root_id       BIGINT,
     title         TEXT    NOT NULL,
     content       TEXT    NOT NULL,
     is_read       BOOLEAN NOT NULL DEFAULT false,
     created_at_ms BIGINT  NOT NULL,
     PRIMARY KEY (user_id, seq),
     UNIQUE (user_id, kind, fact_id, sender_id)
   );
   CREATE INDEX notifications_by_id ON message.notifications (user_id, id);
   CREATE INDEX notifications_grouped ON message.notifications (user_id, group_id, seq DESC);
   CREATE INDEX notifications_of_subject ON message.notifications (user_id, kind, subject_id, seq DESC);
   CREATE INDEX notifications_unread ON message.notifications (user_id) WHERE NOT is_read;
   CREATE INDEX notifications_of_video ON message.notifications (video_id) WHERE video_id IS NOT NULL;
   CREATE INDEX notifications_of_comment ON message.notifications (comment_id) WHERE comment_id IS NOT NULL;
   CREATE INDEX notifications_of_thread ON message.notifications (root_id) WHERE root_id IS NOT NULL;
   CREATE INDEX notifications_of_sender ON message.notifications (sender_id);
   CREATE INDEX notifications_by_age ON message.notifications (created_at_ms);
   CREATE TABLE message.updates (
     user_id         BIGINT NOT NULL,
     seq             BIGINT NOT NULL,
     type            TEXT   NOT NULL,
     item_id         BIGINT,
     conversation_id BIGINT,
     created_at_ms   BIGINT NOT NULL,
     PRIMARY KEY (user_id, seq)
   );
   CREATE TABLE message.settings (
     user_id BIGINT PRIMARY KEY,
     off     TEXT[] NOT NULL
   );
   CREATE TABLE message.deleted_things (
     kind  TEXT   NOT NULL,
     id    BIGINT NOT NULL,
     at_ms BIGINT NOT NULL,
     PRIMARY KEY (kind, id)
   );
   CREATE INDEX deleted_things_by_age ON message.deleted_things (at_ms)`,
  // A row of due_mails stays until its mail is queued: unread notifications from this number on are in it.
  `ALTER TABLE message.settings
     ADD COLUMN mail_off TEXT[] NOT NULL DEFAULT '{}',
     ADD COLUMN push_off TEXT[] NOT NULL DEFAULT '{}',
     ALTER COLUMN off SET DEFAULT '{}';
   CREATE TABLE message.due_mails (
     user_id   BIGINT PRIMARY KEY,
     first_seq BIGINT NOT NULL,
     due_at_ms BIGINT NOT NULL
   );
   CREATE INDEX due_mails_by_time ON message.due_mails (due_at_ms);
   CREATE TABLE message.push_subscriptions (
     endpoint_hash TEXT   PRIMARY KEY,
     user_id       BIGINT NOT NULL,
     session_id    TEXT   NOT NULL,
     endpoint      TEXT   NOT NULL,
     p256dh        TEXT   NOT NULL,
     auth          TEXT   NOT NULL,
     created_at_ms BIGINT NOT NULL
   );
   CREATE INDEX push_subscriptions_of_user ON message.push_subscriptions (user_id);
   CREATE TABLE message.push_keys (
     id          BOOLEAN DEFAULT true PRIMARY KEY CHECK (id),
     public_key  TEXT NOT NULL,
     private_key TEXT NOT NULL
   )`,
  `ALTER TABLE message.notifications ADD COLUMN live_id BIGINT;
   CREATE INDEX notifications_of_live ON message.notifications (live_id) WHERE live_id IS NOT NULL`,
  // The messages that a sweep removed, which come back with its end.
  `CREATE TABLE message.sweeps (
     id        BIGINT  PRIMARY KEY,
     user_id   BIGINT  NOT NULL,
     until_ms  BIGINT  NOT NULL,
     is_undone BOOLEAN NOT NULL DEFAULT false
   );
   CREATE TABLE message.swept_messages (
     sweep_id   BIGINT NOT NULL REFERENCES message.sweeps (id) ON DELETE CASCADE,
     message_id BIGINT NOT NULL,
     PRIMARY KEY (sweep_id, message_id)
   )`,
];

/** The tables that may become hash partitions, and the key of each; docs/scaling.md has the reasons. */
export const partitionKeys = {
  conversations: "user_id",
  messages: "conversation_id",
  notifications: "user_id",
  updates: "user_id",
} as const;
