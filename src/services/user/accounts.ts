import type { Id } from "#kernel";
import type { auth } from "#services/auth/contract";
import type { z } from "zod";

interface Account {
  readonly username: string;
  readonly nickname?: string | undefined;
  readonly email?: string | undefined;
  readonly phone: string;
  readonly role: "user" | "moderator" | "admin";
  readonly createdAtMs: number;
}
export const newProfile = (id: Id, { nickname, email, ...account }: Account) => ({
  id,
  ...account,
  nickname: nickname ?? account.username,
  email: email ?? null,
});

/** The profile an account begins with; undefined where there is no account. Pure. */
export function profileOf(
  id: Id,
  {
    found: isFound,
    username,
    nickname,
    email,
    phone = "",
    role = "user",
    createdAtMs,
  }: z.output<typeof auth.methods.account.output>,
  nowMs: number,
) {
  if (!isFound || username === undefined) return undefined;
  return newProfile(id, { username, nickname, email, phone, role, createdAtMs: createdAtMs ?? nowMs });
}
