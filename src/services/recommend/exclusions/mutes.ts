import { requireAccount } from "#policy/account";
import { type Call, callerOf, type Host, Id, type PageInput } from "#kernel";
import { InvalidInput } from "#kernel/errors";
import type { z } from "zod";
import type { recommend } from "../contract.ts";
import type { Tables } from "../store.ts";
import { keyFor, rowsMax } from "./not-interested.ts";
import * as notInterestedStore from "./not-interested-store.ts";

type MuteInput = z.output<(typeof recommend)["methods"]["mute"]["input"]>;

/** Tags and accounts that are left out of a user's feeds, without a video that it was said at. */
export const createMutes = ({ db, nextId, now }: Pick<Host<Tables>, "db" | "nextId" | "now">) => ({
  async mute(muted: MuteInput, call: Call) {
    const userId = callerOf(call);
    const row = { id: nextId(), userId, videoId: 0, createdAtMs: now(), ...subjectOf(muted) };
    await db.tx(async (tx) => {
      await requireAccount(tx, userId);
      await notInterestedStore.add(tx, row, rowsMax);
    });
    return {};
  },

  async unmute(muted: MuteInput, call: Call) {
    const [userId, subject] = [callerOf(call), subjectOf(muted)];
    await db.tx((tx) => notInterestedStore.removeSubject(tx, userId, subject));
    return {};
  },

  async mutes(page: PageInput, call: Call) {
    const { items, ...paging } = await notInterestedStore.mutesOf(db.read(call), callerOf(call), page);
    return {
      ...paging,
      items: items.map(({ scope, subjectId, tag, createdAtMs }) => ({
        tag: scope === "tag" ? tag : null,
        authorId: scope === "author" ? subjectId : null,
        createdAtMs,
      })),
    };
  },
});

/** @throws InvalidInput where it names no tag or no account */
function subjectOf({ kind, name }: MuteInput): notInterestedStore.Subject {
  if (kind === "tag") return { scope: "tag", subjectId: 0, tag: keyFor({ scope: "tag", tag: name }) };
  const { success, data = 0 } = Id.safeParse(Number(name));
  if (!success) throw InvalidInput({ fields: [{ field: "name", message: "name the account by its number" }] });
  return { scope: "author", subjectId: data, tag: "" };
}
