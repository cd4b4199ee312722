import { callerOf, type Handlers, type Host, type Role } from "#kernel";
import type { Scope } from "#kernel/scopes/scopes";
import * as accountStore from "../account-store.ts";
import type { Alerts } from "../alerts/alerts.ts";
import { recordAct } from "../audit.ts";
import { type auth, ScopeTooWide, TokenNotFound, TooManyTokens } from "../contract.ts";
import type { Settings } from "../settings.ts";
import * as store from "../store.ts";
import { hashSecret, isSame } from "../tokens.ts";
import { partsOfToken, type PersonalToken, tokenPrefix } from "./contract.ts";
import * as tokenStore from "./token-store.ts";

const tokensMax = 50;
const dayMs = 24 * 3_600_000;
/** A token without an end has one that nobody reaches. */
const endlessMs = Date.UTC(9999, 0);
/** So many letters of a token are shown: two tokens differ in them, and they prove nothing. */
const shownLetters = 5;

/** The scopes that only a role may grant, and which roles those are. */
const roleScopes: Partial<Record<Scope, readonly Role[]>> = {
  moderate: ["moderator", "admin"],
  "admin:read": ["admin"],
};

/** Users make tokens for programs. A token is a session that has scopes, and no sign-in. */
export function createPersonalTokens(
  host: Pick<Host<store.Tables, Settings>, "db" | "emit" | "now" | "random" | "settings">,
  alerts: Pick<Alerts, "raise">,
): Pick<Handlers<typeof auth>, "personalTokens" | "makeToken" | "renameToken" | "endToken"> {
  const { db, now, random, settings } = host;

  return {
    async personalTokens(_, call) {
      return { items: (await tokenStore.open(db, callerOf(call), now())).map(present) };
    },

    async makeToken({ name, scopes, expiresInDays }, call) {
      const userId = callerOf(call);
      const { role = "user", agent = "" } = call;
      const tooWide = scopes.filter((scope) => roleScopes[scope]?.includes(role) === false);
      if (tooWide.length > 0) throw ScopeTooWide({ shown: { scopes: tooWide } });
      if (expiresInDays === null && !settings.hasEndlessTokens) throw ScopeTooWide({ shown: { scopes: [] } });
      const { row, secret } = newToken(random, { name, scopes, nowMs: now(), expiresInDays });
      await db.tx(async (tx) => {
        await accountStore.lockAccount(tx, userId);
        if ((await tokenStore.open(tx, userId, now())).length >= tokensMax) throw TooManyTokens({});
        await tokenStore.insert(tx, { ...row, userId, agent, tokenHash: hashSecret(secret) });
        await recordAct(host, tx, userId, "token.made", { actorId: userId, detail: scopes.join(" ") });
        await alerts.raise(tx, userId, "token_made", { agent, sessionId: call.sessionId, name });
      });
      return { ...present(row), token: tokenPrefix + row.id + secret };
    },

    async renameToken({ id, name }, call) {
      const row = await db.tx((tx) => tokenStore.rename(tx, callerOf(call), id, name));
      if (!row) throw TokenNotFound({});
      return present(row);
    },

    async endToken({ id }, call) {
      const userId = callerOf(call);
      await db.tx(async (tx) => {
        if (!(await tokenStore.end(tx, userId, id, now()))) throw TokenNotFound({});
        await recordAct(host, tx, userId, "token.ended", { actorId: userId });
      });
      return {};
    },
  };
}

interface NewToken {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly nowMs: number;
  readonly expiresInDays: number | null;
}

/** The row of a new token, and the secret that is shown once. */
function newToken(random: Host["random"], { name, scopes, nowMs, expiresInDays }: NewToken) {
  const text = (bytes: number): string => random(bytes).toString("base64url");
  const row: tokenStore.TokenRow = {
    id: text(16),
    name,
    scopes: [...new Set(scopes)],
    createdAtMs: nowMs,
    usedAtMs: nowMs,
    expiresAtMs: expiresInDays === null ? endlessMs : nowMs + expiresInDays * dayMs,
  };
  return { row, secret: text(32) };
}

/** The row of a token that has not ended; undefined for any other text. */
export async function openToken(db: store.Db, token: string, nowMs: number): Promise<store.SessionRow | undefined> {
  const parts = partsOfToken(token);
  const row = parts && (await store.sessionById(db, parts.id));
  const isOpen = row?.origin === "personal" && row.endedAtMs === null && row.expiresAtMs > nowMs;
  return isOpen && parts && isSame(row.tokenHash ?? "", hashSecret(parts.secret)) ? row : undefined;
}

function present({ id, name, scopes, createdAtMs, usedAtMs, expiresAtMs }: tokenStore.TokenRow): PersonalToken {
  return {
    id,
    name: name ?? "",
    scopes: scopes ?? [],
    prefix: tokenPrefix + id.slice(0, shownLetters),
    createdAtMs,
    usedAtMs: usedAtMs > createdAtMs ? usedAtMs : null,
    expiresAtMs: expiresAtMs >= endlessMs ? null : expiresAtMs,
  };
}
