import { createDeviceStore, useStore } from "#base/api/session/store.ts";
import type { Order, Sort } from "../entries/entries.ts";
import type { View } from "./entry-list-props.ts";

/** How lists look; remembered on this device. */
export interface Looks {
  view: View;
  sort: Sort;
  order: Order;
  hasDetails: boolean;
}

const key = "kinora.drive";
const usual: Looks = { view: "list", sort: "name", order: "asc", hasDetails: false };
const looks = createDeviceStore(readLooks());

function readLooks(): Looks {
  const storedView = parse(localStorage.getItem(key));
  const view = storedView["view"] === "grid" ? "grid" : usual.view;
  const sort = storedView["sort"] === "date" || storedView["sort"] === "size" ? storedView["sort"] : usual.sort;
  return {
    view,
    sort,
    order: storedView["order"] === "desc" ? "desc" : "asc",
    hasDetails: storedView["hasDetails"] === true,
  };
}

function parse(text: string | null): Record<string, unknown> {
  try {
    return Object(JSON.parse(text ?? "{}"));
  } catch {
    return {};
  }
}

export function changeView(part: Partial<Looks>): void {
  const next = { ...looks.get(), ...part };
  localStorage.setItem(key, JSON.stringify(next));
  looks.set(next);
}

export const useView = (): Looks => useStore(looks);
