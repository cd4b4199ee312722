import { buffer } from "node:stream/consumers";
import { Readable } from "node:stream";
import { KinoraError, kinds as failureKinds } from "#kernel";
import type { ByteServer } from "#kernel/outgoing/byte-server";
import { reasonOf } from "#kernel/outgoing/configured";
import { z } from "zod";

/** The home cannot be asked now, or cannot answer; the same request may succeed later. */
export class HomeAway extends Error {
  override readonly name = "HomeAway";
}
/** The server at the address is no Kinora with runners. */
export class NotAHome extends Error {
  override readonly name = "NotAHome";
}

/** The API of a home for one runner. */
export interface Home {
  /** @throws KinoraError with the code of the refusal, HomeAway, NotAHome */
  post<T extends z.ZodType>(path: string, input: object, output: T, signal: AbortSignal): Promise<z.output<T>>;
  /** Bytes of a file from an offset on. @throws as `post` */
  read(holding: Holding, key: string, offset: number, signal: AbortSignal): Promise<Readable>;
  /** @throws as `post` */
  send(holding: Holding, file: OutputFile, signal: AbortSignal): Promise<void>;
}
export interface Holding {
  readonly jobId: number;
  readonly fence: number;
  readonly runnerToken: string;
}
export interface OutputFile {
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly bytes: () => Readable;
}

/** An answer of JSON is never larger. */
const jsonBytesMax = 2 ** 20;
const Succeeded = z.object({ code: z.literal(0), data: z.unknown() });
const Failed = z.object({ error: z.string(), message: z.string(), data: z.null() });
const api = "/api/v1/runners";

export function createHome(server: ByteServer): Home {
  async function ask(request: Parameters<ByteServer["ask"]>[0]) {
    const answer = await server.ask(request).catch((error: unknown) => {
      if (request.signal.aborted) throw request.signal.reason;
      throw new HomeAway(reasonOf(error), { cause: error });
    });
    if (answer.status < 400) return answer;
    throw failureOf(answer.status, await textOf(answer.body));
  }

  return {
    async post(path, input, output, signal) {
      const bytes = Buffer.from(JSON.stringify(input));
      const body = { sizeBytes: bytes.byteLength, bytes: Readable.from([bytes]) };
      const headers = { "content-type": "application/json", accept: "application/json" };
      const answer = await ask({ method: "POST", path: api + path, headers, body, signal });
      const succeeded = Succeeded.safeParse(jsonIn(await textOf(answer.body)));
      const parsed = output.safeParse(succeeded.data?.data);
      if (!succeeded.success || !parsed.success) throw new NotAHome("the answer is none of a Kinora with runners");
      return parsed.data;
    },

    async read({ jobId, fence, runnerToken }, key, offset, signal) {
      const path = `${api}/jobs/${jobId}/file?fence=${fence}&key=${encodeURIComponent(key)}`;
      const headers = { "x-kinora-runner": runnerToken, range: `bytes=${offset}-` };
      const { status, body } = await ask({ method: "GET", path, headers, signal });
      // A server that does not know ranges would send the beginning again.
      if (status !== 206 && offset > 0) {
        body.destroy();
        throw new HomeAway(`a range was answered with ${status}`);
      }
      return body;
    },

    async send({ jobId, fence, runnerToken }, { sha256, sizeBytes, bytes }, signal) {
      const path = `${api}/jobs/${jobId}/outputs/${sha256}?fence=${fence}`;
      const headers = { "x-kinora-runner": runnerToken, "content-type": "application/octet-stream" };
      const body = { sizeBytes, bytes: bytes() };
      const answer = await ask({ method: "PUT", path, headers, body, signal });
      answer.body.resume();
    },
  };
}

async function textOf(body: Readable): Promise<string> {
  try {
    const bytes = await buffer(body);
    if (bytes.byteLength > jsonBytesMax) throw new NotAHome("the answer is too long");
    return bytes.toString();
  } catch (error) {
    if (error instanceof NotAHome) throw error;
    throw new HomeAway(reasonOf(error), { cause: error });
  }
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The failure that the home reports: that of its service, or of what stands before it. */
function failureOf(status: number, text: string): Error {
  if (status === 429 || status >= 500) return new HomeAway(`it answers with ${status}`);
  const failed = Failed.safeParse(jsonIn(text));
  if (!failed.success) return new NotAHome(`it answers with ${status}`);
  const { error: code, message } = failed.data;
  const kind = Object.entries(failureKinds).find(([, { http }]) => http === status)?.[0];
  return new KinoraError({ kind: isKind(kind) ? kind : "invalid", code, message, http: status });
}

const isKind = (name: string | undefined): name is keyof typeof failureKinds =>
  name !== undefined && Object.hasOwn(failureKinds, name);
