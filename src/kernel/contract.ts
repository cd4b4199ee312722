import type { z } from "zod";
import type { Failure } from "./errors.ts";
import type { Call } from "./call.ts";
import type { ContractScopes, ScopeRule } from "./scopes/scopes.ts";

/**
 * The permitted callers: anyone (a viewer may be known), a signed-in user, a moderator or administrator, an
 * administrator, or only our own services.
 */
export type Auth = "public" | "user" | "moderator" | "admin" | "service";
/** The class a request is counted in; `kernel/http/limits.ts` has the sizes. */
export type Rate = "read" | "write" | "costly" | "login" | "upload" | "part" | "media";
/**
 * `required`: the caller has proven who they are within the last minutes. `known`: the handler decides by the call,
 * which says so.
 */
export type Freshness = "required" | "known";
/** How long an answer to anybody may be reused by a shared cache; viewers' answers never are. */
export interface CacheHint {
  readonly maxAgeMs: number;
}
/**
 * `field` is the form's file; `gives` the input's field: the id of the stored file, or of the media object made from it,
 * or the durable piece the bytes are now. Save for a media object they may also come alone, as the body.
 */
export interface UploadField {
  readonly field: string;
  readonly gives: "fileId" | "mediaId" | "piece";
}
export type Verb = "GET" | "POST" | "PUT" | "DELETE";
type Address = `${Verb} /${string}`;

/** One procedure of a service. `http` is the public REST route; without it the method is internal (RPC only). */
export interface Method<In extends z.ZodObject = z.ZodObject, Out extends z.ZodObject = z.ZodObject> {
  readonly kind: "query" | "command" | "stream";
  readonly http?: Address;
  readonly auth: Auth;
  readonly rate: Rate;
  /** The scopes by which personal tokens may use its route, where they differ from those of the contract. */
  readonly scope?: ScopeRule;
  /** Left out where it does not matter. */
  readonly freshness?: Freshness;
  /** Repeating it changes nothing more, so the client may retry it unasked. */
  readonly idempotent: boolean;
  readonly input: In;
  readonly output: Out;
  readonly errors: readonly Failure[];
  readonly cache?: CacheHint;
  /** The REST request may also be a multipart form: what its file became fills this field of the input. */
  readonly upload?: UploadField;
  /** How long a caller waits for the answer where that is longer than usual. */
  readonly patienceMs?: number;
  /** The list in its answer that a client may have instead of it, as CSV, by `Accept: text/csv`. */
  readonly csv?: string;
  /** One sentence for the documentation. */
  readonly summary?: string;
  /** The host has its handler, and the service none. */
  readonly answeredBy?: "host";
}
export interface AnsweredByHost {
  readonly answeredBy: "host";
}
/** A method of which the host has the handler: it is the same in every service that has it. */
export const answeredByHost = <M extends Method>(method: M): M & AnsweredByHost => ({ ...method, answeredBy: "host" });
type Declared<I extends z.ZodObject, O extends z.ZodObject> = Pick<Method<I, O>, "auth" | "input" | "output"> &
  Partial<Omit<Method<I, O>, "kind">>;
interface Kinded<K extends Method["kind"], I extends z.ZodObject, O extends z.ZodObject> extends Method<I, O> {
  readonly kind: K;
}

/** A method that changes nothing. */
export const query = <I extends z.ZodObject, O extends z.ZodObject>(m: Declared<I, O>): Kinded<"query", I, O> => ({
  rate: "read",
  idempotent: true,
  errors: [],
  ...m,
  kind: "query",
});
/** A method that changes its service's own tables. */
export const command = <I extends z.ZodObject, O extends z.ZodObject>(m: Declared<I, O>): Kinded<"command", I, O> => ({
  rate: "write",
  idempotent: false,
  errors: [],
  ...m,
  kind: "command",
});
/** A method that answers with messages, one after the other, until it is done or the caller goes away. */
export const stream = <I extends z.ZodObject, O extends z.ZodObject>(m: Declared<I, O>): Kinded<"stream", I, O> => ({
  rate: "read",
  idempotent: true,
  errors: [],
  ...m,
  kind: "stream",
});

export interface Contract<M extends Record<string, Method> = Record<string, Method>> {
  readonly name: string;
  readonly version: number;
  readonly methods: M;
  /**
   * It stores something of users. It consumes the deletion of an account, deletes what it has of it, and publishes that it
   * has done so; until every such service has, the deletion is not over.
   */
  readonly holdsUserData?: boolean;
  /** The scopes by which personal tokens may use its routes. Without them its routes refuse such tokens. */
  readonly scopes?: ContractScopes;
  /** Its package, without the version, and its service in protobuf where another system's clients know them. */
  readonly proto?: { readonly package: string; readonly service: string };
}
export const contract = <M extends Record<string, Method>>(name: string, version: number, methods: M): Contract<M> => ({
  name,
  version,
  methods,
});

type Answer<M extends Method> = M["kind"] extends "stream"
  ? AsyncIterable<z.input<M["output"]>>
  : Promise<z.input<M["output"]>>;
type Answered<M extends Method> = M["kind"] extends "stream"
  ? AsyncIterable<z.output<M["output"]>>
  : Promise<z.output<M["output"]>>;
/** The caller's side of a contract: it sends the schema's input and receives its output, here or on another machine. */
export type Client<C extends Contract> = {
  readonly [N in keyof C["methods"]]: (
    input: z.input<C["methods"][N]["input"]>,
    call: Call,
  ) => Answered<C["methods"][N]>;
};
/** The service's side of a contract: it receives the parsed input. */
export type Handlers<C extends Contract> = {
  readonly [N in keyof C["methods"]]: (
    input: z.output<C["methods"][N]["input"]>,
    call: Call,
  ) => Answer<C["methods"][N]>;
};

/** A fact: `<noun>.<verb-past>.v<N>`. Payloads carry ids and what consumers need, at most 64 KiB. */
export interface EventType<P extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly payload: P;
}
export const event = <P extends z.ZodType>(name: string, payload: P): EventType<P> => ({ name, payload });
