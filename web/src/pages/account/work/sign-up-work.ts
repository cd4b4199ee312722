import { Failure } from "#base/api/request/failure.ts";

export interface WorkOrder {
  readonly puzzle: string;
  readonly bits: number;
}
export type WorkAnswer = { readonly nonce: number } | { readonly tries: number };

/** The puzzle that a refused sign-up has to solve; undefined for any other refusal. */
export function puzzleOf({ code, details }: Failure): WorkOrder | undefined {
  const { puzzle, bits } = details;
  return code === "auth.work_needed" && typeof puzzle === "string" && typeof bits === "number"
    ? { puzzle, bits }
    : undefined;
}

/** Solves a puzzle beside the page. `onTries` receives the share of the expected tries that are done. */
export function solve(order: WorkOrder, onTries: (share: number) => void): Promise<{ puzzle: string; nonce: number }> {
  const worker = new Worker(new URL("./work-worker.ts", import.meta.url), { type: "module", name: "work" });
  return new Promise<{ puzzle: string; nonce: number }>((resolve, reject) => {
    worker.addEventListener("message", ({ data }: MessageEvent<WorkAnswer>) => {
      if ("tries" in data) onTries(data.tries / 2 ** order.bits);
      else resolve({ puzzle: order.puzzle, nonce: data.nonce });
    });
    worker.addEventListener("error", () => reject(new Failure(0, "auth.work_needed", "")));
    // A worker has no origin to name: it is the page's own.
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    worker.postMessage(order);
  }).finally(() => worker.terminate());
}
