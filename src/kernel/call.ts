import type { Id } from "./fields.ts";
import { atDeadline, deadlineSignal, isDeadlineSignal, withinTime } from "./deadline.ts";
import { DeadlineExceeded, SignInAgain, SignInFirst } from "./errors.ts";
import { newTraceId } from "./trace.ts";

/** How far the write-ahead log of database servers went, in bytes, by their system identifiers. */
export type Positions = Readonly<Record<string, number>>;

export type Role = "user" | "moderator" | "admin";
export type Language = "en" | "zh";

/** The context of every call: its caller, its user, its deadline and its trace. */
export interface Call {
  /** W3C trace id: 32 hexadecimal digits. */
  readonly traceId: string;
  /** Aborts when the deadline passes or the caller goes away. */
  readonly signal: AbortSignal;
  /** The deadline on this process's monotonic clock (`performance.now()`). */
  readonly deadline?: number;
  /** The user it is done for; absent when nobody is signed in. */
  readonly userId?: Id;
  readonly role?: Role;
  readonly sessionId?: string;
  /** The user of the session proved who they are within the last minutes. */
  readonly isFresh?: boolean;
  /** The ways in which the user can prove it again; known where a fresh sign-in was asked for. */
  readonly freshBy?: readonly string[];
  /** A random text in a cookie of the browser, by which its user's next sign-in is known as one from there. */
  readonly device?: string;
  /** The service that calls; set by the host, never by a stranger. */
  readonly caller?: string;
  readonly idempotencyKey?: string;
  /** The client's user agent, shortened: shown to its owner beside the session it opens. */
  readonly agent?: string;
  /** The language of the interface that the client reads. */
  readonly language?: Language;
  /** A salted hash of the client's address: for limits and view counting, never shown. */
  readonly source?: string;
  /** Proves that the caller knows the password of what they ask for; read by the service that issued it. */
  readonly unlock?: string;
  /**
   * With it, `db.read` may use replicas that have replayed these positions. The gateway alone sets it, for requests that
   * read; jobs, events and commands never have it.
   */
  readonly readAfter?: Positions;
}

/** How long a call may take when nobody says otherwise. */
export const waitMs = 10_000;

/** A call that begins here: a request at the edge, a job, an event. It has a deadline; a `signal` given may end it earlier. */
export function newCall(parts: Partial<Call> & { readonly waitMs?: number } = {}): Call {
  const { waitMs: allowed = waitMs, signal, ...otherParts } = parts;
  const end = signal
    ? withinTime(signal, allowed)
    : { signal: deadlineSignal(allowed), deadline: performance.now() + allowed };
  return { traceId: newTraceId(), deadline: end.deadline, ...otherParts, signal: end.signal };
}

/** The same call for what must be read from the primary: what decides, or is kept for others. */
export function onPrimary(call: Call): Call {
  if (call.readAfter === undefined) return call;
  const { readAfter: _, ...otherParts } = call;
  return otherParts;
}

/** The user who asks, and what they have shown to know: the part of a call that access checks decide by. */
export type Viewer = { readonly [Name in "userId" | "role" | "unlock"]?: Call[Name] | undefined };

export const viewerFields = ({ userId, role, unlock }: Viewer): Pick<Call, keyof Viewer> => ({
  ...(userId !== undefined && { userId }),
  ...(role !== undefined && { role }),
  ...(unlock !== undefined && { unlock }),
});

/** The parts of a call by which a service asks another one as the same viewer; it brings nothing else of the caller's. */
export const asViewer = ({ traceId, signal, ...viewer }: Pick<Call, "traceId" | "signal" | keyof Viewer>) => ({
  traceId,
  signal,
  ...viewerFields(viewer),
});

/** The user who asks, where a method needs one. @throws SignInFirst */
export function callerOf({ userId }: Call): Id {
  if (userId === undefined) throw SignInFirst({});
  return userId;
}

/** @throws SignInAgain where the user did not prove who they are within the last minutes, with the ways to do so */
export function mustBeFresh({ isFresh, freshBy = [] }: Pick<Call, "isFresh" | "freshBy">): void {
  if (isFresh !== true) throw SignInAgain({ shown: { methods: [...freshBy] } });
}

/** Settles with `work`, or fails when the call's time is over or its caller has left, whichever comes first. */
export function withinDeadline<T>(call: Call, work: Promise<T>): Promise<T> {
  const { signal, deadline } = call;
  return new Promise<T>((resolve, reject) => {
    const late = () => reject(DeadlineExceeded({}, signal.reason));
    if (signal.aborted) {
      // The work goes on, and no caller is left to handle its failure.
      work.catch(() => undefined);
      late();
      return;
    }
    const forget = deadline === undefined ? undefined : atDeadline(deadline, late);
    // A signal that only knows the deadline needs no second listener.
    const isMore = deadline === undefined || !isDeadlineSignal(signal);
    if (isMore) signal.addEventListener("abort", late, { once: true });
    const cleanUp = () => {
      forget?.();
      if (isMore) signal.removeEventListener("abort", late);
    };
    work.then(
      (value) => {
        cleanUp();
        resolve(value);
      },
      (error: unknown) => {
        cleanUp();
        reject(error);
      },
    );
  });
}
