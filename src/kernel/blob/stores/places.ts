import type { Belonging } from "../port.ts";

/** The store of everything that no other is named for. */
export const defaultStore = "default";

/** The store each space (`media`), kind (`kind:video`) and user (`user:42`) has been given. */
export type Places = Readonly<Record<string, string>>;

/** The store of new content: that of its owner, else of its kind, else of its space. */
export function storeFor(places: Places, { space, kind, userId }: Belonging): string {
  const names = [userId === undefined ? "" : `user:${userId}`, kind === undefined ? "" : `kind:${kind}`, space];
  const configured = names.find((name) => Object.hasOwn(places, name));
  return (configured === undefined ? undefined : places[configured]) ?? defaultStore;
}
