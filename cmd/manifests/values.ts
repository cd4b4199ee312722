/** The differences between clusters. In the chart, each is an expression over its `values.yaml`. */
export interface Values {
  readonly namespace: string;
  /** Repository and tag. */
  readonly image: string;
  readonly imagePullPolicy: string;
  /** The host name of the site, as users write it. */
  readonly host: string;
  /** Networks that may read metrics, with commas. */
  readonly metricsNetworks: string;
  /** The address at which browsers reach the UDP ports of live streams. */
  readonly webrtcAddress: string;
  readonly prometheusUrl: string;
  /** The secret with keys and URLs, and the one with the certificates of the RPC port. */
  readonly secret: string;
  readonly tlsSecret: string;
  readonly ingressClass: string;
  /** The size of the folder of a process that keeps one. */
  readonly dataSize: string;
  /** How many of a process run. */
  readonly replicas: (process: string, usual: number) => number | string;
  /** True where the cluster has these extensions of Kubernetes. */
  readonly keda: Condition;
  readonly serviceMonitor: Condition;
  readonly ingress: Condition;
}

/** True, or the name of a value of the chart that is true where the object is wanted. */
export type Condition = boolean | string;

/** An object of Kubernetes, and the condition under which it is written. */
export interface Manifest {
  readonly object: KubernetesObject;
  readonly condition?: Condition;
}

export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

/** The values of plain manifests. */
export const usualValues: Values = {
  namespace: "kinora",
  image: "kinora:latest",
  imagePullPolicy: "IfNotPresent",
  host: "videos.example.org",
  metricsNetworks: "10.0.0.0/8",
  webrtcAddress: "203.0.113.10",
  prometheusUrl: "http://prometheus.monitoring.svc:9090",
  secret: "kinora",
  tlsSecret: "kinora-rpc-tls",
  ingressClass: "nginx",
  dataSize: "20Gi",
  replicas: (_, usual) => usual,
  keda: true,
  serviceMonitor: true,
  ingress: true,
};

/** The values of the chart: expressions over its `values.yaml`. */
export const chartValues: Values = {
  namespace: "{{ .Release.Namespace }}",
  image: "{{ .Values.image }}",
  imagePullPolicy: "{{ .Values.imagePullPolicy }}",
  host: "{{ .Values.host }}",
  metricsNetworks: "{{ .Values.metricsNetworks }}",
  webrtcAddress: "{{ .Values.webrtcAddress }}",
  prometheusUrl: "{{ .Values.prometheusUrl }}",
  secret: "{{ .Values.secret }}",
  tlsSecret: "{{ .Values.tlsSecret }}",
  ingressClass: "{{ .Values.ingressClass }}",
  dataSize: "{{ .Values.dataSize }}",
  replicas: (process, usual) => `{{ index .Values.replicas ${JSON.stringify(process)} | default ${usual} }}`,
  keda: "keda",
  serviceMonitor: "serviceMonitor",
  ingress: "ingress",
};
