import type { PlannedProcess } from "../topology/topology.ts";
import { objectName, partLabels, processLabels, rtmpPort, serviceAccount, serviceLabel, webrtcPorts } from "./names.ts";
import type { KubernetesObject, Values } from "./values.ts";

/** The account of all pods: it may follow EndpointSlices, and nothing else. */
export function accountOf({ namespace }: Values): KubernetesObject[] {
  const metadata = { name: serviceAccount, namespace, labels: partLabels };
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "Role",
      metadata,
      rules: [{ apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["get", "list", "watch"] }],
    },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: serviceAccount },
      subjects: [{ kind: "ServiceAccount", name: serviceAccount, namespace }],
    },
  ];
}

/** RPC from pods of Kinora alone; HTTP of the gateway from everywhere; metrics from the cluster; live streams from everywhere. */
export function networkPolicies(processes: readonly PlannedProcess[], { namespace }: Values): KubernetesObject[] {
  const policy = (name: string, podSelector: object, ingress: readonly object[]): KubernetesObject => ({
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name, namespace, labels: partLabels },
    spec: { podSelector: { matchLabels: podSelector }, policyTypes: ["Ingress"], ingress },
  });
  const gateways = processes.filter(({ hasGateway }) => hasGateway);
  return [
    policy("kinora-rpc", partLabels, [
      { from: [{ podSelector: { matchLabels: partLabels } }], ports: [{ port: "rpc", protocol: "TCP" }] },
      { from: [{ namespaceSelector: {} }], ports: [{ port: "http", protocol: "TCP" }] },
    ]),
    ...gateways.map((process) =>
      policy(objectName(process), processLabels(process), [{ ports: [{ port: "http", protocol: "TCP" }] }]),
    ),
    policy("kinora-live", { ...partLabels, ...serviceLabel("live") }, [
      {
        ports: [
          { port: rtmpPort, protocol: "TCP" },
          { port: webrtcPorts[0], endPort: webrtcPorts.at(-1), protocol: "UDP" },
        ],
      },
    ]),
  ];
}
