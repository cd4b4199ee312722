import type { Config } from "../../src/kernel/config/load.ts";
import { publicAddressOf } from "../../src/kernel/config/public-address.ts";
import { type Finding, missing, ok, warn } from "../../src/kernel/doctor/finding.ts";
import { ProviderFault } from "../../src/services/auth/oidc/discovery.ts";
import { createIdentityProvider, type IdentityProvider } from "../../src/services/auth/oidc/identity-provider.ts";
import { callbackPath } from "../../src/services/auth/oidc/callback-path.ts";
import { readProviders } from "../../src/services/auth/providers/provider-list.ts";
import { providersFault } from "../compose/config.ts";

/** Asks the providers that people sign in with; empty if none is configured. */
export async function providerChecks(config: Config): Promise<Finding[]> {
  const fault = providersFault(config);
  if (fault !== undefined) return [missing("sign-in providers", `KINORA_OIDC: ${fault}`, "correct it, or take it out")];
  const providers = config.auth.providers === undefined ? [] : readProviders(config.auth.providers);
  const redirectUri = publicAddressOf(config.server) + callbackPath;
  const parts = { redirectUri, now: Date.now };
  const findings = await Promise.all(
    providers.map((provider) => checksOf(createIdentityProvider(provider, parts), redirectUri)),
  );
  return findings.flat();
}

async function checksOf({ settings, issuer, reach }: IdentityProvider, redirectUri: string): Promise<Finding[]> {
  const name = `sign-in provider ${settings.name}`;
  const answer = await reach().then(
    () => ok(name, `answers; it sends people back to ${redirectUri}`),
    (error: unknown) => {
      if (!(error instanceof ProviderFault)) throw error;
      return warn(
        name,
        `cannot be used: ${error.message}`,
        "correct its issuer, or start it; people sign in by their other ways until then",
      );
    },
  );
  if (!issuer.startsWith("http:")) return [answer];
  return [
    answer,
    warn(name, "is asked without TLS: whoever is on the way signs in as anybody", "use an issuer of https"),
  ];
}
