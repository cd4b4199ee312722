import type { ModerationCase } from "#base/api/types.ts";

/** The name of an account in a list; empty where it is unknown. Pure. */
export const nameOf = (account: { nickname: string; username: string } | null): string =>
  account === null ? "" : account.nickname || account.username;

/** The reason that most reports give; null where nobody reported it. Pure. */
export const mainReason = ({ reasons }: Pick<ModerationCase, "reasons">) => reasons[0]?.reason ?? null;
