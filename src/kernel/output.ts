import { z } from "zod";
import type { Method } from "./contract.ts";
import { once } from "./once.ts";

const readers = new WeakMap<Method, (answer: object) => object>();

/**
 * What the contract lists of an answer, and nothing else. A frozen item of a list stays what it is: it is read once, and the
 * same frozen copy of it leaves each time. @throws ZodError
 */
export function outputOf(method: Method, answer: object): object {
  let read = readers.get(method);
  if (!read) readers.set(method, (read = readerOf(method.output)));
  return read(answer);
}

function readerOf(output: z.ZodObject): (answer: object) => object {
  const { items, ...others } = output.shape;
  const element: unknown = items instanceof z.ZodArray ? items.element : undefined;
  // A list that has rules of its own is read as a whole.
  if (!(items instanceof z.ZodArray) || !(element instanceof z.ZodObject) || (items.def.checks ?? []).length > 0)
    return (answer) => output.parse(answer);
  const rest = z.object(others);
  const itemOf = once((item: object) => element.parse(item));
  return (answer) => {
    const list: unknown = "items" in answer ? answer.items : undefined;
    if (!Array.isArray(list) || !list.some((item) => Object.isFrozen(item))) return output.parse(answer);
    return { ...rest.parse(answer), items: list.map((item: object) => itemOf(item)) };
  };
}
