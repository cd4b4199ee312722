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
    /** By the database's clock: renewed while a publisher is connected. */
    seen_at_ms: number;
  };
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
    /** Of all its bytes, where one process wrote them. */
    sha256: string | null;
    error: string | null;
    video_id: Id | null;
    created_at_ms: number;
  };
  /** Where the segments of a recording lie. */
  "live.recording_segments": { recording_id: Id; msn: number /** JSON. */; segment: string };
}
export type Db = Reader<Tables>;
