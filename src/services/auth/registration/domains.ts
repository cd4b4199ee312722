import type { RegistrationRules } from "./contract.ts";

/** True if the rules take addresses of this domain; a rule for a domain holds for those below it. Pure. */
export function isDomainAllowed(
  email: string,
  { domainsAllowed, domainsDenied }: Pick<RegistrationRules, "domainsAllowed" | "domainsDenied">,
): boolean {
  const domain = email.slice(email.lastIndexOf("@") + 1).toLowerCase();
  const isIn = (domains: readonly string[]) => domains.some((rule) => domain === rule || domain.endsWith(`.${rule}`));
  return !isIn(domainsDenied) && (domainsAllowed.length === 0 || isIn(domainsAllowed));
}
