import type { Status } from "#events/live";
import type { Id, Reader } from "#kernel";
import type { ColumnType, Generated } from "kysely";
import type { Resource } from "#policy/can";
import type { Gate, Teaser } from "#policy/gates/fields";
import type { Gift, GiftRecord, PayoutStatus, Product, RefusalReason, Reservation } from "./contract.ts";

/** The tables as `migrations.ts` leaves them. */
export interface Tables {
  /** The copy `mutes` of `#policy/copies/mutes`. */
  "own.muted": { user_id: Id; kind: "mute" | "bar"; until_ms: number | null; reason: string };
  "live.live_streams": {
    id: Id;
    /** The room that the owner of this row is a guest of; null for a room. */
    parent_id: Generated<Id | null>;
    owner_id: Id;
    title: string;
    description: string;
    cover_url: string;
    category_id: Id | null;
    visibility: Resource["visibility"];
    /** Present where the visibility is `password`, and where a gate has that term. */
    password_hash: string | null;
    /** Present where the visibility is `gated`, and only there. */
    gate: ColumnType<Gate | null, string | null | undefined, string | null>;
    teaser: Generated<Teaser>;
    status: Status;
    /** SHA-256 of the stream key. */
    key_hash: Buffer;
    /** The last characters of the key, by which its owner recognises it. */
    key_hint: string;
    keeps_recording: boolean;
    /** It was started and had a stream: followers were notified, if they are. */
    is_announced: Generated<boolean>;
    notifies_followers: boolean;
    scheduled_at_ms: number | null;
    started_at_ms: number | null;
    ended_at_ms: number | null;
    /** Viewers now, as the processes that serve them report. */
    online_count: Generated<number>;
    peak_count: Generated<number>;
    view_count: Generated<number>;
    like_count: Generated<number>;
    gift_count: Generated<number>;
    /** Coins. */
    gift_value: Generated<number>;
    /** The video of its recording. */
    video_id: Generated<Id | null>;
    product_count: Generated<number>;
    /** Grows with each change of who may watch. */
    generation: Generated<number>;
    /** Grows with each change that other services copy. */
    version: Generated<number>;
    /** Removed by a moderator: hidden from all but its owner. */
    is_removed: Generated<boolean>;
    created_at_ms: number;
  };
  /** The process that has the stream of a room; one with a lower fence has it no longer. */
  "live.ingests": {
    live_id: Id;
    instance: string;
    fence: number;
    /** A publisher is connected. */
    is_attended: boolean;
    /** Wall-clock time of the beginning of its output. */
    origin_ms: number;
    /** The newest segment and the newest headers, as of `seen_at_ms`. */
    msn: number;
    generation: number;
    /** How much output there was, in milliseconds, as of the same time. */
    end_ms: Generated<number>;
    discontinuities: Generated<number>;
    /** By the database's clock: renewed while a publisher is connected. */
    seen_at_ms: number;
  };
  /** Why a publisher of a room was last refused or stopped. */
  "live.ingest_refusals": { live_id: Id; at_ms: number; reason: RefusalReason; sentence: string };
  /** SHA-256 of stream keys that were replaced: a publisher with one learns that. */
  "live.former_stream_keys": { key_hash: Buffer; live_id: Id };
  /** A file that is written while a room is live, as an upload of its owner, and becomes a video. */
  "live.recordings": {
    id: Id;
    live_id: Id;
    owner_id: Id;
    upload_id: Id;
    state: "open" | "published" | "failed";
    /** JSON: the `init` event of its segments, its bytes in base64. */
    header: string;
    /** The end of its last whole segment. */
    size_bytes: number;
    /** The hash of all its bytes, if one process wrote them. */
    sha256: string | null;
    error: string | null;
    video_id: Id | null;
    /** JSON, of one that became a video: when its parts were live. */
    timeline: Generated<string | null>;
    created_at_ms: number;
  };
  /** The places of a recording's segments. */
  "live.recording_segments": { recording_id: Id; msn: number /** JSON. */; segment: string };
  /** Videos of the last seconds of a room while it was live; without a video, one that is being made. */
  "live.viewer_counts": { live_id: Id; at_ms: number; viewers: number };
  "live.clips": {
    id: Id;
    live_id: Id;
    owner_id: Id;
    /** The idempotency key of the request that began it. */
    request_key: string | null;
    title: string;
    /** Until it is a video: its headers and segments, as `recordings` and `recording_segments` have them. */
    header: string | null;
    segments: string | null;
    upload_id: Generated<Id | null>;
    video_id: Generated<Id | null>;
    /** JSON, of one that became a video: when its parts were live. */
    timeline: Generated<string | null>;
    created_at_ms: number;
  };

  /* Coins: `ledger/`, `gifts/`, `fan-clubs/` and `products/`. */
  "live.accounts": {
    id: Id;
    /** Null for the platform's, and for those of deleted users. */
    owner_id: Id | null;
    kind:
      | "gift_coins"
      | "gift_earnings"
      | "gift_issuance"
      | "gift_platform"
      | "coins"
      | "earnings"
      | "issuance"
      | "platform"
      | "payouts_pending"
      | "payouts_paid";
    /** Coins, as all amounts. */
    balance: Generated<number>;
    may_go_negative: Generated<boolean>;
  };
  "live.transfers": {
    id: string;
    /** In the order of each account's moves. */
    seq: Generated<number>;
    /** The part of its intent that it belongs to, from 0. */
    leg: number;
    debit: Id;
    credit: Id;
    amount: number;
    /** The balances of the accounts after the transfer. */
    debit_balance: number;
    credit_balance: number;
    kind:
      | "sign_up"
      | "bonus"
      | "grant"
      | "purchase"
      | "correction"
      | "gift"
      | "platform_share"
      | "payout"
      | "access"
      | "refund";
    /** The gift record or the payout it is for. */
    ref: Id | null;
    state: "posted" | "pending" | "voided";
    /** The pending transfer that it settles. */
    settles: string | null;
    at_ms: number;
  };
  /** `version` grows with each purchase and refund. */
  "live.access_purchases": {
    kind: string;
    thing_id: Id;
    buyer_id: Id;
    seller_id: Id;
    price: number;
    share: number;
    is_paid: boolean;
    bought_at_ms: number;
    until_ms: number | null;
    version: number;
  };
  "live.payouts": {
    id: Id;
    account_id: Id;
    /** The pending transfer. */
    transfer_id: string;
    amount: number;
    status: PayoutStatus;
    note: Generated<string>;
    requested_at_ms: number;
    expires_at_ms: number;
    decided_at_ms: number | null;
  };
  "live.live_gifts": {
    id: Id;
    name: string;
    slug: string;
    icon: string;
    animation: Gift["animation"];
    price: number;
    type: Gift["type"];
    level: number;
  };
  "live.live_gift_records": {
    id: Id;
    transfer_id: string;
    live_id: Id;
    /** Null where the account is deleted. */
    user_id: Id | null;
    target_id: Id;
    gift_id: Id;
    quantity: number;
    unit_price: number;
    total_value: number;
    combo_count: number;
    /** The sender's remaining balance. */
    balance: number;
    /** As viewers see it: empty where it was held, refused or deleted. */
    message: string;
    is_anonymous: boolean;
    at_ms: number;
    /** Its message in the room. */
    message_seq: number | null;
    message_status: Generated<GiftRecord["messageStatus"]>;
    /** The code of the failure that refused the words. */
    message_reason: Generated<string>;
  };
  "live.live_givers": {
    live_id: Id;
    user_id: Id;
    is_anonymous: boolean;
    owner_id: Id;
    gift_count: number;
    total_value: number;
  };
  "live.live_fan_clubs": { owner_id: Id; member_count: Generated<number>; created_at_ms: number };
  "live.live_fan_club_members": {
    owner_id: Id;
    user_id: Id;
    /** False for one who left. */
    is_member: boolean;
    experience: Generated<number>;
    joined_at_ms: number;
  };
  "live.live_products": {
    id: Id;
    live_id: Id;
    name: string;
    description: string;
    cover_url: string;
    /** Hundredths of the currency's unit, as all prices. */
    price: number;
    sale_price: number | null;
    stock: number;
    status: Product["status"];
    is_pinned: Generated<boolean>;
    created_at_ms: number;
  };
  "live.reservations": {
    id: Id;
    product_id: Id;
    live_id: Id;
    /** The buyer; null where the account is deleted. */
    user_id: Id | null;
    /** As it was called when it was reserved. */
    product_name: string;
    quantity: number;
    unit_price: number;
    status: Reservation["status"];
    /** By the clock of the database. */
    expires_at_ms: number;
    confirmed_at_ms: number | null;
  };
  /** How far the sequence of a room's messages is. */
  "live.room_logs": {
    live_id: Id;
    seq: number;
    /** `ended` is in it. */
    is_over: Generated<boolean>;
  };
  "live.room_messages": {
    live_id: Id;
    seq: number;
    kind: string;
    class: "reliable" | "chat";
    user_id: Id | null;
    username: string;
    /** JSON, as it is sent. */
    payload: string;
    at_ms: number;
    is_deleted: Generated<boolean>;
  };
  /** How the chat of a room is moderated, where its owner has chosen. */
  "live.room_chats": {
    live_id: Id;
    is_open: boolean;
    slow_ms: number;
    followers_only: boolean;
    hold_links: boolean;
    /** JSON: a list of `{pattern, action}`. */
    keywords: string;
    pinned_seq: number | null;
  };
  "live.room_moderators": { live_id: Id; user_id: Id; created_at_ms: number };
  "live.room_restrictions": {
    live_id: Id;
    user_id: Id;
    kind: "mute" | "ban";
    until_ms: number | null;
    created_at_ms: number;
  };
  "live.held_messages": {
    id: Id;
    live_id: Id;
    user_id: Id;
    username: string;
    /** JSON, as it will be sent. */
    payload: string;
    reason: string;
    /** The gift whose words it is. */
    gift_record_id: Id | null;
    created_at_ms: number;
  };
  /** A gateway that has viewers in a room. */
  "live.room_presence": {
    live_id: Id;
    instance: string;
    /** By the database's clock, as `until_ms` of the next. */
    seen_at_ms: number;
  };
  /** The viewers of a gateway in a room, by the names of `policy/persons.ts`. */
  "live.room_persons": { live_id: Id; instance: string; person: string; connections: number };
  /** The accounts in a room, as events have published it. */
  "live.room_attendees": { live_id: Id; user_id: Id };
  /** Viewers who entered without a socket. */
  "live.room_joins": { live_id: Id; user_id: Id; until_ms: number };
  /** The visitors of a room, so that each is counted once. */
  "live.room_visitors": { live_id: Id; user_id: Id };
}
export type Db = Reader<Tables>;
