import { asFailure } from "#base/api/request/failure.ts";
import { queueMark } from "#base/api/upload-names.ts";
import { showTray } from "#base/frame/trays.ts";
import { isOver } from "#parts/upload/queue/item.ts";
import { addItems, giveFile, lostItemOf, restoreItems } from "#parts/upload/queue/queue.ts";
import { pump } from "#parts/upload/queue/pump.ts";
import { apply, flush, itemOf, itemsOf, type Shown } from "#parts/upload/queue/store.ts";
import { createKind, type View } from "#parts/upload/queue/view.ts";
import type { Dropped } from "#parts/upload/transfer/dropped.ts";
import { refreshLists } from "../entries/entries.ts";
import { type Conflict, type Details, isDetails, placementOf } from "./drive-file.ts";
import { Names } from "./names.ts";

export type DriveUpload = Shown<Details>;

export const driveFiles = createKind<Details>("drive");

const view: View<Details> = {
  kind: driveFiles,
  parse: (item) => (isDetails(item.details) ? { ...item, details: item.details } : null),
  destination: ({ details: { folderId, conflict } }) => ({
    purpose: "drive",
    folderId,
    ...(conflict !== null && { conflict }),
  }),
  // Only a file that would have to be chosen again is lost with the page.
  warns: (item, hasHandle) => !hasHandle && !isOver(item) && item.status !== "lost",
  onChange({ key, status }, { kind }) {
    if (status === "preparing") prepareSoon(key);
    if (kind === "done") refreshLists();
  },
  onRemove: () => void (itemsOf(driveFiles).length === 0 && localStorage.removeItem(queueMark)),
};

/** Queues what was dropped or chosen for a folder; empty folders are made as well. Taken names are asked about, unless `conflict` decides. */
export async function enqueue(
  { files, emptyFolders }: Dropped,
  rootId: number | null,
  conflict: Conflict | null = null,
): Promise<void> {
  showTray("drive");
  localStorage.setItem(queueMark, "1");
  const added = files.map(({ file, path, handle }) => {
    const details = { path, rootId, folderId: null, conflict };
    return { file, handle, status: "preparing" as const, details };
  });
  const keys = addItems(view, added);
  const names = new Names();
  for (const path of emptyFolders) await names.folderOf(rootId, path).catch(() => undefined);
  if (emptyFolders.length > 0) refreshLists();
  await prepare(keys, names);
}

/** Makes the folders of items and looks their names up, one folder after the other. */
async function prepare(keys: Iterable<string>, names = new Names()): Promise<void> {
  for (const key of keys) {
    const item = itemOf(driveFiles, key);
    if (item?.status !== "preparing") continue;
    try {
      const folderId = await names.folderOf(item.details.rootId, item.details.path);
      const isTaken = await names.isTaken(folderId, item.name);
      apply(key, placementOf(item, folderId, isTaken));
      pump();
    } catch (thrown) {
      const { code, message } = asFailure(thrown);
      apply(key, { kind: "fail", failure: { code, message }, isAnew: false });
    }
  }
  refreshLists();
}

const unplacedKeys = new Set<string>();
const prepareMs = 50;

/** Items that go on in one moment share what is looked up for them. */
function prepareSoon(key: string): void {
  if (unplacedKeys.add(key).size > 1) return;
  setTimeout(() => {
    const keys = [...unplacedKeys];
    unplacedKeys.clear();
    void prepare(keys);
  }, prepareMs);
}

/** Decides about a file whose name is taken, or about all such files. */
export function chooseFor(key: string, conflict: Conflict, isForAll: boolean): void {
  for (const item of itemsOf(driveFiles))
    if (isForAll || item.key === key)
      apply(item.key, { kind: "choose", details: { ...item.details, conflict }, isSkipped: conflict === "skip" });
  pump();
  flush();
}

/** Takes files that were chosen again for those that were lost; resolves to how many of them were. */
export async function giveFiles(files: Iterable<File>): Promise<number> {
  let count = 0;
  for (const file of files) {
    const key = await lostItemOf(driveFiles, file);
    if (key === null) continue;
    await giveFile(key, { file, handle: null });
    count += 1;
  }
  return count;
}

/** Takes up what was on its way when the page closed: of this tab, and of tabs that are closed. */
export async function restoreUploads(): Promise<void> {
  await restoreItems(view);
  const items = itemsOf(driveFiles);
  for (const { key, status } of items) if (status === "preparing") prepareSoon(key);
  if (items.length === 0) localStorage.removeItem(queueMark);
}
