import { failure } from "#kernel";

export const NoContact = failure("not_found", "gateway.no_contact", "this instance names nobody to report to");

const dayMs = 24 * 3_600_000;
/** RFC 9116 §2.5.5 asks for less than a year. The file is written for each request, so it is never stale. */
const lifeDays = 90;

/** The address for reports of vulnerabilities (RFC 9116), by the contact of the instance; undefined where that is no address. Pure. */
export function securityTxt(base: string, contact: string, nowMs: number): string | undefined {
  const address = addressOf(contact.trim());
  if (address === undefined) return undefined;
  const expires = new Date((Math.floor(nowMs / dayMs) + lifeDays) * dayMs).toISOString();
  return [
    `Contact: ${address}`,
    `Expires: ${expires}`,
    "Preferred-Languages: en, zh",
    `Canonical: ${base}/.well-known/security.txt`,
    "",
  ].join("\n");
}

/** A contact is free text: an e-mail address, a page, or anything else. */
function addressOf(contact: string): string | undefined {
  if (/^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>"]+$/.test(contact)) return `mailto:${contact}`;
  return /^https:\/\/\S+$/.test(contact) && URL.canParse(contact) ? contact : undefined;
}
