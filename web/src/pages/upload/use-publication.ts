import { useEffect, useState } from "react";
import { type Missing, missingIn } from "#parts/upload/missing-details.ts";
import { publish } from "#parts/upload/publication.ts";
import type { Upload } from "#parts/upload/upload.ts";
import { resumeItems } from "#parts/upload/queue/queue.ts";

export interface Publishing {
  /** Missing details of an upload whose publication was asked for. */
  readonly missing: (upload: Upload) => readonly Missing[];
  /** Publishes one, or shows what is missing. */
  readonly one: (upload: Upload) => void;
  /** Publishes all that are complete, and shows what is missing in the first that is not. */
  readonly all: () => void;
  /** How many are not complete, after all were to be published. */
  readonly incomplete: number;
}

/** Publication from the page: nothing is said to be missing before it was asked for. */
export function usePublishing(open: readonly Upload[], select: (key: string) => void): Publishing {
  const [askedKeys, setAsked] = useState<ReadonlySet<string>>(new Set());
  const [focusOn, setFocusOn] = useState<Missing | null>(null);
  useEffect(() => {
    if (focusOn === null) return;
    const control = document.querySelector<HTMLElement>(`[data-field="${focusOn}"] :is(input, textarea, button)`);
    control?.focus();
    setFocusOn(null);
  }, [focusOn]);
  const missing = (upload: Upload) => (askedKeys.has(upload.key) ? missingIn(upload, Date.now()) : []);
  const ask = (uploads: readonly Upload[]) => {
    const now = Date.now();
    const [first, ...otherUploads] = uploads.filter((upload) => missingIn(upload, now).length > 0);
    for (const { key, ...upload } of uploads) {
      if (missingIn(upload, now).length > 0) continue;
      publish(key);
      if (upload.status === "paused") void resumeItems([key]);
    }
    if (first === undefined) return;
    setAsked(new Set([...askedKeys, ...[first, ...otherUploads].map(({ key }) => key)]));
    select(first.key);
    setFocusOn(missingIn(first, now)[0] ?? null);
  };
  return {
    missing,
    one: (upload) => ask([upload]),
    all: () => ask(open.filter((upload) => upload.publish === "no")),
    incomplete: open.filter((upload) => missing(upload).length > 0).length,
  };
}
