import type { Host, Id } from "#kernel";
import { feedPages, type FeedRung } from "#policy/feed-pages";
import type { Models } from "../model/models.ts";
import { isCompleted, isSkip, type Signal } from "../signals/signal.ts";

/** The kinds of signals with counters of their own. */
const kinds: Readonly<Record<string, (signal: Signal) => boolean>> = {
  completed: isCompleted,
  liked: ({ isLiked }) => isLiked,
  skipped: isSkip,
  not_interested: ({ isRefused }) => isRefused,
};

/** Counts by which models are watched beside each other. Labels name models by their age, since ids have no bound. */
export interface FeedCounters {
  /** A page as it is served; only one that was made for its viewer is of a model. */
  readonly addPage: (rung: FeedRung, userId: Id | undefined) => void;
  /** A signal once it is settled. */
  readonly addSignal: (signal: Signal) => void;
}

export function createFeedCounters(
  { counter }: Pick<Host, "counter">,
  models: Pick<Models, "generationFor">,
): FeedCounters {
  const pages = counter(feedPages.name, feedPages.help, feedPages.labels);
  const signals = counter("signals_total", "signals that feeds learned from, by the viewer's model and by kind", [
    "model",
    "kind",
  ]);
  return {
    addPage(rung: FeedRung, userId: Id | undefined): void {
      const model = rung === "personal" && userId !== undefined ? models.generationFor(userId) : "none";
      pages.add(1, { rung, model });
    },
    addSignal(signal: Signal): void {
      const model = models.generationFor(signal.userId);
      signals.add(1, { model, kind: "all" });
      for (const [kind, is] of Object.entries(kinds)) if (is(signal)) signals.add(1, { model, kind });
    },
  };
}
