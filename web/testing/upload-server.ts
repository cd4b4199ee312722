interface Upload {
  readonly sizeBytes: number;
  offset: number;
}

/** Answers the requests of tus in the page's own process. Bytes wait at a closed gate, which `open` lets through. */
export class UploadServer {
  /** The requests as `POST /api/v1/tus`, in order. */
  readonly requests: string[] = [];
  /** The requests with bytes that wait at the gate. */
  readonly waiting = new Set<() => void>();
  isOpen = true;
  readonly #uploads = new Map<string, Upload>();
  #lastId = 0;

  open(): void {
    this.isOpen = true;
    for (const go of this.waiting) go();
    this.waiting.clear();
  }

  /** Takes the place of `XMLHttpRequest`; returns the way to put it back. */
  install(): () => void {
    const before = globalThis.XMLHttpRequest;
    Object.assign(globalThis, { XMLHttpRequest: requestsTo(this) });
    return () => void Object.assign(globalThis, { XMLHttpRequest: before });
  }

  answer(method: string, url: string, headers: ReadonlyMap<string, string>, bytes: number): Map<string, string> {
    const answer = new Map<string, string>();
    let address = url;
    if (method === "POST") {
      this.#lastId += 1;
      address = `/api/v1/tus/${this.#lastId}`;
      answer.set("location", address);
      this.#uploads.set(address, { sizeBytes: Number(headers.get("upload-length")), offset: 0 });
    }
    const upload = this.#uploads.get(address);
    if (upload === undefined) return answer;
    upload.offset += bytes;
    answer.set("upload-offset", String(upload.offset));
    if (upload.offset >= upload.sizeBytes)
      for (const kind of ["file", "media", "entry"]) answer.set(`kinora-${kind}-id`, "7");
    return answer;
  }
}

/** The class whose requests a server answers. */
function requestsTo(server: UploadServer) {
  return class extends EventTarget {
    readonly upload = new EventTarget();
    readonly responseText = "{}";
    status = 0;
    #method = "";
    #url = "";
    #isAborted = false;
    #answer = new Map<string, string>();
    readonly #headers = new Map<string, string>();
    open(method: string, url: string) {
      this.#method = method;
      this.#url = url;
    }
    setRequestHeader(name: string, value: string) {
      this.#headers.set(name, value);
    }
    getResponseHeader(name: string) {
      return this.#answer.get(name) ?? null;
    }
    send(body: Blob | null = null) {
      server.requests.push(`${this.#method} ${this.#url}`);
      const finish = () => {
        server.waiting.delete(finish);
        if (this.#isAborted) return;
        this.#answer = server.answer(this.#method, this.#url, this.#headers, body?.size ?? 0);
        this.status = 200;
        this.#end("load");
      };
      this.addEventListener("abort", () => server.waiting.delete(finish));
      if (body === null || server.isOpen) queueMicrotask(finish);
      else server.waiting.add(finish);
    }
    abort() {
      if (this.#isAborted || this.status !== 0) return;
      this.#isAborted = true;
      this.#end("abort");
    }
    #end(event: string) {
      this.dispatchEvent(new Event(event));
      this.dispatchEvent(new Event("loadend"));
    }
  };
}
