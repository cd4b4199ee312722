import { companions } from "../services.ts";
import type { PlannedProcess } from "../topology/topology.ts";
import { keepsData, objectName, partLabels, processLabels, rtmpPort, serviceLabel, webrtcPorts } from "./names.ts";
import type { KubernetesObject, Manifest, Values } from "./values.ts";

/** By each process: the Services of what it runs, and those that clients reach it by. */
export function servicesOf(process: PlannedProcess, values: Values): Manifest[] {
  const { services, hasGateway } = process;
  return [
    ...services
      .filter((service) => !Object.hasOwn(companions, service) && service !== "gateway")
      .map((service) => ({ object: rpcService(service, process, values) })),
    ...(keepsData(process) ? [{ object: headlessService(process, values) }] : []),
    ...(hasGateway
      ? [{ object: gatewayService(process, values) }, { object: ingressOf(values), condition: values.ingress }]
      : []),
    ...(services.includes("live") ? [{ object: rtmpService(values) }, { object: webrtcService(values) }] : []),
  ];
}

/** The headless Service by which other processes find those that run a service (`KINORA_REGISTRY=kubernetes`). */
const rpcService = (service: string, { rpcPort, port }: PlannedProcess, { namespace }: Values): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: {
    name: `kinora-service-${service}`,
    namespace,
    labels: { ...partLabels, "app.kubernetes.io/component": service },
  },
  spec: {
    clusterIP: "None",
    selector: { ...partLabels, ...serviceLabel(service) },
    ports: [{ name: "rpc", port: rpcPort ?? port + 10_000, targetPort: "rpc" }],
  },
});

/** The governing Service of a StatefulSet. */
const headlessService = (process: PlannedProcess, { namespace }: Values): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: objectName(process), namespace, labels: processLabels(process) },
  spec: {
    clusterIP: "None",
    selector: processLabels(process),
    ports: [{ name: "http", port: process.port, targetPort: "http" }],
  },
});

const gatewayService = (process: PlannedProcess, { namespace }: Values): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "kinora", namespace, labels: partLabels },
  spec: {
    type: "ClusterIP",
    selector: processLabels(process),
    ports: [{ name: "http", port: 80, targetPort: "http" }],
  },
});

/** Encoders keep one connection for hours: it is balanced when it is opened. */
const rtmpService = ({ namespace }: Values): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "kinora-rtmp", namespace, labels: partLabels },
  spec: {
    type: "LoadBalancer",
    externalTrafficPolicy: "Local",
    selector: { ...partLabels, ...serviceLabel("live") },
    ports: [{ name: "rtmp", port: rtmpPort, targetPort: "rtmp" }],
  },
});

const webrtcService = ({ namespace }: Values): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "kinora-webrtc", namespace, labels: partLabels },
  spec: {
    type: "LoadBalancer",
    externalTrafficPolicy: "Local",
    selector: { ...partLabels, ...serviceLabel("live") },
    ports: webrtcPorts.map((port) => ({ name: `udp-${port}`, port, targetPort: port, protocol: "UDP" })),
  },
});

/** Whole uploads pass, and sockets and live streams are not cut off after a minute. */
const ingressOf = ({ namespace, host, ingressClass }: Values): KubernetesObject => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "Ingress",
  metadata: {
    name: "kinora",
    namespace,
    labels: partLabels,
    annotations: {
      "nginx.ingress.kubernetes.io/proxy-body-size": "0",
      "nginx.ingress.kubernetes.io/proxy-request-buffering": "off",
      "nginx.ingress.kubernetes.io/proxy-read-timeout": "3600",
    },
  },
  spec: {
    ingressClassName: ingressClass,
    tls: [{ hosts: [host], secretName: "kinora-tls" }],
    rules: [
      {
        host,
        http: {
          paths: [{ path: "/", pathType: "Prefix", backend: { service: { name: "kinora", port: { name: "http" } } } }],
        },
      },
    ],
  },
});
