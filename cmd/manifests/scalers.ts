import type { PlannedProcess } from "../topology/topology.ts";
import { keepsData, objectName, partLabels, processLabels } from "./names.ts";
import type { KubernetesObject, Manifest, Values } from "./values.ts";

const cpuPercent = 70;
const replicasMax = 16;
/** Jobs that wait, for each transcoder. */
const waitingJobs = "4";

/** How a process grows and how it is disrupted. */
export function scalingOf(process: PlannedProcess, values: Values): Manifest[] {
  return [
    { object: disruptionBudget(process, values) },
    ...(process.services.includes("transcoder")
      ? [{ object: jobScaler(process, values), condition: values.keda }]
      : keepsData(process)
        ? []
        : [{ object: cpuScaler(process, values) }]),
  ];
}

const disruptionBudget = (process: PlannedProcess, { namespace }: Values): KubernetesObject => ({
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  metadata: { name: objectName(process), namespace, labels: processLabels(process) },
  spec: { maxUnavailable: 1, selector: { matchLabels: processLabels(process) } },
});

const cpuScaler = (process: PlannedProcess, { namespace, replicas }: Values): KubernetesObject => ({
  apiVersion: "autoscaling/v2",
  kind: "HorizontalPodAutoscaler",
  metadata: { name: objectName(process), namespace, labels: processLabels(process) },
  spec: {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: objectName(process) },
    minReplicas: replicas(process.name, process.replicas),
    maxReplicas: replicasMax,
    metrics: [
      { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: cpuPercent } } },
    ],
    // A process that goes hands over its sockets: not for a short lull.
    behavior: { scaleDown: { stabilizationWindowSeconds: 600 } },
  },
});

/** Transcoders by the jobs that wait: their CPU is busy as soon as there is one. */
const jobScaler = (process: PlannedProcess, { namespace, replicas, prometheusUrl }: Values): KubernetesObject => ({
  apiVersion: "keda.sh/v1alpha1",
  kind: "ScaledObject",
  metadata: { name: objectName(process), namespace, labels: processLabels(process) },
  spec: {
    scaleTargetRef: { kind: keepsData(process) ? "StatefulSet" : "Deployment", name: objectName(process) },
    minReplicaCount: replicas(process.name, process.replicas),
    maxReplicaCount: replicasMax,
    cooldownPeriod: 600,
    triggers: [
      {
        type: "prometheus",
        metadata: {
          serverAddress: prometheusUrl,
          query: 'max(transcode_jobs{state="waiting"})',
          threshold: waitingJobs,
        },
      },
    ],
  },
});

/** Metrics of every pod once, whatever services it runs. */
export function metricsOf({ namespace, secret, serviceMonitor }: Values): Manifest[] {
  const labels = { ...partLabels, "app.kubernetes.io/name": "kinora-metrics" };
  const metadata = { name: "kinora-metrics", namespace, labels };
  return [
    {
      object: {
        apiVersion: "v1",
        kind: "Service",
        metadata,
        spec: {
          clusterIP: "None",
          publishNotReadyAddresses: true,
          selector: partLabels,
          ports: [{ name: "http", port: 8_080, targetPort: "http" }],
        },
      },
    },
    {
      object: {
        apiVersion: "monitoring.coreos.com/v1",
        kind: "ServiceMonitor",
        metadata,
        spec: {
          selector: { matchLabels: { "app.kubernetes.io/name": "kinora-metrics" } },
          endpoints: [
            {
              port: "http",
              path: "/metrics",
              interval: "15s",
              authorization: { credentials: { name: secret, key: "metrics-token" } },
            },
          ],
        },
      },
      condition: serviceMonitor,
    },
  ];
}
