import { type Call, type Handlers, type Host, type Id, KinoraError, mustBeFresh, type Tx } from "#kernel";
import type { z } from "zod";
import { type auth, BadSignature, NameTaken, type Session } from "../contract.ts";
import type { NewAccounts } from "../registration/new-accounts.ts";
import { createStateCheck } from "../sessions/account-proof.ts";
import type { Enter } from "../sessions/entry.ts";
import type { NewSessions } from "../sessions/sessions.ts";
import * as store from "../store.ts";
import { nameOf, shownAddress } from "../wallets/addresses.ts";
import type { Challenges } from "../wallets/challenges.ts";
import type { LinkedWallets } from "../wallets/linked-wallets.ts";
import * as walletStore from "../wallets/wallet-store.ts";
import type { WorkCheck } from "../work/work.ts";

interface Parts extends Pick<NewSessions, "open"> {
  readonly accounts: Pick<NewAccounts, "register" | "rowOf" | "rules">;
  readonly challenges: Pick<Challenges, "prove">;
  readonly enter: Enter;
  readonly wallets: Pick<LinkedWallets, "add" | "link">;
  readonly work: Pick<WorkCheck, "check">;
}
type Input = z.output<(typeof auth)["methods"]["loginByWallet"]["input"]>;

const nameAttempts = 8;

/** Another request linked the wallet in the meantime. */
class LinkedMeanwhile extends Error {}

/** Signs accounts in by their wallets, and makes accounts for wallets that nobody has. */
export function createWalletLogin(
  host: Pick<Host<store.Tables>, "db" | "emit" | "nextId" | "now" | "random">,
  { accounts, challenges, enter, open, wallets, work }: Parts,
): Pick<Handlers<typeof auth>, "loginByWallet"> {
  const { db, random } = host;
  const mustBeActive = createStateCheck(host);

  async function signIn(userId: Id, identity: walletStore.WalletIdentity, call: Call): Promise<Session> {
    await mustBeActive(userId);
    return enter({ userId, methods: ["wallet"] }, call, async (tx) => {
      // It may have been unlinked while it was verified.
      if ((await walletStore.byIdentity(tx, identity))?.userId !== userId) throw BadSignature({});
    });
  }

  async function signUp(identity: walletStore.WalletIdentity, input: Input, call: Call): Promise<Session> {
    const { application, invitation } = input;
    await work.check(input.work, (await accounts.rules()).workBits);
    const base = nameOf(identity.namespace, identity.address);
    for (let attempt = 1; ; attempt++) {
      const username = attempt === 1 ? base : `${base}_${random(2).readUInt16BE()}`;
      try {
        const row = await accounts.rowOf({ username, application });
        return await accounts.register(
          row,
          invitation,
          (tx, userId) => open(tx, { userId, role: row.role, methods: ["wallet"] }, call),
          async (tx: Tx<store.Tables>, userId) => {
            if (!(await wallets.add(tx, userId, identity))) throw new LinkedMeanwhile();
          },
        );
      } catch (error) {
        const isTaken = error instanceof KinoraError && error.code === NameTaken.code;
        if (!isTaken || attempt === nameAttempts) throw error;
      }
    }
  }

  async function enterOrSignUp(identity: walletStore.WalletIdentity, input: Input, call: Call): Promise<Session> {
    const wallet = await walletStore.byIdentity(db, identity);
    if (wallet) return signIn(wallet.userId, identity, call);
    try {
      return await signUp(identity, input, call);
    } catch (error) {
      if (!(error instanceof LinkedMeanwhile)) throw error;
      const other = await walletStore.byIdentity(db, identity);
      if (!other) throw BadSignature({});
      return signIn(other.userId, identity, call);
    }
  }

  return {
    async loginByWallet(input, call) {
      const { address, wallet = address, purpose } = input;
      if (purpose === "link") mustBeFresh(call);
      if (address !== undefined && address !== wallet) throw BadSignature({});
      const identity = await challenges.prove({ ...input, address: wallet }, call);
      if (purpose === "link") {
        const linked = await wallets.link(identity, call);
        return { ...linked, walletAddress: linked.address };
      }
      const shown = shownAddress(identity.namespace, identity.address);
      return { ...(await enterOrSignUp(identity, input, call)), address: shown, walletAddress: shown };
    },
  };
}
