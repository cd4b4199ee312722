import { type Call, type Id, KinoraError, type Role } from "#kernel";
import { auth } from "#services/auth/contract";
import type { LiveHost } from "../../settings.ts";

/** The role of an account now; none while auth is unavailable. */
export type RoleLookup = (userId: Id, call: Call) => Promise<Role | undefined>;

export const createRoleLookup =
  ({ client, call: newCall, log }: Pick<LiveHost, "client" | "call" | "log">): RoleLookup =>
  async (userId, { traceId, signal }) => {
    try {
      return (await client(auth).account({ userId }, newCall({ traceId, signal }))).role;
    } catch (error) {
      if (!(error instanceof KinoraError) || !error.retryable) throw error;
      log.warn("the role of a viewer is unavailable", { err: error });
      return undefined;
    }
  };
