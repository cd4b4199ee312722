import type { Host, Id, Schedule } from "#kernel";
import type { Settings } from "../settings.ts";
import type { Tables } from "../store.ts";
import { deletedAmong } from "#policy/copies/deleted-users";
import * as pageStore from "./page-store.ts";

/** A page of a feed, as it was served. */
export interface ServedPage {
  readonly userId: Id | undefined;
  readonly modelId: Id | null;
  readonly slots: readonly ServedSlot[];
  /** The choices of a page that was made for its viewer. */
  readonly choices: Choices | undefined;
}
interface ServedSlot {
  readonly videoId: Id;
  readonly reason: string;
  readonly propensity: number;
  readonly isExplored: boolean;
}

/** The candidates that the places of a page were drawn from. */
export interface Choices {
  readonly candidates: readonly { readonly videoId: Id; readonly score: number }[];
  /** The authors of the places before the page, as far back as they matter. */
  readonly authorsBefore: readonly Id[];
}

const lifetimeMs = 30 * 24 * 3_600_000;
/** Pages that wait; further ones are not recorded, since memory is worth more. */
const waitingMax = 5_000;

/** Records served pages a while later, many with one statement: what a crash loses is evaluation data alone. */
export interface PageLog {
  readonly add: (servedPage: ServedPage) => void;
  /** Deletes pages that no evaluation looks at any longer. */
  readonly expiry: { readonly name: string; readonly pattern: string; readonly run: () => Promise<void> };
  /** Writes what waits. */
  readonly flush: () => Promise<void>;
}

export function createPageLog({
  db,
  nextId,
  now,
  log,
  settings: { pageLogMs },
}: Pick<Host<Tables, Settings>, "db" | "nextId" | "now" | "log" | "settings">): PageLog {
  let waiting: pageStore.PageRow[] = [];
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  async function write(): Promise<void> {
    timer = undefined;
    const pages = waiting;
    waiting = [];
    if (pages.length === 0) return;
    try {
      await db.tx(async (tx) => {
        const deleted = await deletedAmong(
          tx,
          pages.flatMap(({ user_id }) => user_id ?? []),
        );
        // Pages of deleted accounts are stored without the account.
        const rows = pages.map((page) => (deleted.has(page.user_id ?? 0) ? { ...page, user_id: null } : page));
        await pageStore.insert(tx, rows);
        await pageStore.countImpressions(tx, pages, now());
      });
    } catch (error) {
      log.warn("served pages were not recorded", { err: error });
    }
  }

  return {
    add({ userId, modelId, slots, choices }: ServedPage): void {
      if (slots.length === 0 || waiting.length >= waitingMax) return;
      waiting.push({
        id: nextId(),
        user_id: userId ?? null,
        served_at_ms: now(),
        model_id: modelId,
        video_ids: slots.map(({ videoId }) => videoId),
        reasons: slots.map(({ reason }) => reason),
        propensities: slots.map(({ propensity }) => propensity),
        ...choicesOf(slots, choices),
      });
      timer ??= setTimeout(() => void (writing = writing.then(write)), pageLogMs).unref();
    },
    expiry: {
      name: "recommend.pages",
      pattern: "41 3 * * *",
      run: async () => void (await db.tx((tx) => pageStore.deleteBefore(tx, now() - lifetimeMs))),
    } satisfies Schedule,
    async flush(): Promise<void> {
      clearTimeout(timer);
      writing = writing.then(write);
      await writing;
    },
  };
}

/** Scores as thousandths, which two bytes hold. */
function choicesOf(slots: readonly ServedSlot[], choices: Choices | undefined): pageStore.ChoicesRow {
  if (!choices) return { candidate_ids: null, candidate_scores: null, authors_before: null, explored_places: null };
  const best = choices.candidates.toSorted((a, b) => b.score - a.score);
  return {
    candidate_ids: best.map(({ videoId }) => videoId),
    candidate_scores: best.map(({ score }) => Math.max(-scoreMax, Math.min(scoreMax, Math.round(1_000 * score)))),
    authors_before: [...choices.authorsBefore],
    explored_places: slots.flatMap(({ isExplored }, place) => (isExplored ? [place] : [])),
  };
}
const scoreMax = 32_767;
