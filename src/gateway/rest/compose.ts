import type { Call } from "#kernel";
import { z } from "zod";
import type { Steps } from "../pipeline.ts";
import type { View, ViewContext } from "./view.ts";

/** An answer's schema with every viewed row in its full shape, and how such an answer is composed. */
export interface Composer {
  readonly schema: z.ZodObject;
  readonly compose: (answer: object, context: ViewContext) => Promise<object>;
}

interface ComposeParts extends Pick<ViewContext, "client"> {
  readonly reportDegraded: (part: string, error: unknown, call: Call) => void;
}

/** The step `compose`: what other services add to the answer, on behalf of the same caller. */
export function createComposition(
  { compose }: Composer,
  { client, reportDegraded }: ComposeParts,
): NonNullable<Steps["compose"]> {
  return (answer, call) =>
    compose(answer, { client, call, reportDegraded: (part, error) => reportDegraded(part, error, call) });
}

/** The composer of a method's output; undefined where no view applies. */
export function composerOf(output: z.ZodObject, views: readonly View[]): Composer | undefined {
  const view = views.find(({ base }) => base === output);
  if (view) return ofRow(view);
  const list = listOf(output, views);
  return list ? ofList(list) : (ofPages(output, views) ?? ofFields(output, views));
}

const ofRow = (view: View): Composer => ({
  schema: view.full,
  async compose(answer, context) {
    const [row] = await view.hydrate([answer], context);
    return row ?? answer;
  },
});

interface ViewedList {
  readonly schema: z.ZodObject;
  readonly view: View;
}

const ofList = ({ schema, view }: ViewedList): Composer => ({
  schema,
  async compose(answer, context) {
    const { items } = answer as { items: object[] }; // The schema has the list under this name.
    return { ...answer, items: await view.compose(items, context) };
  },
});

/** Several lists beside each other. */
function ofPages(output: z.ZodObject, views: readonly View[]): Composer | undefined {
  const pages = Object.entries(output.shape).flatMap(([name, field]) => {
    const list = field instanceof z.ZodObject ? listOf(field, views) : undefined;
    return list ? [{ name, ...list }] : [];
  });
  if (pages.length === 0) return undefined;
  return {
    schema: output.extend(Object.fromEntries(pages.map(({ name, schema }) => [name, schema]))),
    async compose(answer, context) {
      const composed = await Promise.all(
        pages.map(async ({ name, view }) => {
          const page = (answer as Record<string, { items: object[] }>)[name]; // The schema has a list under this name.
          return [name, { ...page, items: await view.compose(page?.items ?? [], context) }] as const;
        }),
      );
      return { ...answer, ...Object.fromEntries(composed) };
    },
  };
}

/** Single rows in fields of their own, such as the room that was joined. */
function ofFields(output: z.ZodObject, views: readonly View[]): Composer | undefined {
  const rows = Object.entries(output.shape).flatMap(([name, field]) => {
    const view = views.find(({ base }) => base === field);
    return view ? [{ name, view }] : [];
  });
  if (rows.length === 0) return undefined;
  return {
    schema: output.extend(Object.fromEntries(rows.map(({ name, view }) => [name, view.full]))),
    async compose(answer, context) {
      const fields = answer as Record<string, object>; // The schema has a row under each of these names.
      const composed = await Promise.all(
        rows.map(async ({ name, view }) => [name, (await view.hydrate([fields[name] ?? {}], context))[0]] as const),
      );
      return { ...answer, ...Object.fromEntries(composed) };
    },
  };
}

/** A list whose rows have a view, with those rows in their full shape. */
function listOf(output: z.ZodObject, views: readonly View[]): ViewedList | undefined {
  const list: unknown = output.shape["items"];
  const view = list instanceof z.ZodArray ? views.find(({ base }) => base === list.element) : undefined;
  return view && { schema: output.extend({ items: z.array(view.full) }), view };
}
