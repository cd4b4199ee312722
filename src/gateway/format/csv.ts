import { z } from "zod";
import { jsonWriter } from "./json.ts";
import { edgeName } from "./spelling.ts";

/** Writes the rows of one list of an answer as CSV (RFC 4180) in the edge's spelling, after a header with their names. */
export function createCsvWriter(output: z.ZodObject, list: string): (answer: object) => string {
  const rows: unknown = output.shape[list];
  const row = rows instanceof z.ZodArray ? rows.element : undefined;
  if (!(row instanceof z.ZodObject)) throw new TypeError(`${list} is no list of rows`);
  const columns = Object.entries(row.shape).map(([name, field]) => ({
    name,
    header: edgeName(name, field),
    write: jsonWriter(field as z.ZodType), // A shape's values are schemas.
  }));
  const header = columns.map((column) => column.header).join();
  return (answer) => {
    const items = (answer as Record<string, Record<string, unknown>[]>)[list] ?? []; // By the schema of the answer.
    const lines = items.map((item) => columns.map(({ name, write }) => cellOf(write(item[name], ""))).join());
    return [header, ...lines, ""].join("\r\n");
  };
}

/** A value of JSON as a cell. A text that a spreadsheet would take for a formula begins with an apostrophe. */
function cellOf(json: string): string {
  if (json === "null") return "";
  if (!json.startsWith(`"`)) return json;
  const text = JSON.parse(json) as string; // It begins as a text does.
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll(`"`, `""`)}"` : plain;
}

/** True if a client prefers CSV to JSON by `Accept` (RFC 9110 §12.5.1). Pure. */
export function prefersCsv(accept: string | undefined): boolean {
  const weightOf = (type: string): number => {
    const range = accept?.split(",").find((range) => range.split(";")[0]?.trim().toLowerCase() === type);
    if (range === undefined) return 0;
    const weight = /;\s*q=([\d.]+)/i.exec(range)?.[1];
    return weight === undefined ? 1 : Number(weight);
  };
  return weightOf("text/csv") > weightOf("application/json");
}
