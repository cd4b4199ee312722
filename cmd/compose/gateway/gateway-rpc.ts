import type { ClientOf } from "../../../src/gateway/client-of.ts";
import { scopeOf } from "../../../src/kernel/scopes/scopes.ts";
import { cloudFilesFacades } from "../../../src/gateway/compat/cloud-files/facade.ts";
import { entriesOf } from "../../../src/gateway/compat/entries.ts";
import { type FacadeParts, createFacades } from "../../../src/gateway/compat/facade.ts";
import { platformFacades } from "../../../src/gateway/compat/platform/facade.ts";
import { resumableFacades } from "../../../src/gateway/compat/resumable/facade.ts";
import { AddressPseudonyms } from "../../../src/gateway/identity/address-pseudonyms.ts";
import { Admission } from "../../../src/gateway/identity/admission.ts";
import { RateLimits } from "../../../src/gateway/identity/rate-limits.ts";
import { type ReadPositions, withReadPositions } from "../../../src/gateway/identity/read-positions.ts";
import { Viewers } from "../../../src/gateway/identity/viewers.ts";
import type { BlobStore } from "../../../src/kernel/blob/port.ts";
import type { CachePolicies } from "../../../src/kernel/cache/policies.ts";
import type { Cache } from "../../../src/kernel/cache/port.ts";
import type { Call } from "../../../src/kernel/call.ts";
import type { Contract } from "../../../src/kernel/contract.ts";
import type { Config } from "../../../src/kernel/config/load.ts";
import type { ServiceHost } from "../../../src/kernel/host/host.ts";
import type { CallerRates } from "../../../src/kernel/http/limits.ts";
import type { Log } from "../../../src/kernel/log/port.ts";
import { BadIdentity } from "../../../src/kernel/rpc/claim.ts";
import type { RpcServerParts } from "../../../src/kernel/rpc/server/server.ts";
import { auth } from "../../../src/services/auth/contract.ts";

interface Parts {
  readonly publicServer: Config["server"];
  /** Every service of the installation. */
  readonly contracts: readonly Contract[];
  readonly host: ServiceHost;
  readonly reads: ReadPositions | undefined;
  readonly cache: Cache;
  readonly caches: CachePolicies;
  readonly limits: CallerRates | undefined;
  readonly blob: BlobStore;
  /** The origin clients of the public port reach it by. */
  readonly address: () => string;
  readonly log: Log;
}

/** The parts that the RPC port of the gateway's process has beside those of services. */
export type GatewayRpc = Required<Pick<RpcServerParts, "host" | "guest" | "facades">>;

/** Answers for all services, and to strangers: compatible APIs over gRPC, and methods with a public route. */
export function createGatewayRpc({
  publicServer,
  contracts,
  host,
  reads,
  caches,
  blob,
  address,
  ...parts
}: Parts): GatewayRpc {
  const client: ClientOf = (contract) => host.client(contract, "gateway");
  const facadeParts = {
    client: reads ? withReadPositions(client, reads) : client,
    admission: new Admission({
      viewers: new Viewers(host.client(auth, "gateway"), undefined, caches),
      limits: new RateLimits(parts.cache, parts.limits),
      pseudonyms: new AddressPseudonyms((call) => host.client(auth, "gateway").sourceSalt({}, call)),
    }),
    log: parts.log,
    blob,
    address,
    entries: entriesOf(publicServer),
  };
  return {
    host: forwarding(host, contracts, reads),
    guest: guestAdmission(facadeParts, contracts),
    facades: createFacades(
      [...resumableFacades(facadeParts), ...cloudFilesFacades(facadeParts), ...platformFacades(facadeParts)],
      facadeParts,
    ),
  };
}

/** Forwards calls of services that are not in this process. */
const forwarding = (
  host: ServiceHost,
  contracts: readonly Contract[],
  reads: ReadPositions | undefined,
): RpcServerParts["host"] => ({
  get consumers() {
    return host.consumers;
  },
  deliver: (consumer, events) => host.deliver(consumer, events),
  dispatch(service, name, input, call) {
    const contract = contracts.find((candidate) => candidate.name === service);
    const { kind } = contract?.methods[name] ?? {};
    // Read positions after changes by external clients are stored for their next read, as over HTTP. Our own processes
    // keep the positions of their answers.
    const isKept = reads && call.caller === undefined && kind !== undefined && kind !== "stream";
    const run = () => forward(host, contract, service, name, input, call);
    return isKept ? reads.around(kind, call, run as () => Promise<object>) : run(); // By its kind.
  },
});

function forward(
  host: ServiceHost,
  contract: Contract | undefined,
  service: string,
  name: string,
  input: unknown,
  call: Call,
): ReturnType<ServiceHost["dispatch"]> {
  if (host.services.includes(service)) return host.dispatch(service, name, input, call);
  const ask = contract && host.client(contract, "gateway")[name];
  if (!ask) return host.dispatch(service, name, input, call);
  return ask(input as never, call) as ReturnType<ServiceHost["dispatch"]>; // The callee parses it; the contract types the answer.
}

/**
 * Admits callers that are no service of ours to the methods that have a public route, as the REST edge does: by the same
 * tokens and limits; the callee applies the rule. A route that takes a file vouches for it, so that it is REST's alone.
 */
function guestAdmission(
  { admission }: FacadeParts,
  contracts: readonly Contract[],
): NonNullable<RpcServerParts["guest"]> {
  return async (method, service, guest, call) => {
    if (method.http === undefined || method.upload) throw BadIdentity({});
    const contract = contracts.find(({ name }) => name === service);
    return admission.admitGuest({ ...method, scope: contract && scopeOf(contract, method) }, service, guest, call);
  };
}
