import type { AuthenticationResponseJSON } from "@simplewebauthn/browser";
import { ask } from "./request/client.ts";
import { Failure } from "./request/failure.ts";
import type { Passkey } from "./types.ts";

/** Browsers refuse passkeys at addresses whose host is a number, such as `192.168.1.7`. */
const hasName = !/^(?:[\d.]+|\[.*\])$/.test(window.location.hostname);

/** True where this browser can make and use passkeys for this address. */
export const canUsePasskeys: boolean = hasName && window.PublicKeyCredential !== undefined;

/** The answer of a passkey to a challenge of the server. */
export interface PasskeyAnswer {
  challenge_id: string;
  credential: AuthenticationResponseJSON;
}

/** The library is loaded when a passkey is used. */
const library = () => import("@simplewebauthn/browser");

/** Makes a passkey on this device. Recovery codes come with the first second step of an account. */
export async function addPasskey(name: string): Promise<Passkey & { recovery_codes?: readonly string[] }> {
  const { challenge_id, ...optionsJSON } = await ask("auth.beginPasskey", { body: {} });
  mustBeFor(optionsJSON.rp.id);
  const { startRegistration } = await library();
  const credential = await startRegistration({ optionsJSON: optionsJSON }).catch(rethrow);
  return ask("auth.addPasskey", { body: { challenge_id, credential: credential, name } });
}

/** Has the viewer use a passkey: any that this host has, or one of the account whose sign-in the ticket continues. */
export async function askPasskey(ticket?: string): Promise<PasskeyAnswer> {
  const { challenge_id, ...optionsJSON } = await ask("auth.passkeyOptions", {
    body: ticket === undefined ? {} : { ticket },
  });
  mustBeFor(optionsJSON.rpId);
  const { startAuthentication } = await library();
  const credential = await startAuthentication({ optionsJSON: optionsJSON }).catch(rethrow);
  return { challenge_id, credential };
}

/** @throws Failure where this page has another host than passkeys are for */
function mustBeFor(rpId: string): void {
  const { hostname } = window.location;
  if (hostname !== rpId && !hostname.endsWith(`.${rpId}`)) throw new Failure(0, "passkey.elsewhere", "");
}

/** Gives the errors of browsers a text. Most of the time the viewer closed the question. */
function rethrow(thrown: unknown): never {
  const { name } = thrown instanceof Error ? thrown : { name: "" };
  const code = name === "InvalidStateError" ? "passkey.exists" : "passkey.unused";
  throw new Failure(0, code, "", { cause: thrown });
}
