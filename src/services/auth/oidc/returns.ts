import { type Call, type Host, KinoraError } from "#kernel";
import { SignInAgain } from "#kernel/errors";
import { isBanned } from "../bans.ts";
import { ProviderFailed } from "../contract.ts";
import * as linkStore from "../providers/link-store.ts";
import type { Provider } from "../providers/provider-list.ts";
import * as store from "../store.ts";
import type { Flow } from "./flows.ts";
import type { ProvenUser } from "./identity-provider.ts";
import type { ProviderLinks } from "./provider-links.ts";

/** A claim of the time of a sign-in may be so much older than the departure of the browser: clocks differ. */
const clockToleranceMs = 60_000;

/** The ends of flows of signed-in users. @throws SignInAgain where their session has ended */
export interface Returns {
  /** Makes the sign-in of the session fresh. @throws ProviderFailed */
  readonly confirm: (flow: Flow, user: ProvenUser, provider: Provider) => Promise<void>;
  readonly link: (flow: Flow, user: ProvenUser, provider: Provider, call: Call) => Promise<void>;
}

export function createReturns(
  { db, now }: Pick<Host<store.Tables>, "db" | "now">,
  links: Pick<ProviderLinks, "link">,
): Returns {
  /** The session that a flow began in, where it is still open. @throws SignInAgain */
  async function sessionOf({ userId, sessionId }: Flow, reader: store.Db) {
    const session = await store.sessionById(reader, sessionId ?? "");
    const isOpen = session && session.endedAtMs === null && session.expiresAtMs > now() && !isBanned(session, now());
    if (!isOpen || session.userId !== userId) throw SignInAgain({ shown: { methods: [] } });
    return session;
  }

  async function confirm(flow: Flow, { identity, claims }: ProvenUser, provider: Provider): Promise<void> {
    const { id, userId } = await sessionOf(flow, db);
    const link = await linkStore.byIdentity(db, identity);
    // A sign-in there of before proves nothing new, where the provider says when it was.
    const at = claims["auth_time"];
    const isOld = typeof at === "number" && at * 1_000 < flow.begunAtMs - clockToleranceMs;
    if (link?.userId !== userId || isOld) throw providerFailed(provider.name);
    await db.tx((tx) => store.setAuthenticated(tx, id, now()));
  }

  return {
    confirm,
    link: (flow, user, provider, call) =>
      db.tx(async (tx) => {
        const { userId } = await sessionOf(flow, tx);
        await links.link(tx, userId, user, provider, call);
      }),
  };
}

/** The failure with a sentence that names the provider, and never its address. */
export function providerFailed(provider: string): KinoraError {
  const { kind, code, details, http } = ProviderFailed({ shown: { provider } });
  const message = `${provider} did not sign you in, try again or use another way`;
  return new KinoraError({ kind, code, message, details, http });
}
