import { isIP } from "node:net";

/** Why a target is not asked; the reason is for the log. */
export class Refused extends Error {}

export const redirectsMax = 3;
const urlLengthMax = 4_096;

/** The URL to ask, without its fragment. @throws Refused when it is no http or https one, or carries credentials. */
export function targetOf(text: string, base?: URL): URL {
  const url = text.length > urlLengthMax ? null : URL.parse(text, base?.href);
  if (url === null) throw new Refused("not a URL");
  if (url.protocol !== "http:" && url.protocol !== "https:") throw new Refused("neither http nor https");
  if (url.username !== "" || url.password !== "") throw new Refused("credentials in the URL");
  url.hash = "";
  return url;
}

/** The target of a redirect. @throws Refused as for any target, and if https would become http. */
export function redirectTarget(from: URL, location: string): URL {
  const to = targetOf(location, from);
  if (from.protocol === "https:" && to.protocol === "http:") throw new Refused("a redirect from https to http");
  return to;
}

/** The address a URL is written with, or undefined for a name. The parser has brought every spelling to one form. */
export function addressIn({ hostname }: URL): string | undefined {
  const bare = hostname.replace(/^\[(.*)\]$/, "$1");
  return isIP(bare) === 0 ? undefined : bare;
}

/** This machine under its reserved names, which no name server is asked for (RFC 6761 §6.3). */
export const isLocalhost = (name: string): boolean => /(?:^|\.)localhost\.?$/i.test(name);

/** True if a media type is one of these, such as `video/mp4` or `image/*`. */
export const isOfTypes = (type: string | undefined, types: readonly string[]): boolean =>
  type !== undefined &&
  types.some((pattern) => pattern === type || (pattern.endsWith("/*") && type.startsWith(pattern.slice(0, -1))));
