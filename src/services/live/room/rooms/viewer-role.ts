import { answerOr, type Call, type Id, type Role } from "#kernel";
import { auth } from "#services/auth/contract";
import type { LiveHost } from "../../settings.ts";

/** The role of an account now; none while auth is unavailable. */
export type RoleLookup = (userId: Id, call: Call) => Promise<Role | undefined>;

export const createRoleLookup =
  ({ client, call: newCall, log }: Pick<LiveHost, "client" | "call" | "log">): RoleLookup =>
  async (userId, { traceId, signal }) => {
    const account = client(auth).account({ userId }, newCall({ traceId, signal }));
    return (await answerOr(account, undefined, log, "the role of a viewer is unavailable"))?.role;
  };
