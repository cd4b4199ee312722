import type { Call, Client, Contract } from "#kernel";
import { z } from "zod";
import { type Spelling, Whole } from "./whole.ts";
import { fieldsOf } from "./wire.ts";

/** What composing an answer needs: other owners, on behalf of the same caller. */
export interface Ask {
  readonly client: <C extends Contract>(c: C) => Client<C>;
  readonly call: Call;
  /** Told when a part could not be had and its defaults were shown instead. */
  degraded(part: string, error: unknown): void;
}

/** What one other owner adds to a row. */
export interface Part<Row> {
  readonly name: string;
  readonly adds: z.ZodObject;
  /** What is shown where the owner is down or knows nothing. */
  none(row: Row): object;
  /** One batch query; the answers by the place of their row. */
  of(rows: readonly Row[], ask: Ask): Promise<readonly (object | undefined)[]>;
}

/** A row of one service with what others add to it: the whole shape a client sees. */
export interface View<Row extends object = object> {
  readonly base: z.ZodObject;
  readonly full: z.ZodObject;
  /** Rows that cannot be shown at all are left out. */
  compose(rows: readonly Row[], ask: Ask): Promise<Whole[]>;
  /** As `compose`, for those who read them. */
  hydrate(rows: readonly Row[], ask: Ask): Promise<object[]>;
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
  const isTold = (name: string) => !hidden.includes(name) && !added.flat().includes(name);
  const own = z.object(Object.fromEntries(Object.entries(base.shape).filter(([name]) => isTold(name))));
  const spelling: Spelling = {
    blank: blankOf([...new Set([...names, ...added.flat()])]),
    pieces: [
      { names, text: fieldsOf(own) },
      ...parts.map(({ adds }) => ({ names: Object.keys(adds.shape), text: fieldsOf(adds) })),
    ],
  };
  const compose: View<z.output<B>>["compose"] = async (rows, ask) => {
    const answers = await Promise.all(parts.map((part) => hydrated(part, rows, ask, part.name === required)));
    return rows.flatMap((row, place) => {
      const pieces: object[] = [row];
      for (const answer of answers) {
        const piece = answer[place];
        if (!piece) return [];
        pieces.push(piece);
      }
      return [new Whole(spelling, pieces)];
    });
  };
  return {
    base,
    full: z
      .object({ ...own.shape, ...Object.fromEntries(parts.flatMap((part) => Object.entries(part.adds.shape))) })
      .meta({ id }),
    compose,
    hydrate: async (rows, ask) => (await compose(rows, ask)).map((whole) => whole.flat()),
  };
}

/**
 * An object with these fields and nothing in them. Rows are copies of it that are filled: one that grows by names which are
 * known at run time alone becomes a table to be searched, and costs several times as much to make and to read.
 */
function blankOf(names: readonly string[]): Record<string, unknown> {
  const text = `{${names.map((name) => `${JSON.stringify(name)}:null`).join()}}`;
  const blank = JSON.parse(text) as Record<string, unknown>; // As it was just written.
  for (const name of names) blank[name] = undefined;
  return blank;
}

async function hydrated<Row>(
  part: Part<Row>,
  rows: readonly Row[],
  ask: Ask,
  isRequired: boolean,
): Promise<(object | null)[]> {
  if (rows.length === 0) return [];
  try {
    const found = await part.of(rows, ask);
    return rows.map((row, place) => found[place] ?? (isRequired ? null : part.none(row)));
  } catch (error) {
    if (isRequired) throw error;
    ask.degraded(part.name, error);
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

/** An answer's schema with every viewed row in its whole shape, and how to compose it; undefined where no view applies. */
export interface Composed {
  readonly schema: z.ZodObject;
  compose(answer: object, ask: Ask): Promise<object>;
}

export function composedOf(output: z.ZodObject, views: readonly View[]): Composed | undefined {
  const whole = views.find((v) => v.base === output);
  if (whole)
    return {
      schema: whole.full,
      async compose(answer, ask) {
        const [composed] = await whole.hydrate([answer], ask);
        return composed ?? answer;
      },
    };
  const list = listOf(output, views);
  if (list)
    return {
      schema: list.schema,
      async compose(answer, ask) {
        const { items } = answer as { items: object[] }; // The schema has the list under this name.
        return { ...answer, items: await list.item.compose(items, ask) };
      },
    };
  const pages = Object.entries(output.shape).flatMap(([name, field]) => {
    const inner = field instanceof z.ZodObject ? listOf(field, views) : undefined;
    return inner ? [{ name, ...inner }] : [];
  });
  if (pages.length === 0) return undefined;
  return {
    schema: output.extend(Object.fromEntries(pages.map(({ name, schema }) => [name, schema]))),
    async compose(answer, ask) {
      const whole = await Promise.all(
        pages.map(async ({ name, item }) => {
          const page = (answer as Record<string, { items: object[] }>)[name]; // The schema has a list under this name.
          return [name, { ...page, items: await item.compose(page?.items ?? [], ask) }] as const;
        }),
      );
      return { ...answer, ...Object.fromEntries(whole) };
    },
  };
}

/** A list whose rows have a view, with those rows in their whole shape. */
function listOf(output: z.ZodObject, views: readonly View[]): { schema: z.ZodObject; item: View } | undefined {
  const list: unknown = output.shape["items"];
  const item = list instanceof z.ZodArray ? views.find((v) => v.base === list.element) : undefined;
  return item && { schema: output.extend({ items: z.array(item.full) }), item };
}
