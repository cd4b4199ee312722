import { z } from "zod";
import type { Method } from "./contract.ts";
import { once } from "./once.ts";
import { read } from "./reading.ts";

const readers = new WeakMap<Method, (answer: object) => object>();

/**
 * What the contract lists of an answer, and nothing else. A frozen item of a list stays what it is: it is read once, and the
 * same frozen copy of it leaves each time. @throws ZodError
 */
export function outputOf(method: Method, answer: object): object {
  let reader = readers.get(method);
  if (!reader) readers.set(method, (reader = readerOf(method.output)));
  return reader(answer);
}

function readerOf(output: z.ZodObject): (answer: object) => object {
  const { items, ...others } = output.shape;
  const element: unknown = items instanceof z.ZodArray ? items.element : undefined;
  // A list that has rules of its own is read as a whole.
  if (!(items instanceof z.ZodArray) || !(element instanceof z.ZodObject) || (items.def.checks ?? []).length > 0)
    return (answer) => parsed(output, answer);
  const rest = z.object(others);
  const itemOf = once((item: object) => parsed(element, item));
  return (answer) => {
    const list: unknown = "items" in answer ? answer.items : undefined;
    if (!Array.isArray(list) || !list.some((item) => Object.isFrozen(item))) return parsed(output, answer);
    return { ...parsed(rest, answer), items: list.map((item: object) => itemOf(item)) };
  };
}

/** @throws ZodError */
function parsed(schema: z.ZodObject, value: object): object {
  const { data, error } = read(schema, value);
  if (error) throw error;
  return data;
}
