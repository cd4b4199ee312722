import type { Id, Reader } from "#kernel";
import type { Generated } from "kysely";
import type { Status } from "./contract.ts";
import type { Resource } from "#policy/can";

/** The tables as `migrations.ts` leaves them. */
export interface Tables {
  /** The copy `mutes` of `#policy/mutes`. */
  "own.muted": { user_id: Id; kind: "mute" | "bar"; until_ms: number | null; reason: string };
  "live.live_streams": {
    id: Id;
    owner_id: Id;
    title: string;
    description: string;
    cover_url: string;
    category_id: Id | null;
    visibility: Resource["visibility"];
    /** Present where the visibility is `password`, and only there. */
    password_hash: string | null;
    status: Status;
    /** SHA-256 of the stream key. */
    key_hash: Buffer;
    /** The last characters of the key, by which its owner recognises it. */
    key_hint: string;
    keeps_recording: boolean;
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
    /** By the database's clock: renewed while a publisher is connected. */
    seen_at_ms: number;
  };
}
export type Db = Reader<Tables>;
