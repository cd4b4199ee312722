import { scopeOf } from "#kernel/scopes/scopes";
import assert from "node:assert/strict";
import type { Call, Contract, Method } from "#kernel";
import type { Verb } from "#kernel/contract";
import type { Failpoints } from "#kernel/environment/failpoint";
import type { HttpRequest, HttpRoute, HttpServer } from "#kernel/http/port";
import type { ClientOf } from "../client-of.ts";
import type { Admission } from "../identity/admission.ts";
import type { Uploads } from "../uploads/uploads.ts";
import { createServiceCall } from "./call.ts";
import { composerOf, createComposition } from "./compose.ts";
import { createPipeline, type RouteHooks, type Steps } from "../pipeline.ts";
import { createInputReader } from "../format/read.ts";
import { shortFormOf } from "./short-form.ts";
import { pathFields } from "../format/spelling.ts";
import type { ReadPositions } from "../identity/read-positions.ts";
import { createUploadPipeline, uploadWaitMs, whileConnected } from "./upload-pipeline.ts";
import type { View } from "./view.ts";
import { createAnswerWriter } from "./write.ts";

/** The parts of the gateway that the REST edge needs. */
export interface Edge {
  readonly admission: Admission;
  readonly client: ClientOf;
  readonly uploads: Uploads;
  readonly failpoints: Failpoints;
  readonly views: readonly View[];
  /** The recorder of commit positions, where the database has replicas. */
  readonly reads?: ReadPositions | undefined;
  /** The origin clients reach this instance by, such as `https://video.example`. */
  readonly publicBase: (request: HttpRequest) => string;
  readonly hooksOf: (method: Method) => RouteHooks;
  readonly reportDegraded: (part: string, error: unknown, call: Call) => void;
}

const waitMsMax = 15_000;

/** Serves every method that has a route. */
export function serveRest(server: HttpServer, contracts: readonly Contract[], edge: Edge): void {
  for (const contract of contracts)
    for (const [name, method] of Object.entries(contract.methods)) {
      const [verb, path] = method.http?.split(" ") ?? [];
      if (verb === undefined || path === undefined) continue;
      assert.ok(method.auth !== "service", `${contract.name}.${name} is internal and has a route`);
      assert.ok(scopeOf(contract, method) !== undefined, `${contract.name}.${name} declares no scope`);
      pathFields(`${contract.name}.${name}`, path, method.input);
      const route: Omit<HttpRoute, "url"> = {
        method: verb as Verb, // By the contract's type of a route.
        declared: `${contract.name}.${name}`,
        service: contract.name,
        ...(method.upload && { takes: method.upload.gives === "mediaId" ? "form" : "any" }),
        handler: handlerOf(contract, name, method, verb as Verb, edge),
      };
      server.route({ ...route, url: path });
      const shortForm = shortFormOf(method);
      if (shortForm !== undefined) server.route({ ...route, url: shortForm, sharesPath: true });
    }
}

function handlerOf(contract: Contract, name: string, method: Method, verb: Verb, edge: Edge): HttpRoute["handler"] {
  const { admission, uploads } = edge;
  const declared = { ...method, scope: scopeOf(contract, method) ?? "none" };
  const hooks = edge.hooksOf(method);
  const composer = composerOf(method.output, edge.views);
  const steps: Omit<Steps, "admit"> = {
    read: createInputReader(method, verb, hooks),
    call: createServiceCall(contract, name, method, edge, hooks),
    compose: composer && createComposition(composer, edge),
    write: createAnswerWriter(method, composer?.schema ?? method.output, edge, hooks),
  };
  const { upload } = method;
  if (!upload) {
    const waitMs = method.patienceMs ?? waitMsMax;
    const admit: Steps["admit"] = (request, reply) => admission.admit(declared, contract.name, request, reply, waitMs);
    const { reads } = edge;
    if (!reads || method.kind !== "query") return createPipeline({ ...steps, admit });
    return createPipeline({ ...steps, admit: async (request, reply) => reads.reading(await admit(request, reply)) });
  }
  return createUploadPipeline({
    ...steps,
    admit: (request, reply) =>
      admission.admit(declared, contract.name, request, reply, uploadWaitMs, whileConnected(request)),
    receive: (request, call) => uploads.receive(request, method, upload, call),
    discard: (input, error) => uploads.discard(upload, input, error),
    upload,
  });
}
