import { isUtf8 } from "node:buffer";
import type { IncomingMessage } from "node:http";
import { BadRequest, Overloaded, TooLarge, TooSlow, WrongType } from "./errors.ts";
import { parseJson } from "./json.ts";
import type { HttpLimits } from "./limits.ts";

/** True if a request announces a body. HTTP/2 announces it by leaving its stream open. */
export function announcesBody({ headers, httpVersionMajor, complete }: IncomingMessage): boolean {
  const { "content-length": length, "transfer-encoding": encoding } = headers;
  if (encoding !== undefined) return true;
  return length === undefined ? httpVersionMajor === 2 && !complete : length !== "0";
}

export const isJson = (type: string): boolean => /^application\/json *(?:;|$)/i.test(type);

/** Reads bodies that are text: each within its size and time, all together within a bound of memory. */
export class RequestBodies {
  readonly #limits: HttpLimits;
  readonly #late: () => void;
  #pendingBytes = 0;

  /** @param late counts a body that did not arrive in time */
  constructor(limits: HttpLimits, late: () => void) {
    this.#limits = limits;
    this.#late = late;
  }

  /** Undefined where there is no body. @throws WrongType, TooLarge, TooSlow, BadRequest, Overloaded */
  async json(request: IncomingMessage, bytesMax?: number): Promise<unknown> {
    const { "content-type": type } = request.headers;
    if (type !== undefined && !isJson(type)) throw WrongType({});
    const bytes = await this.#bytes(request, bytesMax);
    if (type === undefined && bytes.byteLength > 0) throw WrongType({});
    // RFC 8259 §8.1. Replaced characters would make two different texts the same.
    if (!isUtf8(bytes)) throw BadRequest({});
    return parseJson(bytes.toString());
  }

  /** Empty where there is no body. @throws TooLarge, TooSlow, BadRequest, Overloaded */
  async text(request: IncomingMessage, bytesMax?: number): Promise<string> {
    return (await this.#bytes(request, bytesMax)).toString();
  }

  async #bytes(request: IncomingMessage, lessBytesMax = Infinity): Promise<Buffer> {
    if (!announcesBody(request)) return Buffer.alloc(0);
    const bytesMax = Math.min(lessBytesMax, this.#limits.bodyBytesMax);
    if (Number(request.headers["content-length"] ?? 0) > bytesMax) throw TooLarge({});
    return this.#read(request, bytesMax);
  }

  #read(request: IncomingMessage, bytesMax: number): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      const settle = (error?: Error) => {
        clearTimeout(late);
        request.off("data", add).off("end", finish).off("close", interrupt).off("error", interrupt);
        this.#pendingBytes -= bytes;
        if (!error) {
          resolve(Buffer.concat(chunks, bytes));
          return;
        }
        // Further bytes are dropped, until the connection is cut.
        request.on("error", () => undefined).resume();
        reject(error);
      };
      const add = (chunk: Buffer) => {
        bytes += chunk.byteLength;
        this.#pendingBytes += chunk.byteLength;
        chunks.push(chunk);
        if (bytes > bytesMax) settle(TooLarge({}));
        else if (this.#pendingBytes > this.#limits.pendingBodyBytesMax) settle(Overloaded({}));
      };
      const finish = () => settle();
      const interrupt = (cause?: Error) => settle(BadRequest({}, cause));
      const late = setTimeout(() => {
        this.#late();
        settle(TooSlow({}));
      }, this.#limits.bodyMs);
      request.on("data", add).on("end", finish).on("close", interrupt).on("error", interrupt);
      // The client left while it was decided who calls.
      if (request.destroyed) interrupt();
    });
  }
}
