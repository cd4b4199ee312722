import { KinoraError } from "./error.ts";
import { framesOf } from "./frames.ts";
import type { Update } from "./generated.ts";
import { pause } from "./pause.ts";
import type { Ask } from "./request.ts";

/** Updates were missed that are too old to be read: read the lists again. Updates after `seq` follow. */
export interface Reset {
  readonly type: "reset";
  readonly seq: number;
}

export interface EventOptions {
  /** The `seq` of the last update one has; left out, the stream begins now. */
  readonly after?: number;
  /** Ends the stream. */
  readonly signal?: AbortSignal;
  /** Calls back when the line may have changed, so that a lost one shows immediately; returns the way to stop. */
  readonly watch?: (changed: () => void) => () => void;
}

/** The part of a client that the stream uses. */
export interface EventSource {
  readonly ask: Ask;
  /** The address of the WebSocket with the updates after `after`. */
  socketUrl(after: number, signal?: AbortSignal): URL | Promise<URL>;
}

const batch = 100;
/** Two sockets in a row that did not open are a line without sockets: it is polled, and now and then tried again. */
const unopenedMax = 2;
const pollMs = 5_000;
const retryShare = 0.1;
const waitMsMax = 30_000;

/**
 * Updates of the signed-in user: each once, in order. A lost connection is opened again, and updates missed in between
 * are read. Ends when `signal` is aborted.
 * @throws {KinoraError} the reason why it cannot go on, such as that the session is over
 */
export async function* updates(
  source: EventSource,
  options: EventOptions = {},
): AsyncGenerator<Update | Reset, void, undefined> {
  const { signal } = options;
  const position: Position = { seq: options.after };
  let unopened = 0;
  let failures = 0;
  for (;;) {
    let retryAfterMs = 0;
    try {
      yield* readMissed(source, position, signal);
      failures = 0;
      if (unopened < unopenedMax) {
        unopened += 1;
        const url = await source.socketUrl(position.seq ?? 0, signal);
        const onOpened = () => void (unopened = 0);
        for await (const frame of framesOf(url, { ...options, opened: onOpened })) {
          if (frame.type === "reset") {
            position.seq = frame.seq;
            yield frame;
          } else if (frame.type === "update" && isNew(position, frame.data)) yield frame.data;
        }
      }
    } catch (thrown) {
      if (signal?.aborted === true) return;
      if (!(thrown instanceof KinoraError) || !isPassing(thrown)) throw thrown;
      failures += 1;
      retryAfterMs = thrown.retryAfterMs ?? 0;
    }
    if (signal?.aborted === true) return;
    const isPolled = unopened >= unopenedMax && failures === 0;
    const backOffMs = isPolled ? pollMs : Math.min(1_000 * 2 ** (unopened + failures), waitMsMax);
    // Clients that lost the same server do not come back in one moment.
    await pause(Math.max(backOffMs * (0.5 + Math.random() / 2), retryAfterMs), signal).catch(() => undefined);
    if (isPolled && Math.random() < retryShare) unopened = unopenedMax - 1;
  }
}

/** The last update that the consumer has; undefined before the first answer. */
interface Position {
  seq: number | undefined;
}

/**
 * The updates since the position, as HTTP answers them. It also renews a session that has run out, which a socket
 * cannot.
 */
async function* readMissed(
  source: EventSource,
  position: Position,
  signal: AbortSignal | undefined,
): AsyncGenerator<Update | Reset, void, undefined> {
  for (let isMore = true; isMore; ) {
    const answer = await source.ask("message.updates", {
      query: { after: position.seq ?? null, limit: batch },
      signal,
    });
    for (const update of answer.list) {
      if (isNew(position, update)) yield update;
      signal?.throwIfAborted();
    }
    // A number may have no update.
    position.seq = answer.seq ?? position.seq;
    if (answer.reset === true) yield { type: "reset", seq: position.seq ?? 0 };
    isMore = answer.list.length === batch;
  }
}

/** True if an update is after the position, which it moves. A connection that begins again may repeat some. */
function isNew(position: Position, { seq }: Update): boolean {
  if (position.seq !== undefined && seq <= position.seq) return false;
  position.seq = seq;
  return true;
}

const isPassing = ({ code, status }: KinoraError): boolean =>
  code.startsWith("network.") || status === 429 || status >= 500;
