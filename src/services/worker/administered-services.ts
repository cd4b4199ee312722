import { type Call, type Client, type Contract, type Host, KinoraError } from "#kernel";
import { type Administration, isAdministered } from "#kernel/service";

export interface AdministeredService {
  readonly service: string;
  readonly client: Client<Contract<Administration>>;
}

/** The services whose failed jobs and dead letters can be administered, in the order of the installation. */
export const administeredBy = ({ services, client }: Pick<Host, "services" | "client">): AdministeredService[] =>
  services()
    .filter(isAdministered)
    .map((contract) => ({ service: contract.name, client: client(contract) }));

/**
 * The rows of all services, in the order of the services. A service that is away is left out and logged: what others gave
 * up is most wanted then. @throws what is no absence
 */
export async function rowsOfAll<Row>(
  host: Pick<Host, "services" | "client" | "log">,
  rowsOf: (administered: AdministeredService, at: number) => Promise<Row[]>,
): Promise<Row[]> {
  const rows = administeredBy(host).map(async (administered, at) => {
    try {
      return await rowsOf(administered, at);
    } catch (error) {
      if (!(error instanceof KinoraError && error.retryable)) throw error;
      host.log.warn("a service does not say what it gave up", { callee: administered.service, err: error });
      return [];
    }
  });
  return (await Promise.all(rows)).flat();
}

/** The client of one of them by its name; undefined where no service is called so. */
export const createClientByName =
  (host: Pick<Host, "services" | "client">) =>
  (service: string): AdministeredService["client"] | undefined =>
    administeredBy(host).find((administered) => administered.service === service)?.client;

/** The administrator's call to the service that keeps what is decided about: it records who decided. */
export const createOnBehalf =
  (call: Host["call"]) =>
  ({ traceId, signal, userId }: Call): Call =>
    call({ traceId, signal, ...(userId !== undefined && { userId }) });
