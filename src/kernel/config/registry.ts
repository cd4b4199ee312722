import { z } from "zod";
import { remotePlaceOf } from "./remote-place.ts";
import type { Roles } from "./roles.ts";
import { setting } from "./setting.ts";
import { endpoints, line, list, pattern, webUrls, whole } from "./values.ts";

/** The folder in which Kubernetes shows a pod its account. */
const serviceAccount = "/var/run/secrets/kubernetes.io/serviceaccount";
const registries = ["static", "dns", "etcd", "consul", "nacos", "kubernetes"] as const;

const remotePlace = line.superRefine((text, context) => {
  try {
    remotePlaceOf(text);
  } catch (error) {
    context.addIssue({ code: "custom", message: error instanceof Error ? error.message : String(error) });
  }
});

/** The settings of the registry and the remote configuration, in section `cluster`. */
export const registrySettings = (roles: Roles) => ({
  configUrl: setting(remotePlace.optional(), {
    env: "KINORA_CONFIG_URL",
    meaning:
      "Settings that all processes read from etcd, Consul or Nacos: `etcd://host:2379/prefix`, `consul://host:8500/prefix`, `nacos://host:8848/document`. Every other source is over them.",
    otherwise: "none",
    secret: true,
  }),
  registry: setting(z.enum(registries).default("static"), {
    env: "KINORA_REGISTRY",
    flag: "--registry",
    meaning: "How processes find each other: by a list of addresses, by name servers, or in a registry.",
  }),
  registryAddress: setting(z.union([pattern, webUrls, endpoints(roles)]).default({}), {
    env: "KINORA_REGISTRY_ADDRESS",
    flag: "--registry-address",
    meaning:
      "For `static`: addresses of services, `service=host:port` with commas; a service may have several. For `dns`: a pattern such as `{service}.kinora.svc:19090`. For the others: `http://host:port`, several with commas; `kubernetes` needs none inside its cluster.",
    otherwise: "none",
  }),
  registryToken: setting(line.optional(), {
    env: "KINORA_REGISTRY_TOKEN",
    meaning: "Token of Consul, or `user:password` of etcd or Nacos.",
    otherwise: "none",
    secret: true,
  }),
  registryNamespace: setting(line.optional(), {
    env: "KINORA_REGISTRY_NAMESPACE",
    meaning: "Id of a namespace of Nacos.",
    otherwise: "the public one",
  }),
  registerAs: setting(list(line).default([]), {
    env: "KINORA_REGISTER_AS",
    meaning:
      "Further entries that each service registers, with commas: prefixes of keys of etcd, such as `kitex/registry-etcd`, or names in Consul and Nacos, such as `{service}-service`.",
    otherwise: "none",
  }),
  advertiseHost: setting(line.regex(/^[^/@?#]*$/, { error: "must be a host name or an address" }).optional(), {
    env: "KINORA_ADVERTISE_HOST",
    meaning: "Host by which other processes reach this one; it is registered.",
    otherwise: "`KINORA_RPC_HOST`, or the first address of this machine",
  }),
  registryWeight: setting(whole(0, 10_000).default(100), {
    env: "KINORA_REGISTRY_WEIGHT",
    meaning:
      "Share of calls that this process takes beside others of its services; 0 takes none while there are others.",
  }),
  kubernetesNamespace: setting(line.optional(), {
    env: "KINORA_KUBERNETES_NAMESPACE",
    meaning: "Namespace of the EndpointSlices.",
    otherwise: "that of the service account",
  }),
  kubernetesTokenFile: setting(line.default(`${serviceAccount}/token`), {
    env: "KINORA_KUBERNETES_TOKEN_FILE",
    path: "file",
    meaning: "File with a token for the API of Kubernetes.",
  }),
  kubernetesAuthorityFile: setting(line.default(`${serviceAccount}/ca.crt`), {
    env: "KINORA_KUBERNETES_CA_FILE",
    path: "file",
    meaning: "File with the certificate of the authority of that API.",
  }),
});
