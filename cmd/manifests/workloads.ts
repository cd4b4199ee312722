import type { PlannedProcess } from "../topology/topology.ts";
import {
  configMap,
  keepsData,
  objectName,
  processLabels,
  rtmpPort,
  serviceAccount,
  serviceLabel,
  webrtcPorts,
} from "./names.ts";
import type { KubernetesObject, Values } from "./values.ts";

const secretsFolder = "/etc/kinora/secrets";
const tlsFolder = "/etc/kinora/tls";
/** Longer than a load balancer needs that looks every other second and believes the second answer. */
const stopDelaySeconds = 5;
const user = 10_001;

/** Settings from files of the secret, which nobody sees in the description of a pod. */
const secretFiles = {
  KINORA_DB_URL_FILE: "db-url",
  KINORA_CLUSTER_SECRET_FILE: "cluster-secret",
  KINORA_REDIS_URL_FILE: "redis-url",
  KINORA_NATS_URL_FILE: "nats-url",
  KINORA_BLOB_URL_FILE: "blob-url",
  KINORA_S3_ACCESS_KEY_FILE: "s3-access-key",
  KINORA_S3_SECRET_KEY_FILE: "s3-secret-key",
  KINORA_METRICS_TOKEN_FILE: "metrics-token",
} as const;

/** A Deployment, or a StatefulSet for a process that keeps a folder. */
export function workloadOf(process: PlannedProcess, values: Values): KubernetesObject {
  const name = objectName(process);
  const labels = processLabels(process);
  const template = {
    metadata: { labels: { ...labels, ...Object.assign({}, ...process.services.map(serviceLabel)) } },
    spec: podOf(process, values),
  };
  const common = { selector: { matchLabels: labels }, template };
  const metadata = { name, namespace: values.namespace, labels };
  if (!keepsData(process))
    return {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata,
      // Its scaler decides on the replicas. A new process is ready before an old one drains.
      spec: { ...common, strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } },
    };
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata,
    spec: {
      ...common,
      replicas: values.replicas(process.name, process.replicas),
      serviceName: name,
      podManagementPolicy: "Parallel",
      updateStrategy: { type: "RollingUpdate" },
      volumeClaimTemplates: [
        {
          metadata: { name: "data" },
          spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: values.dataSize } } },
        },
      ],
    },
  };
}

/** The Job that changes the tables before processes of a new version start; they wait for it (`KINORA_MIGRATE=job`). */
export function migrateJob(values: Values): KubernetesObject {
  const labels = { "app.kubernetes.io/part-of": "kinora", "app.kubernetes.io/name": "kinora-migrate" };
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name: "kinora-migrate",
      namespace: values.namespace,
      labels,
      annotations: {
        "helm.sh/hook": "pre-install,pre-upgrade",
        "helm.sh/hook-delete-policy": "before-hook-creation",
        "helm.sh/hook-weight": "10",
      },
    },
    spec: {
      backoffLimit: 3,
      activeDeadlineSeconds: 3_600,
      template: {
        metadata: { labels },
        spec: {
          ...podSecurity,
          restartPolicy: "Never",
          automountServiceAccountToken: false,
          containers: [
            {
              ...containerOf(values),
              name: "migrate",
              args: ["cmd/cli.ts", "migrate"],
              env: [
                { name: "KINORA_DATA", value: "/data" },
                ...secretEnv(["KINORA_DB_URL_FILE", "KINORA_CLUSTER_SECRET_FILE"]),
              ],
              resources: { requests: { cpu: "250m", memory: "256Mi" }, limits: { memory: "1Gi" } },
              volumeMounts: mounts.filter(({ name }) => name !== "tls"),
            },
          ],
          volumes: [...volumesOf(values).filter(({ name }) => name !== "tls"), { name: "data", emptyDir: {} }],
        },
      },
    },
  };
}

function podOf(process: PlannedProcess, values: Values) {
  const labels = processLabels(process);
  return {
    ...podSecurity,
    serviceAccountName: serviceAccount,
    // Draining, then ten seconds for the stop itself, and some for a slow machine.
    terminationGracePeriodSeconds: stopDelaySeconds + 25,
    affinity: {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          {
            weight: 100,
            podAffinityTerm: { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: labels } },
          },
        ],
      },
    },
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: "topology.kubernetes.io/zone",
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: labels },
      },
    ],
    containers: [
      {
        ...containerOf(values),
        name: "kinora",
        args: ["cmd/start.ts"],
        envFrom: [{ configMapRef: { name: configMap } }],
        env: [...environmentOf(process, values), ...secretEnv(Object.keys(secretFiles))],
        ports: portsOf(process),
        resources: resourcesOf(process),
        ...probes,
        lifecycle: { preStop: { sleep: { seconds: 2 } } },
        volumeMounts: mounts,
      },
    ],
    volumes: [...volumesOf(values), ...(keepsData(process) ? [] : [{ name: "data", emptyDir: {} }])],
  };
}

const podSecurity = {
  securityContext: {
    runAsNonRoot: true,
    runAsUser: user,
    runAsGroup: user,
    fsGroup: user,
    seccompProfile: { type: "RuntimeDefault" },
  },
} as const;

const containerOf = ({ image, imagePullPolicy }: Values) => ({
  image,
  imagePullPolicy,
  securityContext: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  },
});

/** A start may take a minute on a busy machine; after it, a process that is not alive is restarted soon. */
const probes = {
  startupProbe: { httpGet: { path: "/health", port: "http" }, periodSeconds: 2, failureThreshold: 60 },
  livenessProbe: {
    httpGet: { path: "/health", port: "http" },
    periodSeconds: 10,
    timeoutSeconds: 5,
    failureThreshold: 3,
  },
  // `/ready` may take two seconds while a dependency does not answer.
  readinessProbe: {
    httpGet: { path: "/ready", port: "http" },
    periodSeconds: 2,
    timeoutSeconds: 3,
    failureThreshold: 2,
  },
} as const;

function environmentOf(process: PlannedProcess, { webrtcAddress }: Values) {
  const settings: Record<string, string> = {
    KINORA_SERVICES: process.services.join(),
    KINORA_HOST: "0.0.0.0",
    KINORA_PORT: String(process.port),
    KINORA_RPC_HOST: "0.0.0.0",
    KINORA_RPC_PORT: String(process.rpcPort ?? process.port + 10_000),
    ...(process.services.includes("live") && {
      KINORA_RTMP_PORT: String(rtmpPort),
      KINORA_WEBRTC_PORTS: `${webrtcPorts[0]}-${webrtcPorts.at(-1)}`,
      KINORA_WEBRTC_ADDRESS: webrtcAddress,
    }),
    ...process.settings,
  };
  return Object.entries(settings).map(([name, value]) => ({ name, value }));
}

const secretEnv = (names: readonly string[]) =>
  Object.entries(secretFiles)
    .filter(([name]) => names.includes(name))
    .map(([name, key]) => ({ name, value: `${secretsFolder}/${key}` }));

const portsOf = ({ port, rpcPort, services }: PlannedProcess) => [
  { name: "http", containerPort: port },
  { name: "rpc", containerPort: rpcPort ?? port + 10_000 },
  ...(services.includes("live")
    ? [
        { name: "rtmp", containerPort: rtmpPort },
        ...webrtcPorts.map((containerPort) => ({ name: `udp-${containerPort}`, containerPort, protocol: "UDP" })),
      ]
    : []),
];

/** Encoders take what they get; the others are bounded by their load balancer. */
const resourcesOf = ({ services }: PlannedProcess) =>
  services.includes("transcoder") || services.includes("live")
    ? { requests: { cpu: "1", memory: "1Gi" }, limits: { memory: "4Gi" } }
    : { requests: { cpu: "250m", memory: "256Mi" }, limits: { memory: "1Gi" } };

const mounts = [
  { name: "data", mountPath: "/data" },
  { name: "tmp", mountPath: "/tmp" },
  { name: "secrets", mountPath: secretsFolder, readOnly: true },
  { name: "tls", mountPath: tlsFolder, readOnly: true },
];

const volumesOf = ({ secret, tlsSecret }: Values) => [
  { name: "tmp", emptyDir: {} },
  { name: "secrets", secret: { secretName: secret, defaultMode: 0o440 } },
  { name: "tls", secret: { secretName: tlsSecret, defaultMode: 0o440 } },
];

/** The settings that all processes have. */
export function configMapOf({ namespace, host, metricsNetworks }: Values): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: configMap, namespace, labels: { "app.kubernetes.io/part-of": "kinora" } },
    data: {
      KINORA_DATA: "/data",
      KINORA_PUBLIC_URL: `https://${host}`,
      KINORA_REGISTRY: "kubernetes",
      KINORA_MIGRATE: "job",
      KINORA_STOP_DELAY: `${stopDelaySeconds}s`,
      KINORA_LOG_FORMAT: "json",
      KINORA_METRICS_NETWORKS: metricsNetworks,
      KINORA_RPC_TLS_CERT: `${tlsFolder}/tls.crt`,
      KINORA_RPC_TLS_KEY: `${tlsFolder}/tls.key`,
      KINORA_RPC_TLS_CA: `${tlsFolder}/ca.crt`,
    },
  };
}
