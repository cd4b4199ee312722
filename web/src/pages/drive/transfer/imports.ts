import { queryOptions } from "@tanstack/react-query";
import { keyOf } from "#base/api/keys.ts";
import { ask } from "#base/api/request/client.ts";
import type { Import } from "#base/api/types.ts";
import { refreshLists } from "../entries/entries.ts";

const askAgainMs = 1_000;
const failedShownMs = 24 * 3_600_000;
const dismissedKey = "kinora.imports.dismissed";
/** More are never listed, so more need not be remembered. */
const rememberedMax = 50;

export const isMoving = ({ status }: Pick<Import, "status">): boolean => status === "queued" || status === "running";

/** One's own imports into the drive; asked for again and again while one of them goes on. */
export const importsQuery = queryOptions({
  // Beside the lists of the drive, which are fetched anew as one.
  queryKey: keyOf("imports"),
  queryFn: async ({ signal, client }) => {
    const { list } = await ask("upload.imports", { query: { page_size: rememberedMax }, signal });
    const driveImports = list.filter(({ purpose }) => purpose === "drive");
    const before = client.getQueryData<Import[]>(keyOf("imports"))?.filter(isMoving) ?? [];
    if (before.some(({ id }) => driveImports.some((now) => now.id === id && now.status === "completed")))
      refreshLists();
    return driveImports;
  },
  refetchInterval: ({ state }) => (state.data?.some(isMoving) === true ? askAgainMs : false),
});

/** The imports worth a row: running ones, and those that failed within a day and were not dismissed. Pure. */
export function worthShowing(list: readonly Import[], dismissed: ReadonlySet<number>, nowMs: number): Import[] {
  return list.filter((candidate) => {
    if (isMoving(candidate)) return true;
    return (
      candidate.status === "failed" &&
      !dismissed.has(candidate.id) &&
      nowMs - Date.parse(candidate.created_at) < failedShownMs
    );
  });
}

/** The failed imports that were put away, on this device. */
export function dismissedImports(): ReadonlySet<number> {
  try {
    const storedIds: unknown = JSON.parse(localStorage.getItem(dismissedKey) ?? "[]");
    return new Set(Array.isArray(storedIds) ? storedIds.filter((id) => typeof id === "number") : []);
  } catch {
    return new Set();
  }
}

export function dismissImport(id: number): ReadonlySet<number> {
  const remembered = [...dismissedImports(), id].slice(-rememberedMax);
  localStorage.setItem(dismissedKey, JSON.stringify(remembered));
  return new Set(remembered);
}
