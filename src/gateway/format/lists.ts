import type { Method } from "#kernel";
import { z } from "zod";

/** True if its answer is one page of a list that has page numbers. */
export const isPage = (m: Method): boolean => "skip" in m.input.shape && "next" in m.output.shape;
/** True if its input has page numbers, of one page or of several. */
export const isNumbered = (m: Method): boolean => "skip" in m.input.shape;
/** True if its answer is a list that has a cursor alone. */
export const isFeed = (m: Method): boolean => "items" in m.output.shape && "next" in m.output.shape && !isPage(m);
/** The pages an answer has beside each other, by the names of their fields. */
export const pagesIn = (output: z.ZodObject): [name: string, page: z.ZodObject][] =>
  Object.entries(output.shape).flatMap(([name, field]) =>
    field instanceof z.ZodObject && "items" in field.shape && "next" in field.shape ? [[name, field]] : [],
  );
