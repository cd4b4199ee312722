import { z } from "zod";
import type { Method } from "./contract.ts";

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
  const left = new WeakMap<object, object>();
  const itemOf = (item: unknown): object => {
    if (typeof item !== "object" || item === null || !Object.isFrozen(item)) return element.parse(item);
    const before = left.get(item);
    if (before) return before;
    const read = Object.freeze(element.parse(item));
    left.set(item, read);
    return read;
  };
  return (answer) => {
    const list: unknown = "items" in answer ? answer.items : undefined;
    if (!Array.isArray(list) || !list.some((item) => Object.isFrozen(item))) return output.parse(answer);
    return { ...rest.parse(answer), items: list.map(itemOf) };
  };
}
