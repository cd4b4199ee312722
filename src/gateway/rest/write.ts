import { type Method, rowsByNumberMax } from "#kernel";
import type { HttpRequest } from "#kernel/http/port";
import { z } from "zod";
import { createCsvWriter, prefersCsv } from "../format/csv.ts";
import { successText } from "../format/envelope.ts";
import { fieldsWriter, jsonWriter } from "../format/json.ts";
import { isFeed, isPage, pagesIn } from "../format/lists.ts";
import type { Input, RouteHooks, Steps } from "../pipeline.ts";
import { edgeName } from "../format/spelling.ts";

const csvType = "text/csv; charset=utf-8; header=present";
const jsonType = "application/json; charset=utf-8";

interface WriteParts {
  /** The origin that makes paths absolute for the client of a request. */
  readonly publicBase: (request: HttpRequest) => string;
}

/** The step `write`: the answer becomes JSON in the edge's spelling, in its envelope. */
export function createAnswerWriter(
  method: Method,
  output: z.ZodObject,
  { publicBase }: WriteParts,
  { onAnswer }: RouteHooks,
): Steps["write"] {
  const write = dataWriter(method, output);
  const writeCsv = method.csv === undefined ? undefined : createCsvWriter(output, method.csv);
  return (answer, input, call, request, reply) => {
    if (writeCsv && prefersCsv(request.headers.accept)) return reply.type(csvType).send(Buffer.from(writeCsv(answer)));
    const data = onAnswer ? onAnswer(answer, call, request, reply) : answer;
    const text = successText(write(data, input, publicBase(request)));
    return reply.type(jsonType).send(Buffer.from(text));
  };
}

type DataWriter = (answer: object, input: Input, base: string) => string;

/** Lists are `list` here; pages say where they are and how many rows there are, as far as page numbers reach. */
function dataWriter(method: Method, output: z.ZodObject): DataWriter {
  if (output.shape["items"] !== undefined) return listWriter(isPage(method), isFeed(method), output);
  const pages = pagesIn(output);
  if (pages.length > 0) return pagesWriter(pages, output);
  const write = jsonWriter(output);
  return (answer, _input, base) => write(answer, base);
}

/** Several pages in one answer, and its other fields beside them. */
function pagesWriter(pages: readonly [name: string, page: z.ZodObject][], output: z.ZodObject): DataWriter {
  const writers = pages.map(([name, page]) => ({
    name,
    key: edgeName(name, page),
    write: listWriter(true, false, page),
  }));
  const names = new Set(pages.map(([name]) => name));
  const otherFields = Object.fromEntries(Object.entries(output.shape).filter(([name]) => !names.has(name)));
  const writeOthers = fieldsWriter(z.object(otherFields));
  return (answer, input, base) => {
    const page = answer as Record<string, object>; // By the schema of the answer.
    const fields = writers.map(({ name, key, write }) => `"${key}":${write(page[name] ?? {}, input, base)}`);
    return `{${[...fields, writeOthers(answer, base)].filter((text) => text !== "").join()}}`;
  };
}

function listWriter(hasNumbers: boolean, hasCursor: boolean, output: z.ZodObject): DataWriter {
  const { items: list, next: _, total: __, ...otherFields } = output.shape;
  const writeItems = jsonWriter(list as z.ZodType); // A shape's values are schemas.
  const writeOthers = fieldsWriter(z.object(otherFields));
  const othersOf = (answer: object, base: string) => {
    const text = writeOthers(answer, base);
    return text === "" ? "" : `,${text}`;
  };
  return (answer, input, base) => {
    const { items, next, total } = answer as { items: unknown; next?: string | null; total?: number }; // By the schema of the answer.
    const rows = `"list":${writeItems(items, base)}`;
    const cursor = `"next_cursor":${JSON.stringify(next ?? null)},"has_more":${next !== null}`;
    if (hasCursor) return `{${rows},${cursor}${othersOf(answer, base)}}`;
    if (!hasNumbers) return `{${rows}${othersOf(answer, base)}}`;
    const count = total === undefined ? "" : `,"total":${Math.min(total, rowsByNumberMax)}`;
    const capped = (total ?? 0) > rowsByNumberMax ? `,"total_capped":true` : "";
    const numbers = `"page":${Number(input["page"])},"page_size":${Number(input["page_size"])}`;
    return `{${rows}${count}${capped},${numbers},${cursor}${othersOf(answer, base)}}`;
  };
}
