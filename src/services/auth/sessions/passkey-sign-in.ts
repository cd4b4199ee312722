import type { Handlers, Host } from "#kernel";
import type { auth } from "../contract.ts";
import type { PasskeyProof } from "../passkeys/passkey-proof.ts";
import type { Tables } from "../store.ts";
import { createStateCheck } from "./account-proof.ts";
import type { Enter } from "./entry.ts";

interface Parts {
  readonly enter: Enter;
  readonly passkeys: Pick<PasskeyProof, "prove">;
}

/** Signs accounts in by passkeys alone: one that verified its user is two factors. */
export function createPasskeySignIn(
  host: Pick<Host<Tables>, "db" | "emit" | "now" | "nextId">,
  { enter, passkeys }: Parts,
): Pick<Handlers<typeof auth>, "loginByPasskey"> {
  const mustBeActive = createStateCheck(host);
  return {
    async loginByPasskey(answer, call) {
      const userId = await passkeys.prove(answer, {}, call);
      await mustBeActive(userId);
      return enter({ userId, methods: ["passkey"] }, call);
    },
  };
}
