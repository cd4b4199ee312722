import type { Assertion, NewCredential } from "./contract.ts";
import type { RelyingParty } from "./relying-party.ts";

/** COSE algorithms: EdDSA, ES256 and RS256. The library would offer ML-DSA first, whose keys have 1,300 bytes. */
export const algorithms = [-8, -7, -257];

interface Verified {
  /** How often the authenticator was used, by its own count; 0 where it does not count. */
  readonly counter: number;
  readonly synced: boolean;
  /** The authenticator verified its user by a PIN, a finger or a face. */
  readonly isUserVerified: boolean;
}
export interface VerifiedCredential extends Verified {
  readonly credentialId: string;
  /** A COSE key. */
  readonly publicKey: Uint8Array;
}

interface Expected {
  readonly challenge: string;
  readonly party: RelyingParty;
}

/** The library is loaded at the first passkey: it takes 27 MB. */
const library = () => import("@simplewebauthn/server");

/** A new passkey; undefined for an answer that is not right in every respect. */
export async function verifyCreation(
  { response, ...credential }: NewCredential,
  { challenge, party }: Expected,
): Promise<VerifiedCredential | undefined> {
  const { verifyRegistrationResponse } = await library();
  const { clientDataJson, attestationObject } = response;
  const origin = originOf(clientDataJson, party);
  if (origin === undefined || !(await isUnattested(attestationObject))) return undefined;
  const result = await verifyRegistrationResponse({
    response: {
      ...credential,
      response: { clientDataJSON: clientDataJson, attestationObject },
      clientExtensionResults: {},
    },
    expectedChallenge: challenge,
    expectedOrigin: origin,
    expectedRPID: party.id,
    requireUserVerification: false,
    supportedAlgorithmIDs: algorithms,
  }).catch(answerRefusal);
  if (result?.verified !== true) return undefined;
  const { credential: made, userVerified: isUserVerified, credentialBackedUp: synced } = result.registrationInfo;
  const { id: credentialId, publicKey, counter } = made;
  return { credentialId, publicKey, counter, synced, isUserVerified };
}

/** The use of a passkey with this public key; undefined for an answer that is not right in every respect. */
export async function verifyAssertion(
  { response, ...credential }: Assertion,
  publicKey: Uint8Array,
  { challenge, party }: Expected,
): Promise<Verified | undefined> {
  const { verifyAuthenticationResponse } = await library();
  const { clientDataJson, authenticatorData, signature } = response;
  const origin = originOf(clientDataJson, party);
  if (origin === undefined) return undefined;
  const result = await verifyAuthenticationResponse({
    response: {
      ...credential,
      response: { clientDataJSON: clientDataJson, authenticatorData, signature },
      clientExtensionResults: {},
    },
    expectedChallenge: challenge,
    expectedOrigin: origin,
    expectedRPID: party.id,
    requireUserVerification: false,
    // The counter is compared where it is stored: the library throws before it has verified the signature.
    credential: { id: credential.id, publicKey: Uint8Array.from(publicKey), counter: 0 },
  }).catch(answerRefusal);
  // A signature that does not fit is no error to the library.
  if (result?.verified !== true) return undefined;
  const { newCounter: counter, userVerified: isUserVerified, credentialBackedUp: synced } = result.authenticationInfo;
  return { counter, synced, isUserVerified };
}

/** The library throws for most of what is wrong in an answer. */
const answerRefusal = () => undefined;

/** The origin of the page where the passkey was used, if it may be used there; never that of a frame in another site. */
function originOf(clientDataJson: string, { isOrigin }: RelyingParty): string | undefined {
  try {
    const { origin, crossOrigin } = JSON.parse(Buffer.from(clientDataJson, "base64url").toString()) as Record<
      string,
      unknown
    >;
    return typeof origin === "string" && isOrigin(origin) && crossOrigin !== true ? origin : undefined;
  } catch {
    return undefined;
  }
}

/**
 * True for an attestation without certificates. Others are not asked for: to verify one, the library would fetch lists of
 * revoked certificates from addresses that the sender chose.
 */
async function isUnattested(attestationObject: string): Promise<boolean> {
  const { decodeAttestationObject } = await import("@simplewebauthn/server/helpers");
  try {
    const attestation = decodeAttestationObject(new Uint8Array(Buffer.from(attestationObject, "base64url")));
    const format = attestation.get("fmt");
    return format === "none" || (format === "packed" && attestation.get("attStmt").get("x5c") === undefined);
  } catch {
    return false;
  }
}
