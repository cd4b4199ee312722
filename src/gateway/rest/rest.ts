import assert from "node:assert/strict";
import { type Call, type Client, type Contract, KinoraError, type Method, rowsByNumberMax } from "#kernel";
import { InvalidInput, SignInFirst } from "#kernel/errors";
import type { Failpoints } from "#kernel/environment/failpoint";
import type { Verb } from "#kernel/contract";
import { BadRequest, WrongType } from "#kernel/http/errors";
import type { HttpReply, HttpRequest, HttpRoute, HttpServer } from "#kernel/http/port";
import { z } from "zod";
import { admitted, type Door } from "../identity/door.ts";
import { succeeded } from "./envelope.ts";
import { shortFormOf } from "./short-form.ts";
import type { ReadPositions } from "../identity/read-positions.ts";
import { unkeyed } from "../uploads/unkeyed.ts";
import { Uploads } from "../uploads/uploads.ts";
import { type Ask, composedOf, type View } from "./view.ts";
import { edgeName, edgePath, fieldsOf, spellingOf, wireOf } from "./wire.ts";

/** What the REST edge needs from the rest of the gateway. */
export interface Edge extends Door {
  readonly client: <C extends Contract>(c: C) => Client<C>;
  readonly uploads: Uploads;
  readonly failpoints: Failpoints;
  readonly views: readonly View[];
  /** Where the database has replicas. */
  readonly reads?: ReadPositions | undefined;
  /** The origin clients reach this instance by, such as `https://video.example`. */
  publicBase(request: HttpRequest): string;
  /** The last word on an input and an answer: sessions kept in cookies. */
  before(method: Method, input: Input, request: HttpRequest): Input;
  failed(method: Method, error: unknown, request: HttpRequest, reply: HttpReply): void;
  after(method: Method, answer: object, request: HttpRequest, reply: HttpReply, call: Call): object;
  degraded(part: string, error: unknown, call: Call): void;
}
export type Input = Record<string, unknown>;

const waitMsMax = 15_000;
const jsonType = "application/json; charset=utf-8";
/** An upload takes as long as it takes; what follows the last byte does not. */
const uploadWaitMsMax = 12 * 3_600_000;

export const isPage = (m: Method): boolean => "skip" in m.input.shape && "next" in m.output.shape;
/** Whether it is asked by page numbers: for a page, or for several at once. */
export const isNumbered = (m: Method): boolean => "skip" in m.input.shape;
/** The pages an answer has beside each other, by the names of their fields. */
export const pagesIn = (output: z.ZodObject): [name: string, page: z.ZodObject][] =>
  Object.entries(output.shape).flatMap(([name, field]) =>
    field instanceof z.ZodObject && "items" in field.shape && "next" in field.shape ? [[name, field]] : [],
  );
export const isFeed = (m: Method): boolean => "items" in m.output.shape && "next" in m.output.shape && !isPage(m);

/** Serves every method that has a route: coerces, authenticates, calls, composes, and wraps the answer. */
export function rest(server: HttpServer, contracts: readonly Contract[], edge: Edge): void {
  for (const contract of contracts)
    for (const [name, method] of Object.entries(contract.methods)) {
      const [verb, path] = method.http?.split(" ") ?? [];
      if (verb === undefined || path === undefined) continue;
      assert.ok(method.auth !== "service", `${contract.name}.${name} is internal and has a route`);
      const read = reader(method, verb);
      const composed = composedOf(method.output, edge.views);
      const write = writer(method, composed?.schema ?? method.output);
      // By name, so untyped; the callee parses the input and the contract types the answer.
      const run = edge.client(contract)[name] as (input: unknown, call: Call) => Promise<object>;
      const route: Omit<HttpRoute, "url"> = {
        method: verb as Verb, // By the contract's type of a route.
        declared: `${contract.name}.${name}`,
        service: contract.name,
        ...(method.upload && { takes: method.upload.gives === "mediaId" ? "form" : "any" }),
        handler: async (request, reply) => {
          const bytes = method.upload && Uploads.isBytes(request, method.upload) ? method.upload : undefined;
          const asked = method.upload
            ? await admitted(edge, method, contract.name, request, reply, uploadWaitMsMax, whileConnected(request))
            : await admitted(edge, method, contract.name, request, reply, method.patienceMs ?? waitMsMax);
          const known = method.upload?.gives === "piece" ? unkeyed(asked) : asked;
          const call = edge.reads && method.kind === "query" ? await edge.reads.reading(known) : known;
          // What is stored is for our own services to name: here it comes as the bytes themselves.
          if (method.upload && !bytes && method.upload.gives !== "mediaId") throw WrongType({});
          const given = bytes ? await edge.uploads.receive(request, method, bytes, call) : read(request, call);
          const input = edge.before(method, given, request);
          const answer = await run(input, call).catch(async (error: unknown) => {
            if (bytes) await edge.uploads.refused(bytes, input, error);
            edge.failed(method, error, request, reply);
            throw inEdgeSpelling(method, error);
          });
          const asker: Ask = {
            client: edge.client,
            call,
            degraded: (part, error) => edge.degraded(part, error, call),
          };
          const whole = composed ? await composed.compose(answer, asker) : answer;
          const told = edge.after(method, whole, request, reply, call);
          await edge.failpoints.hit("edge.before_answer");
          const text = succeeded(write(told, input, edge.publicBase(request)));
          return reply.type(jsonType).send(Buffer.from(text));
        },
      };
      server.route({ ...route, url: path });
      const shortForm = shortFormOf(method);
      if (shortForm !== undefined) server.route({ ...route, url: shortForm, sharesPath: true });
    }
}

/** Aborts when the client goes away before its request is whole. */
function whileConnected({ raw }: HttpRequest): AbortSignal {
  const gone = new AbortController();
  raw.once("close", () => raw.complete || gone.abort(new Error("the client went away")));
  return gone.signal;
}

/** From path, query and body to the contract's input. A path field wins over a body field of the same name. */
function reader(method: Method, verb: string): (request: HttpRequest, call: Call) => Input {
  const text = wireOf(method.input, true);
  const json = wireOf(method.input);
  const mine = Object.entries(method.input.shape)
    .filter(([, field]) => spellingOf(field)?.unit === "me")
    .map(([name]) => name);
  const plain = (request: HttpRequest, call: Call): Input => {
    const { params } = request;
    const read =
      verb === "GET" || verb === "DELETE"
        ? (text.read({ ...request.query, ...params }) as Input)
        : { ...(json.read(bodyOf(request)) as Input), ...(text.read(params) as Input) };
    for (const name of mine) {
      if (read[name] !== "me") continue;
      if (call.userId === undefined) throw SignInFirst({});
      read[name] = call.userId;
    }
    return read;
  };
  if (!isNumbered(method)) return plain;
  return (request, call) => {
    const numbers = Numbers.safeParse(request.query);
    if (!numbers.success)
      throw InvalidInput({
        fields: numbers.error.issues.map((i) => ({ field: i.path.join("."), message: i.message })),
      });
    const { page, page_size } = numbers.data;
    const input = plain(request, call);
    const count = input["cursor"] === undefined;
    return { ...input, limit: page_size, skip: count ? (page - 1) * page_size : 0, count, page, page_size };
  };
}
/** @throws BadRequest for JSON that is not an object; no body is an empty one. */
function bodyOf({ body }: HttpRequest): object {
  if (body === undefined) return {};
  if (typeof body !== "object" || body === null || Array.isArray(body)) throw BadRequest({});
  return body;
}

const whole = z.coerce.number().int().min(1);
const Numbers = z
  .object({ page: whole.default(1), page_size: whole.default(20).transform((size) => Math.min(size, 100)) })
  .refine(({ page, page_size }) => (page - 1) * page_size < rowsByNumberMax, {
    path: ["page"],
    message: `page numbers reach ${rowsByNumberMax} rows deep, go on with cursor`,
  });

type Write = (answer: object, asked: Input, base: string) => string;

/** Lists are `list` here; pages say where they are and how many rows there are, up to the reach of numbers. */
function writer(method: Method, output: z.ZodObject): Write {
  if (output.shape["items"] !== undefined) return listWriter(isPage(method), isFeed(method), output);
  const pages = pagesIn(output);
  const { text } = wireOf(output);
  if (pages.length === 0) return (answer, _asked, base) => text(answer, base);
  const writers = pages.map(([name, page]) => ({
    name,
    spelt: edgeName(name, page),
    write: listWriter(true, false, page),
  }));
  return (answer, asked, base) => {
    const found = answer as Record<string, object>; // By the schema above.
    return `{${writers.map(({ name, spelt, write }) => `"${spelt}":${write(found[name] ?? {}, asked, base)}`).join()}}`;
  };
}

function listWriter(isPaged: boolean, isFed: boolean, output: z.ZodObject): Write {
  const { items, next: _, total: __, ...rest } = output.shape;
  const itemsOf = wireOf(items as z.ZodType).text; // A shape's values are schemas.
  const restOf = fieldsOf(z.object(rest));
  const more = (answer: object, base: string) => {
    const text = restOf(answer, base);
    return text === "" ? "" : `,${text}`;
  };
  return (answer, asked, base) => {
    const { items: list, next, total } = answer as { items: unknown; next?: string | null; total?: number }; // By the schema above.
    const shown = `"list":${itemsOf(list, base)}`;
    const on = `"next_cursor":${JSON.stringify(next ?? null)},"has_more":${next !== null}`;
    if (isFed) return `{${shown},${on}${more(answer, base)}}`;
    if (!isPaged) return `{${shown}${more(answer, base)}}`;
    const counted = total === undefined ? "" : `,"total":${Math.min(total, rowsByNumberMax)}`;
    const capped = (total ?? 0) > rowsByNumberMax ? `,"total_capped":true` : "";
    const place = `"page":${Number(asked["page"])},"page_size":${Number(asked["page_size"])}`;
    return `{${shown}${counted}${capped},${place},${on}${more(answer, base)}}`;
  };
}

/** Field names of a refused input as the client spelt them. */
function inEdgeSpelling(method: Method, error: unknown): unknown {
  if (!(error instanceof KinoraError) || error.code !== InvalidInput.code) return error;
  const details = InvalidInput.details.safeParse(error.details);
  if (!details.success) return error;
  return InvalidInput({
    fields: details.data.fields.map(({ field, message }) => ({ field: edgePath(method.input, field), message })),
  });
}
