import type { ReadyRendition } from "#events/transcoder";
import type { Id, Jobs, Tx } from "#kernel";
import type { Probe } from "#media/source/probe";
import type { z } from "zod";
import type { Rate } from "../plan/plan.ts";
import type { Steps } from "../plan/progress.ts";

/** The payload of a transcoding job; a job passes what it found out on to the next one. */
export interface Task {
  readonly taskId: Id;
  readonly mediaId: Id;
  /** The owner of the media object; missing in jobs of older versions. */
  readonly userId?: Id;
  /** The requested renditions; empty for the usual ones. */
  readonly profiles: readonly string[];
  /** The facts and renditions that the job before this one found and made. */
  readonly facts?: Probe;
  readonly made?: readonly string[];
  /** The rates of those renditions: the event about them may be applied after this job has begun. */
  readonly rates?: readonly Rate[];
  /** The steps of the whole task, so that its percentage continues. */
  readonly steps?: Steps;
  /** The smallest rendition of the ladder: extras cost a tenth from it, and its event may be applied after they begin. */
  readonly smallest?: z.output<typeof ReadyRendition>;
  /** The index of the first rendition: the others have its duration. */
  readonly firstIndexKey?: string;
}

export const kinds = ["first", "quick", "ladder", "extras"] as const;
export type TaskKind = (typeof kinds)[number];

/** Adds a job of a task; of the same media object there is at most one of each kind. */
export const addJob = <T>(jobs: Jobs, tx: Tx<T>, kind: TaskKind, payload: Task) =>
  jobs.add(tx, kind, {
    payload,
    uniqueKey: String(payload.mediaId),
    ...(payload.userId !== undefined && { ownerId: payload.userId }),
  });
