import type { Call } from "#kernel";
import { z } from "zod";
import type { ClientOf } from "../client-of.ts";
import { ComposedRow, type RowLayout } from "../format/composed-row.ts";
import { fieldsWriter } from "../format/json.ts";

/** Access to other services on behalf of the same caller. */
export interface ViewContext {
  readonly client: ClientOf;
  readonly call: Call;
  /** Reports a part that failed and was replaced by its defaults. */
  reportDegraded(part: string, error: unknown): void;
}

/** The fields that one other owner adds to a row. */
export interface Part<Row> {
  readonly name: string;
  readonly adds: z.ZodObject;
  /** The default where the owner is down or knows nothing. */
  none(row: Row): object;
  /** One batch query; the answers by the place of their row. */
  of(rows: readonly Row[], context: ViewContext): Promise<readonly (object | undefined)[]>;
}

/** A row of one service with what others add to it: the whole shape a client sees. */
export interface View<Row extends object = object> {
  readonly base: z.ZodObject;
  readonly full: z.ZodObject;
  /** Rows that cannot be shown at all are left out. */
  compose(rows: readonly Row[], context: ViewContext): Promise<ComposedRow[]>;
  /** As `compose`, in the form that clients receive. */
  hydrate(rows: readonly Row[], context: ViewContext): Promise<object[]>;
}

interface Declared<B extends z.ZodObject> {
  readonly base: B;
  /** Fields of the row that are for composing only. */
  readonly hidden?: readonly (keyof z.output<B> & string)[];
  readonly parts: readonly Part<z.output<B>>[];
  /** Rows without this part's answer are dropped instead of shown with defaults. */
  readonly required?: string;
  readonly id: string;
}

export function view<B extends z.ZodObject>({
  base,
  hidden = [],
  parts,
  required,
  id,
}: Declared<B>): View<z.output<B>> {
  const added = parts.map((part) => Object.keys(part.adds.shape));
  const names = Object.keys(base.shape);
  const isShown = (name: string) => !hidden.includes(name) && !added.flat().includes(name);
  const ownFields = z.object(Object.fromEntries(Object.entries(base.shape).filter(([name]) => isShown(name))));
  const layout: RowLayout = {
    blank: blankOf([...new Set([...names, ...added.flat()])]),
    pieces: [
      { names, write: fieldsWriter(ownFields) },
      ...parts.map(({ adds }) => ({ names: Object.keys(adds.shape), write: fieldsWriter(adds) })),
    ],
  };
  const compose: View<z.output<B>>["compose"] = async (rows, context) => {
    const answers = await Promise.all(parts.map((part) => hydrate(part, rows, context, part.name === required)));
    return rows.flatMap((row, place) => {
      const pieces: object[] = [row];
      for (const answer of answers) {
        const piece = answer[place];
        if (!piece) return [];
        pieces.push(piece);
      }
      return [new ComposedRow(layout, pieces)];
    });
  };
  return {
    base,
    full: z
      .object({ ...ownFields.shape, ...Object.fromEntries(parts.flatMap((part) => Object.entries(part.adds.shape))) })
      .meta({ id }),
    compose,
    hydrate: async (rows, context) => (await compose(rows, context)).map((row) => row.flat()),
  };
}

/**
 * An object with these fields, all undefined. Rows are copies of it that are filled in. An object that grows by names
 * known only at run time becomes a hash table in V8, several times as costly to make and read.
 */
function blankOf(names: readonly string[]): Record<string, unknown> {
  const text = `{${names.map((name) => `${JSON.stringify(name)}:null`).join()}}`;
  const blank = JSON.parse(text) as Record<string, unknown>; // As it was just written.
  for (const name of names) blank[name] = undefined;
  return blank;
}

async function hydrate<Row>(
  part: Part<Row>,
  rows: readonly Row[],
  context: ViewContext,
  isRequired: boolean,
): Promise<(object | null)[]> {
  if (rows.length === 0) return [];
  try {
    const parts = await part.of(rows, context);
    return rows.map((row, place) => parts[place] ?? (isRequired ? null : part.none(row)));
  } catch (error) {
    if (isRequired) throw error;
    context.reportDegraded(part.name, error);
    return rows.map((row) => part.none(row));
  }
}

/** The answers of a batch in the order of the rows that asked. */
export function inOrder<Row, Item extends object>(
  rows: readonly Row[],
  keyOf: (row: Row) => number,
  items: readonly Item[],
  idOf: (item: Item) => number,
): (Item | undefined)[] {
  const byId = new Map(items.map((item) => [idOf(item), item]));
  return rows.map((row) => byId.get(keyOf(row)));
}
