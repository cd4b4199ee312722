import { createHmac } from "node:crypto";
import type { Host, Id } from "#kernel";
import { nextPath } from "#policy/paths/next-path";
import type { Tables } from "../store.ts";
import { hashSecret, isSame } from "../tokens.ts";
import * as flowStore from "./flow-store.ts";
import type { IdentityProvider, Marks } from "./identity-provider.ts";

/** Long enough for a password, a second step and a consent there. */
const lifeMs = 10 * 60_000;

interface Purpose {
  readonly purpose: Tables["auth.provider_flows"]["purpose"];
  /** A path of this site. */
  readonly next: string;
  /** The account and the session that a user is linked to, or that are confirmed by one. */
  readonly userId?: Id;
  readonly sessionId?: string;
  readonly invitation?: string | undefined;
}

/** A sign-in at a provider, from which the browser has come back. */
export interface Flow extends Purpose {
  readonly providerId: string;
  readonly marks: Marks;
  readonly begunAtMs: number;
}

/** The way of a browser to a provider and back: each is a row, and a secret in a cookie of that browser. */
export interface Flows {
  /** The address to send the browser to, and the text of its cookie. @throws {ProviderFault} */
  readonly begin: (
    provider: IdentityProvider,
    purpose: Purpose,
  ) => Promise<{ readonly url: string; readonly flow: string }>;
  /** Uses a flow up; undefined for one that is spent, late, unknown, or of another browser. */
  readonly take: (state: string, flow: string) => Promise<Flow | undefined>;
}

export function createFlows({ db, now, random }: Pick<Host<Tables>, "db" | "now" | "random">): Flows {
  const randomText = () => random(32).toString("base64url");

  return {
    async begin(provider, { purpose, next, userId, sessionId, invitation }) {
      // The database has hashes alone: its reader cannot finish what a browser began.
      const flow = [randomText(), ...(invitation === undefined ? [] : [invitation])].join(".");
      const state = randomText();
      const url = await provider.authorizationUrl(marksOf(state, flow), purpose === "fresh");
      const row = {
        state_hash: hashSecret(state),
        secret_hash: hashSecret(flow),
        provider_id: provider.settings.id,
        purpose,
        user_id: userId ?? null,
        session_id: sessionId ?? null,
        next: nextPath(next),
        begun_at_ms: now(),
        expires_at_ms: now() + lifeMs,
      };
      await db.tx((tx) => flowStore.insert(tx, row));
      return { url, flow };
    },

    async take(state, flow) {
      // It is gone before anything of the answer is verified, so that no two requests use the same one.
      const row = await db.tx((tx) => flowStore.take(tx, hashSecret(state)));
      if (!row || row.expires_at_ms <= now() || !isSame(row.secret_hash, hashSecret(flow))) return undefined;
      const [, invitation] = flow.split(".");
      return {
        providerId: row.provider_id,
        purpose: row.purpose,
        next: row.next,
        begunAtMs: row.begun_at_ms,
        marks: marksOf(state, flow),
        ...(row.user_id !== null && { userId: row.user_id }),
        ...(row.session_id !== null && { sessionId: row.session_id }),
        ...(invitation !== undefined && { invitation }),
      };
    },
  };
}

/** The nonce and the verifier are made from the cookie: a code that was stolen is good in no other browser. */
function marksOf(state: string, flow: string): Marks {
  const derive = (name: string) => createHmac("sha256", flow).update(name).digest("base64url");
  return { state, nonce: derive("nonce"), verifier: derive("verifier") };
}
