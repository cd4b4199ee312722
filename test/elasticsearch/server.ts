import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { JsonServer } from "../servers/json-server.ts";
import { IndexStore } from "./index-store.ts";
import { listOf, objectOf, onlyEntry, Refusal, textOf } from "./refusal.ts";
import { search } from "./search.ts";

/**
 * A small server of Elasticsearch's protocol on loopback: what the adapter asks is done as it is documented, and what it
 * does not know is refused as Elasticsearch refuses a wrong request. Indices are not created by a write.
 */
export class TestElasticsearch implements AsyncDisposable {
  readonly indices = new Map<string, IndexStore>();
  readonly #aliases = new Map<string, Set<string>>();
  /** Methods and paths of all requests. */
  readonly requests: string[] = [];
  /** Answers with it instead, where it is set. */
  failure: { readonly status: number; readonly type: string } | undefined;
  /** The credentials that requests must have. */
  authorization: string | undefined;
  readonly #server = new JsonServer((request) => this.#answer(request), { "x-elastic-product": "Elasticsearch" });

  get url(): string {
    return this.#server.origin;
  }

  start = (): Promise<void> => this.#server.start();
  /** Its documents stay. */
  stop = (): Promise<void> => this.#server.stop();

  clear(): void {
    this.indices.clear();
    this.#aliases.clear();
  }

  /** Deletes an index, which takes it out of its aliases. */
  remove(name: string): void {
    this.indices.delete(name);
    for (const behind of this.#aliases.values()) behind.delete(name);
  }

  refresh(): void {
    for (const index of this.indices.values()) index.refresh();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #answer(request: IncomingMessage): Promise<{ status: number; body: object }> {
    try {
      const { method = "", headers } = request;
      const { pathname, searchParams } = new URL(request.url ?? "", "http://elasticsearch");
      const body = await text(request);
      this.requests.push(`${method} ${pathname}`);
      if (this.authorization !== undefined && headers.authorization !== this.authorization)
        throw new Refusal(401, "security_exception", "missing authentication credentials for REST request");
      if (this.failure) throw new Refusal(this.failure.status, this.failure.type, "as the test asks");
      const isLines = pathname.endsWith("/_bulk");
      if (body !== "" && headers["content-type"] !== (isLines ? "application/x-ndjson" : "application/json"))
        throw new Refusal(
          406,
          "media_type_header_exception",
          `Content-Type header [${headers["content-type"]}] is not supported`,
        );
      return this.#route(method, pathname, searchParams, body);
    } catch (error) {
      if (!(error instanceof Refusal)) return { status: 500, body: { error: String(error) } };
      return { status: error.status, body: error.body };
    }
  }

  #route(method: string, path: string, parameters: URLSearchParams, body: string): { status: number; body: object } {
    const [target = "", action, id, ...others] = path.slice(1).split("/").map(decodeURIComponent);
    const route =
      others.length > 0
        ? ""
        : `${method} ${target === "_aliases" ? target : (action ?? "")}${id === undefined ? "" : "/id"}`;
    const allowed = route === "POST _search" ? ["search_type", "allow_partial_search_results"] : [];
    for (const name of parameters.keys())
      if (!allowed.includes(name))
        throw new Refusal(
          400,
          "illegal_argument_exception",
          `request [${path}] contains unrecognized parameter: [${name}]`,
        );
    switch (route) {
      case "PUT ":
        return this.#create(target, json(body));
      case "GET _alias":
        return { status: 200, body: this.#aliasesOf(target) };
      case "POST _aliases":
        return this.#changeAliases(json(body));
      case "POST _refresh":
        this.#index(target).refresh();
        return { status: 200, body: { _shards: { total: 1, successful: 1, failed: 0 } } };
      case "POST _bulk":
        return this.#bulk(target, body);
      case "POST _search":
        return { status: 200, body: search(this.#behind(target).searchable, json(body)) };
      case "PUT _doc/id": {
        const { isNew } = this.#index(target).index(id ?? "", objectOf(json(body), undefined, "document"));
        return { status: isNew ? 201 : 200, body: { _index: target, _id: id, result: isNew ? "created" : "updated" } };
      }
      case "GET _doc/id": {
        const source = this.#index(target).sourceOf(id ?? "");
        const found = { _index: target, _id: id, found: source !== undefined };
        return source ? { status: 200, body: { ...found, _source: source } } : { status: 404, body: found };
      }
      default:
        throw new Refusal(
          400,
          "illegal_argument_exception",
          `no handler found for uri [${path}] and method [${method}]`,
        );
    }
  }

  #create(name: string, body: unknown): { status: number; body: object } {
    if (!/^[a-z0-9][a-z0-9_.-]*$/.test(name)) throw new Refusal(400, "invalid_index_name_exception", name);
    if (this.indices.has(name) || this.#aliases.has(name))
      throw new Refusal(400, "resource_already_exists_exception", `index [${name}] already exists`);
    this.indices.set(name, new IndexStore(body));
    return { status: 200, body: { acknowledged: true, shards_acknowledged: true, index: name } };
  }

  #aliasesOf(pattern: string): object {
    const [start = "", end = ""] = pattern.split("*");
    const named = [...this.indices.keys()].filter((name) => name.startsWith(start) && name.endsWith(end));
    return Object.fromEntries(
      named.map((name) => {
        const own = [...this.#aliases].filter(([, behind]) => behind.has(name)).map(([alias]) => [alias, {}]);
        return [name, { aliases: Object.fromEntries(own) }];
      }),
    );
  }

  /** All of them or none. */
  #changeAliases(body: unknown): { status: number; body: object } {
    const { actions } = objectOf(body, ["actions"], "aliases");
    const all = listOf(actions, "actions").map((one) => onlyEntry(one, "action"));
    for (const [, value] of all) this.#index(textOf(objectOf(value, ["index", "alias"], "action")["index"], "index"));
    for (const [name, value] of all) {
      const { index, alias } = objectOf(value, ["index", "alias"], "action") as { index: string; alias?: string }; // As above.
      if (name === "add") this.#aliases.set(alias ?? "", (this.#aliases.get(alias ?? "") ?? new Set()).add(index));
      else if (name === "remove_index") this.remove(index);
      else throw new Refusal(400, "parsing_exception", `[aliases] unknown field [${name}]`);
    }
    return { status: 200, body: { acknowledged: true } };
  }

  #bulk(target: string, body: string): { status: number; body: object } {
    if (!body.endsWith("\n"))
      throw new Refusal(400, "illegal_argument_exception", "The bulk request must be terminated by a newline [\\n]");
    const index = this.#index(target);
    const lines = body.slice(0, -1).split("\n");
    const items: object[] = [];
    let errors = false;
    for (let at = 0; at < lines.length; at++) {
      const [action, value] = onlyEntry(json(lines[at] ?? ""), "action");
      const { _id: id, version, version_type: type } = objectOf(value, ["_id", "version", "version_type"], "metadata");
      if (type !== "external" || !Number.isSafeInteger(version) || typeof id !== "string" || id === "")
        throw new Refusal(400, "action_request_validation_exception", "external versions alone");
      if (action !== "index" && action !== "delete")
        throw new Refusal(400, "illegal_argument_exception", `Malformed action/metadata line, found [${action}]`);
      const source = action === "index" ? json(lines[++at] ?? "") : undefined;
      const common = { _index: target, _id: id, _version: version };
      try {
        if (action === "index") {
          const { isNew } = index.index(id, objectOf(source, undefined, "document"), Number(version));
          items.push({ index: { ...common, status: isNew ? 201 : 200, result: isNew ? "created" : "updated" } });
        } else {
          const isDeleted = index.delete(id, Number(version));
          items.push({
            delete: { ...common, status: isDeleted ? 200 : 404, result: isDeleted ? "deleted" : "not_found" },
          });
        }
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        errors = true;
        const { status, type: kind, message: reason } = error;
        items.push({ [action]: { _index: target, _id: id, status, error: { type: kind, reason } } });
      }
    }
    return { status: 200, body: { took: 1, errors, items } };
  }

  #index(name: string): IndexStore {
    const index = this.indices.get(name);
    if (!index) throw new Refusal(404, "index_not_found_exception", `no such index [${name}]`);
    return index;
  }

  /** An index, or the only one behind an alias. */
  #behind(name: string): IndexStore {
    const [first = name, ...others] = this.#aliases.get(name) ?? [];
    if (others.length > 0) throw new Refusal(400, "illegal_argument_exception", `[${name}] has several indices`);
    return this.#index(first);
  }
}

function json(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new Refusal(400, "parse_exception", "request body is required, as JSON");
  }
}
