import type { TransferHost } from "../settings.ts";
import type { Row } from "../store.ts";
import type { Outcome } from "./operations.ts";

/** Counts checked and damaged objects, and logs each damaged one: an administrator should look at its disk. */
export function createDamageReport({ log, counter }: Pick<TransferHost, "log" | "counter">) {
  const checked = counter("objects_checked_total", "objects whose bytes were compared with what was stored");
  const damaged = counter("objects_damaged_total", "objects found damaged, by what became of them", ["outcome"]);

  return ({ id, from }: Row, key: string, outcome: Outcome): void => {
    checked.add();
    if (outcome.is !== "repaired" && outcome.is !== "bad") return;
    const reason = outcome.is === "bad" ? outcome.reason : outcome.is;
    damaged.add(1, { outcome: reason });
    const fields = { transferId: id, key, store: from, reason };
    if (outcome.is === "bad") log.error("a stored object is damaged", fields);
    else log.warn("a damaged object was repaired", fields);
  };
}
