import { command, Id, Instant, Line, named } from "#kernel";
import { z } from "zod";
import { BadPasskey, FactorNotFound, LastWayIn, NoPasskeysHere, TicketOver, TooManyTokens } from "../failures.ts";

/** Bytes as WebAuthn has them in JSON. The longest is the attestation of a new passkey. */
const Bytes = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[\w-]+$/, "base64url");
const CredentialId = Bytes(1_400);
const credential = { id: CredentialId, rawId: named("rawId", CredentialId), type: z.literal("public-key") };
const clientDataJson = named("clientDataJSON", Bytes(4_000));
/** The ways to reach an authenticator, such as `internal` or `usb`: a hint for browsers. */
const Transports = z.array(z.string().max(20)).max(10);

/** The answer of an authenticator to creation options, as `PublicKeyCredential.toJSON()` has it. */
export const NewCredential = z
  .object({
    ...credential,
    response: z.object({
      clientDataJson,
      attestationObject: named("attestationObject", Bytes(12_000)),
      transports: Transports.default([]),
    }),
  })
  .meta({ id: "NewPasskeyCredential" });
export type NewCredential = z.output<typeof NewCredential>;

/** The answer of an authenticator to request options. */
export const Assertion = z
  .object({
    ...credential,
    response: z.object({
      clientDataJson,
      authenticatorData: named("authenticatorData", Bytes(2_000)),
      signature: Bytes(1_000),
      userHandle: named("userHandle", Bytes(100)).optional(),
    }),
  })
  .meta({ id: "PasskeyCredential" });
export type Assertion = z.output<typeof Assertion>;

/** A challenge, which is good for five minutes and once, and the answer to it. */
export const PasskeyAnswer = z.object({ challengeId: z.string().max(64), credential: Assertion });
export type PasskeyAnswer = z.output<typeof PasskeyAnswer>;

export const Passkey = z
  .object({
    id: Id,
    name: z.string(),
    createdAtMs: Instant,
    /** Null before the first use. */
    usedAtMs: Instant.nullable(),
    /** Its provider has copies of it on other devices. */
    synced: z.boolean(),
    /** It verified its user when it was made, and so signs in alone; another one is a second step. */
    passwordless: z.boolean(),
    /** The host that it is bound to. */
    rpId: z.string(),
  })
  .meta({ id: "Passkey" });
export type Passkey = z.output<typeof Passkey>;

const type = z.literal("public-key");
const Descriptor = z.object({ id: z.string(), type, transports: z.array(z.string()) });
/** Milliseconds, as WebAuthn has them. */
const timeout = z.int();
const residentKey = z.enum(["discouraged", "preferred", "required"]);
const userVerification = named("userVerification", z.enum(["discouraged", "preferred", "required"]));

/** `PublicKeyCredentialCreationOptionsJSON` of WebAuthn, with the id of its challenge. */
export const CreationOptions = z
  .object({
    challengeId: z.string(),
    challenge: z.string(),
    rp: z.object({ id: z.string(), name: z.string() }),
    user: z.object({ id: z.string(), name: z.string(), displayName: named("displayName", z.string()) }),
    pubKeyCredParams: named("pubKeyCredParams", z.array(z.object({ type, alg: z.int() }))),
    timeout,
    attestation: z.literal("none"),
    excludeCredentials: named("excludeCredentials", z.array(Descriptor)),
    authenticatorSelection: named(
      "authenticatorSelection",
      z.object({
        residentKey: named("residentKey", residentKey),
        requireResidentKey: named("requireResidentKey", z.boolean()),
        userVerification,
      }),
    ),
  })
  .meta({ id: "PasskeyCreationOptions" });

/** `PublicKeyCredentialRequestOptionsJSON` of WebAuthn, with the id of its challenge. */
export const RequestOptions = z
  .object({
    challengeId: z.string(),
    challenge: z.string(),
    rpId: named("rpId", z.string()),
    /** Empty where any passkey for this host may answer. */
    allowCredentials: named("allowCredentials", z.array(Descriptor)),
    timeout,
    userVerification,
  })
  .meta({ id: "PasskeyRequestOptions" });

const name = Line(60).min(1);
const ofOwner = { auth: "user", rate: "login", scope: "none" } as const;
const fresh = { ...ofOwner, freshness: "required" } as const;

export const passkeyMethods = {
  beginPasskey: command({
    http: "POST /api/v1/auth/passkeys/register",
    ...fresh,
    summary: "Returns the options by which a browser makes a passkey; they do nothing yet.",
    input: z.object({}),
    output: CreationOptions,
    errors: [NoPasskeysHere, TooManyTokens],
  }),
  addPasskey: command({
    http: "POST /api/v1/auth/passkeys",
    ...fresh,
    summary: "Adds a passkey that was made with creation options; returns recovery codes with the first second factor.",
    input: z.object({ challengeId: z.string().max(64), credential: NewCredential, name }),
    output: Passkey.extend({ recoveryCodes: z.array(z.string()).optional() }),
    errors: [BadPasskey, NoPasskeysHere, TooManyTokens],
  }),
  renamePasskey: command({
    http: "PUT /api/v1/auth/passkeys/:id",
    ...ofOwner,
    idempotent: true,
    summary: "Changes the name of a passkey of the caller.",
    input: z.object({ id: Id, name }),
    output: Passkey,
    errors: [FactorNotFound],
  }),
  removePasskey: command({
    http: "DELETE /api/v1/auth/passkeys/:id",
    ...fresh,
    idempotent: true,
    summary: "Removes a passkey of the caller, unless nothing else would open the account.",
    input: z.object({ id: Id }),
    output: z.object({}),
    errors: [FactorNotFound, LastWayIn],
  }),
  passkeyOptions: command({
    http: "POST /api/v1/auth/passkeys/options",
    auth: "public",
    rate: "login",
    summary:
      "Returns the options by which a browser uses a passkey. They are the same for everybody, unless a `ticket` continues a sign-in: then they name the passkeys of its account.",
    input: z.object({ ticket: z.string().max(200).optional() }),
    output: RequestOptions,
    errors: [NoPasskeysHere, TicketOver],
  }),
};
