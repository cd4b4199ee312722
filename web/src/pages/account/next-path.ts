/**
 * The page after a log-in or sign-up: a path of this site, nothing else. A link is not trusted: another origin, in any
 * spelling a browser accepts (`//host`, `/\host`, a scheme, control characters), becomes `/`, the start page
 * (base/frame/start-page.ts).
 */
export function nextPath(wanted: unknown): string {
  if (typeof wanted !== "string" || wanted.length > 500) return "/";
  return /^\/(?:$|[\w@-][\w@%./-]*(?:\?[\w%=&.-]*)?$)/.test(wanted) && !wanted.includes("//") ? wanted : "/";
}
