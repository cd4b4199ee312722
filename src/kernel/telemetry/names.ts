/** Metrics of services that are known by these names everywhere; every other one is named after its service. */
const wellKnown: ReadonlySet<string> = new Set(["transcode_jobs", "upload_bytes_total"]);

export const metricName = (service: string, name: string): string =>
  wellKnown.has(name) ? name : `kinora_${service}_${name}`;
