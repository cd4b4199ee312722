import { Case } from "#services/moderation/contract";
import { DamagedObject } from "#services/transfer/contract";
import { UserBrief, user } from "#services/user/contract";
import { z } from "zod";
import { view } from "../view.ts";
import { namesMax } from "./users.ts";

const Owner = UserBrief.pick({ id: true, username: true, nickname: true }).meta({ id: "Owner" });
const nameless = (id: number): z.output<typeof Owner> => ({ id, username: "", nickname: "" });

export const damagedView = view({
  id: "DamagedObject",
  base: DamagedObject,
  parts: [
    {
      name: "owners",
      adds: z.object({ users: z.array(Owner) }),
      none: ({ userIds }) => ({ users: userIds.map(nameless) }),
      async of(rows, { client, call }) {
        const ids = [...new Set(rows.flatMap(({ userIds }) => userIds))].slice(0, namesMax);
        const { items } = await client(user).briefs({ ids }, call);
        const owners = new Map(items.map((item) => [item.id, Owner.parse(item)]));
        return rows.map(({ userIds }) => ({ users: userIds.map((id) => owners.get(id) ?? nameless(id)) }));
      },
    },
  ],
});

/** The author of the reported content; null where that is unknown. */
export const caseView = view({
  id: "ModerationCase",
  base: Case,
  parts: [
    {
      name: "person",
      adds: z.object({ author: Owner.nullable() }),
      none: ({ authorId }) => ({ author: authorId === null ? null : nameless(authorId) }),
      async of(rows, { client, call }) {
        const ids = [...new Set(rows.flatMap(({ authorId }) => authorId ?? []))].slice(0, namesMax);
        const { items } = ids.length === 0 ? { items: [] } : await client(user).briefs({ ids }, call);
        const owners = new Map(items.map((item) => [item.id, Owner.parse(item)]));
        return rows.map(({ authorId }) => ({
          author: authorId === null ? null : (owners.get(authorId) ?? nameless(authorId)),
        }));
      },
    },
  ],
});
