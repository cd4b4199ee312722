import type { z } from "zod";
import { jsonWriter } from "../format/json.ts";

/** A JSON array, written row by row. */
export async function* arrayText(rows: AsyncIterable<string>): AsyncGenerator<string> {
  let before = "[\n";
  for await (const row of rows) {
    yield before + row;
    before = ",\n";
  }
  yield before === "[\n" ? "[]\n" : "\n]\n";
}

/** A JSON object of values that are JSON already. Pure. */
export const objectText = (fields: Readonly<Record<string, string>>): string =>
  `{\n${Object.entries(fields)
    .map(([name, value]) => `${JSON.stringify(name)}: ${value}`)
    .join(",\n")}\n}\n`;

/** Writes rows in the spelling of the API, with more text fields where they are given. */
export function createRowWriter<Schema extends z.ZodObject>(
  schema: Schema,
  base: string,
  more: (row: z.output<Schema>) => Readonly<Record<string, string>> = () => ({}),
): (row: z.output<Schema>) => string {
  const write = jsonWriter(schema);
  return (row) => {
    const added = Object.entries(more(row)).map(([name, value]) => `,${JSON.stringify(name)}:${JSON.stringify(value)}`);
    return `${write(row, base).slice(0, -1)}${added.join("")}}`;
  };
}

/** Each row, written. */
export async function* writeRows<Row>(rows: AsyncIterable<Row>, write: (row: Row) => string): AsyncGenerator<string> {
  for await (const row of rows) yield write(row);
}
