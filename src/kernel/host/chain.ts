import { createHash } from "node:crypto";
import { z } from "zod";
import { type Call, mustBeFresh, onPrimary, withinDeadline } from "../call.ts";
import { compiledSchema } from "./compiled-schema.ts";
import type { Method } from "../contract.ts";
import { databaseFailure } from "../db/availability.ts";
import { runOnce } from "../db/idempotency/idempotency.ts";
import type { Db } from "../db/port.ts";
import type { KernelTables } from "../db/tables.ts";
import {
  AdminsOnly,
  asKinoraError,
  InvalidInput,
  KinoraError,
  ModeratorsOnly,
  ServicesOnly,
  SignInFirst,
} from "../errors.ts";
import type { Failpoints } from "../environment/failpoint.ts";
import type { IdSource } from "../ids/nodes/id-source.ts";
import { unstorable } from "../text.ts";

type Handler = (input: never, call: Call) => unknown;

/** Everything that stands between a caller and a handler, in one process and over the network alike. */
export interface Chain {
  readonly service: string;
  readonly name: string;
  readonly method: Method;
  readonly handler: Handler;
  readonly db: Db<KernelTables>;
  readonly ids: Pick<IdSource, "isReady" | "renew">;
  readonly failpoints: Failpoints;
  /** Names this process; stable over restarts. */
  readonly instance: string;
}

/** Runs one call: who, in time, well-formed, once; then the handler; then only what the contract lists leaves. */
export async function invoke(chain: Chain, input: unknown, callerCall: Call): Promise<object> {
  const { method } = chain;
  admit(method, callerCall);
  const parsed = parseInput(method, input);
  const call = method.kind === "query" ? callerCall : onPrimary(callerCall);
  try {
    // After a pause of the process, the first command waits for its ids instead of being refused.
    if (method.kind === "command" && !chain.ids.isReady()) await withinDeadline(call, chain.ids.renew());
    // A handler of a query or command yields a promise; `method.kind` says which of the two it is.
    const run = () => chain.handler(parsed as never, call) as Promise<object>;
    const keyed = method.kind === "command" && call.idempotencyKey !== undefined && call.userId !== undefined;
    const answer = await withinDeadline(call, keyed ? once(chain, parsed, call, run) : run());
    if (method.kind === "command") await chain.failpoints.hit("command.committed");
    return compiledSchema(method.output).parse(answer);
  } catch (error) {
    throw toKinoraError(error);
  }
}

/** As {@link invoke}, message by message. */
export async function* invokeStream(chain: Chain, input: unknown, callerCall: Call): AsyncGenerator<object> {
  const { method } = chain;
  // A stream may last for hours, so it reads from the primary.
  const call = onPrimary(callerCall);
  admit(method, call);
  const parsed = parseInput(method, input);
  try {
    const messages = (chain.handler(parsed as never, call) as AsyncIterable<object>)[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await withinDeadline(call, messages.next());
        if (next.done === true) return;
        yield compiledSchema(method.output).parse(next.value);
      }
    } finally {
      // Not awaited: a handler that waits for its next message learns of the end only when that comes.
      messages.return?.()?.then(undefined, () => undefined);
    }
  } catch (error) {
    throw toKinoraError(error);
  }
}

/** Checks the caller's role and sign-in only: ownership is a rule of the handler, which knows the row. */
export function admit(
  method: Pick<Method, "auth" | "freshness">,
  call: Pick<Call, "userId" | "role" | "caller" | "isFresh" | "freshBy">,
): void {
  if (method.auth === "public") return;
  if (method.auth === "service") {
    if (call.caller === undefined) throw ServicesOnly({});
    return;
  }
  if (call.userId === undefined) throw SignInFirst({});
  if (method.auth === "moderator" && call.role !== "moderator" && call.role !== "admin") throw ModeratorsOnly({});
  if (method.auth === "admin" && call.role !== "admin") throw AdminsOnly({});
  if (method.freshness === "required") mustBeFresh(call);
}

/** @throws InvalidInput naming the fields. */
export function parseInput(method: Method, input: unknown): object {
  const parsed = compiledSchema(method.input).safeParse(input);
  if (parsed.success) {
    const fields = unstorable(parsed.data).slice(0, 20);
    if (fields.length === 0) return parsed.data;
    throw InvalidInput({
      fields: fields.map((field) => ({ field, message: "text with characters that cannot be kept" })),
    });
  }
  throw InvalidInput({
    fields: parsed.error.issues.slice(0, 20).map(({ path, message }) => ({ field: path.join("."), message })),
  });
}

/** A command with a key happens once, and its repeats are given the first answer. */
function once(chain: Chain, input: object, call: Call, run: () => Promise<object>): Promise<object> {
  const { db, service, name, method: declared, instance: owner, failpoints } = chain;
  const { userId = 0, idempotencyKey = "", signal } = call;
  const key = { userId, method: `${service}.${name}`, key: idempotencyKey };
  const bodyHash = createHash("sha256").update(JSON.stringify(input)).digest("base64url");
  const onDone = () => failpoints.hit("command.answered");
  return runOnce({ db, key, bodyHash, owner, signal, isRepeatable: declared.idempotent, done: onDone }, run);
}

/** Each error as the one kind that leaves a service. */
function toKinoraError(error: unknown): KinoraError {
  if (error instanceof KinoraError) return error;
  const failure = databaseFailure(error);
  if (failure) return failure;
  return asKinoraError(
    error instanceof z.ZodError ? new Error(`an answer is not as its contract says: ${error.message}`) : error,
  );
}
