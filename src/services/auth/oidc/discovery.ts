import { createConfiguredFetch, reasonOf } from "#kernel/outgoing/configured";
import type { Configuration, ServerMetadata } from "openid-client";
import type { Provider } from "../providers/provider-list.ts";
import type { Claims } from "./claims.ts";

/** Symmetric algorithms are left out: the client secret would sign with them. */
const algorithms = ["RS256", "PS256", "ES256", "EdDSA"];
const requestSeconds = 4;
const answerBytesMax = 256 * 1_024;
/** Keys and addresses of a provider are read again after this time. */
const metadataMs = 3_600_000;
/** A clock of a provider that is further off is refused. */
const clockToleranceSeconds = 60;

/** The provider cannot be reached, or its answer proves nothing. The message is for the log: it has no secrets. */
export class ProviderFault extends Error {}

/** The library is loaded at the first sign-in: it takes 7 MB. */
export const library = () => import("openid-client");

/** Reads the addresses and keys of a provider. @throws {ProviderFault} */
export type Discovery = () => Promise<Configuration>;

/** One discovery at a time, whose failure is not kept. */
export function createDiscovery(provider: Provider, now: () => number): Discovery {
  let current: { readonly configuration: Promise<Configuration>; readonly untilMs: number } | undefined;
  return async () => {
    if (current === undefined || current.untilMs <= now()) {
      const configuration = discover(provider, now);
      current = { configuration, untilMs: now() + metadataMs };
      configuration.catch(() => {
        current = undefined;
      });
    }
    return current.configuration.catch(fail);
  };
}

async function discover({ issuer, client_id, client_secret }: Provider, now: () => number): Promise<Configuration> {
  const oidc = await library();
  const isPlain = issuer.startsWith("http:");
  const fetch = createConfiguredFetch(answerBytesMax);
  const discovered = await oidc.discovery(new URL(issuer), client_id, undefined, undefined, {
    timeout: requestSeconds,
    [oidc.customFetch]: fetch as never, // It takes what the library sends.
    execute: isPlain ? [oidc.allowInsecureRequests] : [],
  });
  const metadata = withOurAlgorithms(discovered.serverMetadata());
  const { token_endpoint_auth_methods_supported: methods = ["client_secret_basic"] } = metadata;
  const clocks = {
    [oidc.clockTolerance]: clockToleranceSeconds,
    [oidc.clockSkew]: Math.round((now() - Date.now()) / 1_000),
  };
  const authenticate = methods.includes("client_secret_basic") ? oidc.ClientSecretBasic : oidc.ClientSecretPost;
  const configuration = new oidc.Configuration(metadata, client_id, clocks, authenticate(client_secret));
  configuration.timeout = requestSeconds;
  configuration[oidc.customFetch] = fetch as never; // As above.
  // Without it the library takes an ID token from the token endpoint unsigned.
  oidc.enableNonRepudiationChecks(configuration);
  if (isPlain) oidc.allowInsecureRequests(configuration);
  return configuration;
}

/** @throws {ProviderFault} where the provider signs by none of our algorithms */
function withOurAlgorithms(metadata: ServerMetadata): ServerMetadata {
  const offered = metadata.id_token_signing_alg_values_supported ?? ["RS256"];
  const common = offered.filter((algorithm) => algorithms.includes(algorithm));
  if (common.length === 0) throw new ProviderFault(`it signs by none of ${algorithms.join(", ")}`);
  return { ...metadata, id_token_signing_alg_values_supported: common };
}

/** The causes of the library's errors have tokens, so its message alone is kept. */
export function fail(error: unknown): never {
  if (error instanceof ProviderFault) throw error;
  if (!(error instanceof Error)) throw new ProviderFault("unknown");
  const codes = ["code", "error"].flatMap((name) => {
    const value = (error as unknown as Claims)[name]; // Errors of the library have these.
    return typeof value === "string" ? [`${value.slice(0, 100)}: `] : [];
  });
  throw new ProviderFault(`${codes.join("")}${reasonOf(error).slice(0, 300)}`);
}
