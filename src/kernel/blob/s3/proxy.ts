import { type ClientRequest, createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** The fault of a request: no answer, an error, a body that breaks off, stops, is too short or has other bytes. */
export type Fault = "silence" | "error" | "cut" | "stall" | "short" | "wrong";

/** One request as it passed. */
interface Passed {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
}

/** Stands before an S3 server for tests: breaks what a test asks for, and can copy parts, which s3rver cannot. */
export class S3Proxy implements AsyncDisposable {
  /** Asked for each request; undefined lets it pass. */
  fault: (passed: Passed) => Fault | undefined = () => undefined;
  copiesParts = false;
  readonly passed: Passed[] = [];
  readonly #to: string;
  #server = createServer((req, res) => this.#handle(req, res));
  #port = 0;

  constructor(to: string) {
    this.#to = to;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Listens, the second time at the same port. */
  async open(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, "127.0.0.1", resolve));
    this.#port = (this.#server.address() as AddressInfo).port; // A TCP server has one.
    return this;
  }

  /** Refuses connections until it is opened again. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
    this.#server = createServer((req, res) => this.#handle(req, res));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #handle(req: IncomingMessage, res: ServerResponse): void {
    const passed = { method: req.method ?? "", path: req.url ?? "", headers: req.headers };
    this.passed.push(passed);
    const fault = this.fault(passed);
    if (fault === "silence") return;
    if (fault === "error") {
      req.resume().on("end", () => res.writeHead(500, { "content-type": "application/xml" }).end(failure));
      return;
    }
    const source = req.headers["x-amz-copy-source"];
    if (typeof source === "string" && this.copiesParts && req.url?.includes("uploadId=")) {
      req.resume();
      this.#copyPart(source, req, res).catch((error: unknown) => res.destroy(error as Error)); // Nothing else is thrown.
      return;
    }
    const onward = this.#ask(req.method ?? "", req.url ?? "", req.headers);
    onward.on("response", (answer) => {
      if (fault === undefined) answer.pipe(res.writeHead(answer.statusCode ?? 500, answer.headers));
      else this.#breakBody(fault, answer, res).catch(() => res.destroy());
    });
    onward.on("error", () => res.destroy());
    req.pipe(onward);
  }

  async #breakBody(
    fault: "cut" | "stall" | "short" | "wrong",
    answer: IncomingMessage,
    res: ServerResponse,
  ): Promise<void> {
    const body = Buffer.concat(await answer.toArray());
    const { statusCode = 500, headers } = answer;
    if (fault === "wrong") res.writeHead(statusCode, headers).end(Buffer.from(body.map((byte) => byte ^ 1)));
    else if (fault === "short")
      res.writeHead(statusCode, { ...headers, "content-length": body.byteLength - 1 }).end(body.subarray(0, -1));
    else if (fault === "stall") res.writeHead(statusCode, headers).write(body.subarray(0, -1));
    // The written bytes have to be on their way first: otherwise the whole answer is missing.
    else res.writeHead(statusCode, headers).write(body.subarray(0, -1), () => setImmediate(() => res.destroy()));
  }

  async #copyPart(source: string, req: IncomingMessage, res: ServerResponse): Promise<void> {
    const range = req.headers["x-amz-copy-source-range"];
    const got = await fetch(`${this.#to}/${source}`, { headers: { range: String(range) } });
    const body = await got.arrayBuffer();
    const put = await fetch(`${this.#to}${req.url}`, { method: "PUT", body });
    res
      .writeHead(put.status, { "content-type": "application/xml" })
      .end(`<CopyPartResult><ETag>${put.headers.get("etag")}</ETag></CopyPartResult>`);
  }

  #ask(method: string, path: string, headers: IncomingMessage["headers"]): ClientRequest {
    return request(new URL(path, this.#to), { method, headers });
  }
}

const failure = "<Error><Code>InternalError</Code><Message>broken on purpose</Message></Error>";
