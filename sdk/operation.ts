import { KinoraError } from "./error.ts";
import { operations } from "./generated.ts";

interface Operation {
  readonly verb: string;
  readonly path: string;
}

const all: ReadonlyMap<string, Operation> = new Map(Object.entries(operations));
const namesShown = 12;

/**
 * The operation of a name, as programs without a type check may misspell it.
 * @throws {KinoraError} `client.no_operation` with names that come near
 */
export function operationNamed(name: string): Operation {
  const operation = all.get(name);
  if (operation) return operation;
  const [service = "", method = ""] = name.split(".");
  const names = [...all.keys()];
  const ofService = names
    .filter((each) => each.startsWith(`${service}.`))
    .toSorted((a, b) => distance(a, name) - distance(b, name));
  const ofMethod = names.filter((each) => each.toLowerCase().endsWith(`.${method.toLowerCase()}`));
  const near = [...new Set([...ofMethod, ...ofService])].slice(0, namesShown);
  const hint = near.length > 0 ? `; near it are ${near.join(", ")}` : "";
  throw new KinoraError(0, "client.no_operation", `no operation is named ${name}${hint} (docs/api.md lists all)`);
}

/**
 * The path of an operation with its values.
 * @throws {KinoraError} `client.no_path_value` for a value that is missing
 */
export function pathOf(name: string, values: Readonly<Record<string, string | number>>): string {
  return operationNamed(name).path.replaceAll(/\{(\w+)\}/g, (_, key: string) => {
    const value = values[key];
    if (value === undefined)
      throw new KinoraError(0, "client.no_path_value", `the path of ${name} needs ${key}: { path: { ${key}: … } }`);
    return encodeURIComponent(value);
  });
}

/** The edits that make one text the other: characters that are added, removed or replaced. */
function distance(text: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, place) => place);
  for (const [at, character] of [...text].entries()) {
    const next = [at + 1];
    for (let place = 1; place <= other.length; place++)
      next.push(
        Math.min(
          (row[place] ?? 0) + 1,
          (next[place - 1] ?? 0) + 1,
          (row[place - 1] ?? 0) + (character === other[place - 1] ? 0 : 1),
        ),
      );
    row = next;
  }
  return row.at(-1) ?? 0;
}
