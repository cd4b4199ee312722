import { requestConfirmation } from "./confirmation.ts";
import { ask } from "./request/client.ts";
import { Failure } from "./request/failure.ts";

/** A sign-in is fresh for five minutes at the server; a download that begins at once needs a part of that. */
const freshMs = 4 * 60_000;

/** Asks the viewer to prove who they are where the last time is too long ago: for downloads, which cannot ask. */
export async function mustBeFresh(): Promise<void> {
  const { authenticated_at: at } = await ask("auth.verify", { body: {} });
  if (Date.now() - Date.parse(at) < freshMs) return;
  const { password, totp, passkeys, wallets, providers } = await ask("auth.factors", {});
  const holds = {
    password,
    totp: totp !== null,
    passkey: passkeys.some(({ passwordless }) => passwordless),
    wallet: wallets.length > 0,
    provider: providers.length > 0,
  };
  const methods = Object.entries(holds).flatMap(([method, isHeld]) => (isHeld ? [method] : []));
  if (await requestConfirmation({ methods })) return;
  throw new Failure(401, "auth.sign_in_again", "");
}
