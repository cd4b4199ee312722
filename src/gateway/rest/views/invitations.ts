import { CheckedInvitation, Invitation } from "#services/auth/contract";
import { z } from "zod";
import { view } from "../view.ts";
import { Author, authorsOf } from "./users.ts";

/** An invitation with the account that made it, and those that it made. */
export const invitationView = view({
  id: "Invitation",
  base: Invitation,
  hidden: ["userId", "accountIds"],
  parts: [
    {
      name: "people",
      adds: z.object({ user: Author.nullable(), accounts: z.array(Author) }),
      none: () => ({ user: null, accounts: [] }),
      async of(rows, context) {
        const authors = await authorsOf(
          rows.flatMap(({ userId, accountIds }) => [userId, ...accountIds]),
          context,
        );
        return rows.map(({ userId, accountIds }) => ({
          user: authors.get(userId) ?? null,
          accounts: accountIds.flatMap((id) => authors.get(id) ?? []),
        }));
      },
    },
  ],
});

/** The answer about a code, with the account that invites. */
export const checkedInvitationView = view({
  id: "CheckedInvitation",
  base: CheckedInvitation,
  hidden: ["userId"],
  parts: [
    {
      name: "inviter",
      adds: z.object({ inviter: Author.nullable() }),
      none: () => ({ inviter: null }),
      async of(rows, context) {
        const authors = await authorsOf(
          rows.flatMap(({ userId }) => userId ?? []),
          context,
        );
        return rows.map(({ userId }) => ({ inviter: authors.get(userId ?? 0) ?? null }));
      },
    },
  ],
});
