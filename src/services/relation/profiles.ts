import type { Call, Host, Id } from "#kernel";
import { user, type UserBrief } from "#services/user/contract";

const briefsMax = 200;

interface PersonPage {
  items: { personId: Id }[];
  next: string | null;
}

/** Profiles of users, by their ids. */
export interface Profiles {
  readonly profiles: (ids: readonly Id[], call: Call) => Promise<Map<Id, UserBrief>>;
  readonly withProfiles: <P extends PersonPage>(page: P, call: Call) => Promise<P & { items: UserBrief[] }>;
}

export function createProfiles({ client, call: newCall }: Pick<Host, "client" | "call">): Profiles {
  async function profiles(ids: readonly Id[], call: Call) {
    const batches = Array.from({ length: Math.ceil(ids.length / briefsMax) }, (_, n) =>
      client(user).briefs(
        { ids: ids.slice(n * briefsMax, (n + 1) * briefsMax) },
        newCall({ traceId: call.traceId, signal: call.signal }),
      ),
    );
    const pages = await Promise.all(batches);
    return new Map(pages.flatMap(({ items }) => items).map((item) => [item.id, item]));
  }

  async function withProfiles<P extends PersonPage>(page: P, call: Call) {
    const ids = page.items.map(({ personId }) => personId);
    const byId = await profiles(ids, call);
    // Accounts deleted meanwhile are left out.
    return { ...page, items: ids.flatMap((id) => byId.get(id) ?? []) };
  }

  return { profiles, withProfiles };
}
