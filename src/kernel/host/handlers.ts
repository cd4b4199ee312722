import type { Contract, Handlers } from "../contract.ts";

/** The handlers of some methods of a contract, whose inputs have the types of that contract. */
export const handlersOf = <C extends Contract, Name extends keyof C["methods"]>(
  _contract: C,
  handlers: Pick<Handlers<C>, Name>,
): Pick<Handlers<C>, Name> => handlers;

/** All properties of several parts. */
type Joined<Parts extends readonly object[]> = Parts extends readonly [infer First, ...infer Others extends object[]]
  ? First & Joined<Others>
  : unknown;

/** The handlers of the parts of a service together. @throws TypeError where two parts answer the same method */
export function joinHandlers<Parts extends object[]>(...parts: Parts): Joined<Parts> {
  const joined: Record<string, unknown> = {};
  for (const part of parts)
    for (const [name, handler] of Object.entries(part)) {
      if (Object.hasOwn(joined, name)) throw new TypeError(`two parts of a service answer ${name}`);
      joined[name] = handler;
    }
  return joined as Joined<Parts>; // It has the properties of all parts, each once.
}
