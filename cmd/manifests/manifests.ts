import { stringify } from "yaml";
import type { Topology } from "../topology/topology.ts";
import { accountOf, networkPolicies } from "./access.ts";
import { metricsOf, scalingOf } from "./scalers.ts";
import { servicesOf } from "./services.ts";
import type { Manifest, Values } from "./values.ts";
import { configMapOf, migrateJob, workloadOf } from "./workloads.ts";

/**
 * Every object of a topology, in the order in which they are applied: what pods need, the Job for the tables, services,
 * and the gateway last, so that it finds those that it calls.
 */
export function manifestsOf({ processes }: Topology, values: Values): Manifest[] {
  const ordered = [...processes].toSorted((a, b) => Number(a.hasGateway) - Number(b.hasGateway));
  return [
    ...[...accountOf(values), configMapOf(values), ...networkPolicies(processes, values), migrateJob(values)].map(
      (object) => ({ object }),
    ),
    ...metricsOf(values),
    ...ordered.flatMap((process) => [
      ...servicesOf(process, values),
      { object: workloadOf(process, values) },
      ...scalingOf(process, values),
    ]),
  ];
}

const head = "# Made from deploy/topologies by `npm run generate`. Never run on a real cluster by its authors.\n";

/** Plain manifests, as `kubectl apply -f` takes them. */
export const manifestText = (manifests: readonly Manifest[]): string =>
  head +
  manifests
    .filter(({ condition }) => condition !== false)
    .map(({ object }) => `---\n${yamlOf(object)}`)
    .join("");

/** A template of the chart, for one topology. */
export function chartTemplate(name: string, manifests: readonly Manifest[]): string {
  const objects = manifests.map(({ object, condition }) => {
    const text = `---\n${unquoteExpressions(yamlOf(object))}`;
    return typeof condition === "string" ? `{{- if .Values.${condition} }}\n${text}{{- end }}\n` : text;
  });
  return `${head}{{- if eq .Values.topology ${JSON.stringify(name)} }}\n${objects.join("")}{{- end }}\n`;
}

const yamlOf = (object: object): string => stringify(object, { lineWidth: 0, aliasDuplicateObjects: false });

/** Numbers of the chart's values are written without quotes; texts keep theirs. */
const unquoteExpressions = (text: string): string =>
  text.replaceAll(
    /^(\s*(?:replicas|minReplicas|minReplicaCount): )"?'?(\{\{.*\}\})'?"?$/gm,
    (_, key, expression: string) => `${key}${expression.replaceAll('\\"', '"')}`,
  );
