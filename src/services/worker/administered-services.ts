import type { Call, Client, Contract, Host } from "#kernel";
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
