import { ask } from "#base/api/request/client.ts";

/** One key for all spellings of a name that are equal on the server, by composition and case. Pure. */
export const nameKey = (name: string): string =>
  name.normalize("NFC").toLowerCase().toUpperCase().toLowerCase().normalize("NFC");

/** How many names of a folder are fetched before each is looked up by itself. */
const namesMax = 5_000;

/** The folders and names files are sent to, each asked for once; good for one drop. */
export class Names {
  readonly #folders = new Map<string, Promise<number | null>>();
  readonly #names = new Map<number | null, Promise<{ keys: Set<string>; isWhole: boolean }>>();

  /** The folder at a path below another, made where it is not there. */
  folderOf(rootId: number | null, path: string): Promise<number | null> {
    if (path === "") return Promise.resolve(rootId);
    const key = `${rootId ?? 0}/${path}`;
    let folder = this.#folders.get(key);
    if (folder === undefined) {
      const body = { path, ...(rootId !== null && { folder_id: rootId }) };
      folder = ask("drive.makePath", { body }).then(({ id }) => id);
      this.#folders.set(key, folder);
    }
    return folder;
  }

  /** True if a folder has an entry of this name. */
  async isTaken(folderId: number | null, name: string): Promise<boolean> {
    let names = this.#names.get(folderId);
    if (names === undefined) {
      names = namesIn(folderId);
      this.#names.set(folderId, names);
    }
    const { keys, isWhole } = await names;
    if (keys.has(nameKey(name))) return true;
    if (isWhole) return false;
    const { list } = await ask("drive.search", { query: { q: name, limit: 100 } });
    return list.some((entry) => entry.folder_id === folderId && nameKey(entry.name) === nameKey(name));
  }
}

async function namesIn(folderId: number | null) {
  const keys = new Set<string>();
  let cursor: string | null = null;
  do {
    const query = { folder_id: folderId, page_size: 100, cursor };
    const page: { list: { name: string }[]; next_cursor: string | null } = await ask("drive.list", { query });
    for (const { name } of page.list) keys.add(nameKey(name));
    cursor = page.next_cursor;
  } while (cursor !== null && keys.size < namesMax);
  return { keys, isWhole: cursor === null };
}
