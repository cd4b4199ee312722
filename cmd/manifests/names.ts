import type { PlannedProcess } from "../topology/topology.ts";

/** The labels that every object has. */
export const partLabels = { "app.kubernetes.io/part-of": "kinora" } as const;

/** The labels of a process and its objects. */
export const processLabels = ({ name }: PlannedProcess) => ({
  ...partLabels,
  "app.kubernetes.io/name": `kinora-${name}`,
});

/** The label of the pods that run a service, by which its Service selects them. */
export const serviceLabel = (service: string): Record<string, string> => ({ [`services.kinora/${service}`]: "true" });

/** The name of a process as an object. */
export const objectName = ({ name }: PlannedProcess): string => `kinora-${name}`;

/** True for a process with a folder worth keeping: a search index, or streams that go on after a restart. */
export const keepsData = ({ services }: PlannedProcess): boolean =>
  services.includes("search") || services.includes("live");

export const serviceAccount = "kinora";
export const configMap = "kinora";
export const rtmpPort = 1_935;
/** UDP ports of live streams: a Service has no ranges. */
export const webrtcPorts = Array.from({ length: 20 }, (_, n) => 50_000 + n);
