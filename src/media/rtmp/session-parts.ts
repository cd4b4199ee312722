import type { Format, Frame } from "../frames/frame.ts";
import type { IngestRefusalKind } from "../frames/ingest-refusal.ts";
import type { StreamFacts } from "./metadata.ts";

export interface PublishRequest {
  readonly app: string;
  /** Never empty. */
  readonly key: string;
  /** The text after a `?` in the key, or else in the application. */
  readonly query: string | undefined;
  readonly mode: "live" | "record" | "append";
  /** The address as the publisher wrote it. */
  readonly address: string;
}

export type PublishDecision = { readonly ok: true } | { readonly ok: false; readonly sentence: string };

/**
 * Why a session ended. `finished`: the publisher said so. `closed`: the connection ended without a word. `refused`: the
 * server does not want it. `order`: a message came before what must precede it. `fault`: an error of ours, in `cause`.
 * The others are what the publisher's bytes did.
 */
export interface SessionEnd {
  readonly kind: "finished" | "closed" | "refused" | "order" | "fault" | IngestRefusalKind;
  readonly sentence: string;
  readonly cause?: unknown;
}

/** The needs of a session, and the receivers of its output. */
export interface SessionParts {
  /** The owner bounds what waits in its socket: a publisher that does not read must not be answered for ever. */
  send(bytes: Buffer): void;
  /** Called once, after the last `send`; the owner closes the connection when that is written. It must not throw. */
  end(end: SessionEnd): void;
  /** Decides if this application and key may publish. The session may have ended when the answer arrives. */
  publish(request: PublishRequest): Promise<PublishDecision>;
  format(format: Format): void;
  frame(frame: Frame): void;
  metadata(facts: StreamFacts): void;
  /** Reading from the connection should pause until it is called with false. */
  pause(isPaused: boolean): void;
  random(bytes: number): Buffer;
  /** True if a publisher may send one more chunk than its bytes allow; the owner bounds them by time. */
  spendSpareChunk(): boolean;
}
