import { type Call, type Handlers, type Host, type Id, KinoraError } from "#kernel";
import { isBanned } from "../bans.ts";
import { type auth, BadCode, BadPasskey, NoProof, type Proof, TicketOver } from "../contract.ts";
import type { SecondFactors } from "../factors/second-factor.ts";
import { type Tickets, triesMax } from "../factors/tickets.ts";
import type { PasskeyAnswer } from "../passkeys/contract.ts";
import type { PasskeyProof } from "../passkeys/passkey-proof.ts";
import * as store from "../store.ts";
import type { Enter } from "./entry.ts";

interface Parts {
  readonly enter: Enter;
  readonly factors: Pick<SecondFactors, "useCode">;
  readonly passkeys: Pick<PasskeyProof, "proveSecond">;
  readonly tickets: Pick<Tickets, "countTry" | "use">;
}

/** Continues a sign-in whose first step was taken. */
export function createSecondStep(
  { now }: Pick<Host<store.Tables>, "now">,
  { enter, factors, passkeys, tickets }: Parts,
): Pick<Handlers<typeof auth>, "secondFactor"> {
  async function byPasskey(answer: PasskeyAnswer, at: { userId: Id; ticket: string; triesLeft: number }, call: Call) {
    await passkeys.proveSecond(answer, at, call).catch((error: unknown) => {
      // One failure for all second steps, with the tries that are left.
      throw isBadPasskey(error) ? BadCode({ shown: { tries_left: at.triesLeft } }, error) : error;
    });
    return "passkey" as const;
  }

  return {
    async secondFactor({ ticket, code, passkey }, call) {
      if (code === undefined && passkey === undefined) throw NoProof({});
      const { userId, methods, tries } = await tickets.countTry(ticket);
      const { agent, source } = call;
      const triesLeft = triesMax - tries;
      const method: Proof =
        passkey !== undefined
          ? await byPasskey(passkey, { userId, ticket, triesLeft }, call)
          : await factors.useCode(code ?? "", { userId, agent, source, triesLeft });
      return enter({ userId, methods: [...methods, method] }, call, async (tx) => {
        await tickets.use(tx, ticket);
        const account = await store.accountById(tx, userId);
        if (!account || account.state === "pending" || isBanned(account, now())) throw TicketOver({});
      });
    },
  };
}

const isBadPasskey = (error: unknown): boolean => error instanceof KinoraError && error.code === BadPasskey.code;
