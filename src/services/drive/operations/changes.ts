import { callerOf, type Handlers, type Host } from "#kernel";
import { type drive, EntryNotFound } from "../contract.ts";
import type { Copies } from "./copies.ts";
import { requireName } from "../tree/names.ts";
import { outcomeOfEach } from "../tree/outcomes.ts";
import { presentEntry } from "../tree/presenter.ts";
import type { Tree } from "../tree/tree.ts";
import * as store from "../store.ts";

interface ChangesParts {
  readonly tree: Tree;
  readonly copies: Copies;
}

type Changes = Pick<Handlers<typeof drive>, "createFolder" | "makePath" | "rename" | "move" | "copy" | "task">;

/** Commands that change a user's tree. */
export const createChanges = ({ db }: Pick<Host<store.Tables>, "db">, { tree, copies }: ChangesParts): Changes => ({
  async createFolder({ name: text, folderId, conflict }, call) {
    const userId = callerOf(call);
    const name = requireName(text);
    return db.answer(async (tx) => {
      tree.checkRoom(await tree.lock(tx, userId), 1);
      const place = { userId, parentId: await tree.folder(tx, userId, folderId) };
      await tree.checkDepth(tx, place, 1);
      const free = await tree.nameIn(tx, place, { name, isFolder: true }, conflict);
      return presentEntry(await tree.insertFolder(tx, place, free ?? name));
    });
  },

  async makePath({ path, folderId }, call) {
    const userId = callerOf(call);
    const names = path.split("/").map(requireName);
    return db.tx(async (tx) => {
      tree.checkRoom(await tree.lock(tx, userId), names.length);
      let parentId = await tree.folder(tx, userId, folderId);
      await tree.checkDepth(tx, { userId, parentId }, names.length);
      let last: store.Row | undefined;
      for (const name of names) {
        last = await tree.ensureFolder(tx, { userId, parentId }, name);
        parentId = last.id;
      }
      if (!last) throw EntryNotFound({});
      return presentEntry(last);
    });
  },

  async rename({ id, name: text, conflict }, call) {
    const name = requireName(text);
    return presentEntry(await db.tx((tx) => tree.rename(tx, callerOf(call), id, name, conflict)));
  },

  async move({ ids, folderId, conflict }, call) {
    const userId = callerOf(call);
    await tree.folder(db, userId, folderId);
    return outcomeOfEach(ids, async (id) => ({
      entry: presentEntry(await db.tx((tx) => tree.move(tx, userId, id, folderId, conflict))),
    }));
  },

  async copy({ ids, folderId, conflict }, call) {
    const userId = callerOf(call);
    await tree.folder(db, userId, folderId);
    return outcomeOfEach(ids, (id) => copies.copy(id, folderId, conflict, call));
  },

  async task({ id }, call) {
    const copy = await store.copyOf(db, callerOf(call), id);
    if (!copy) throw EntryNotFound({});
    const { status, done, total, code, message } = copy;
    const progress = status === "done" ? 100 : Math.min(99, Math.floor((100 * done) / Math.max(1, total)));
    return { id, status, progress, error: code === null ? null : { code, message: message ?? "" } };
  },
});
