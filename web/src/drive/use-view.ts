import { useSyncExternalStore } from "react";
import type { Order, Sort } from "./entries.ts";
import type { View } from "./entry-list.tsx";

/** How lists look; remembered on this device. */
interface Looks {
  view: View;
  sort: Sort;
  order: Order;
  hasDetails: boolean;
}

const key = "kinora.drive";
const usual: Looks = { view: "list", sort: "name", order: "asc", hasDetails: false };
let looks: Looks = stored();
const watchers = new Set<() => void>();

function stored(): Looks {
  const kept = parse(localStorage.getItem(key));
  const view = kept["view"] === "grid" ? "grid" : usual.view;
  const sort = kept["sort"] === "date" || kept["sort"] === "size" ? kept["sort"] : usual.sort;
  return { view, sort, order: kept["order"] === "desc" ? "desc" : "asc", hasDetails: kept["hasDetails"] === true };
}

function parse(text: string | null): Record<string, unknown> {
  try {
    return Object(JSON.parse(text ?? "{}"));
  } catch {
    return {};
  }
}

export function changeView(part: Partial<Looks>): void {
  looks = { ...looks, ...part };
  localStorage.setItem(key, JSON.stringify(looks));
  for (const watcher of watchers) watcher();
}

export const useView = (): Looks =>
  useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => looks,
  );
