/**
 * The page after a log-in or sign-up: a path of this site, nothing else (security S6.5). A link is not trusted: another
 * origin, in any spelling a browser or a proxy accepts (`//host`, `/\host`, `/%2Fhost`, a scheme, control characters),
 * becomes `/`, the start page. Pure.
 */
export function nextPath(wanted: unknown): string {
  if (typeof wanted !== "string" || wanted.length > 500) return "/";
  const [path = ""] = wanted.split("?");
  const isLocal = /^\/(?:$|[\w@-][\w@%./-]*(?:\?[\w%=&.-]*)?$)/.test(wanted) && !wanted.includes("//");
  return isLocal && !/%(?:[01]|2f|5c|7f)/i.test(path) ? wanted : "/";
}
