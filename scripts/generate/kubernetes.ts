import { stringify } from "yaml";
import { chartTemplate, manifestsOf, manifestText } from "../../cmd/manifests/manifests.ts";
import { chartValues, usualValues } from "../../cmd/manifests/values.ts";
import { readTopology, topologyNames } from "../../cmd/topology/topology.ts";
import packageJson from "../../package.json" with { type: "json" };
import type { Generate } from "../generate.ts";

/** The topologies whose plain manifests are in the repository; the command `manifests` prints all others. */
const samples = ["three", "nine"];
const chart = "deploy/helm/kinora";

export const generate: Generate = () => ({
  ...Object.fromEntries(
    samples.map((name) => [
      `deploy/kubernetes/${name}.yaml`,
      manifestText(manifestsOf(readTopology(name), usualValues)),
    ]),
  ),
  ...Object.fromEntries(
    topologyNames().map((name) => [
      `${chart}/templates/${name}.yaml`,
      chartTemplate(name, manifestsOf(readTopology(name), chartValues)),
    ]),
  ),
  [`${chart}/Chart.yaml`]: stringify({
    apiVersion: "v2",
    name: "kinora",
    description: packageJson.description,
    type: "application",
    version: packageJson.version,
    appVersion: packageJson.version,
    kubeVersion: ">=1.30.0-0",
  }),
  [`${chart}/values.yaml`]: valuesFile(),
});

/** The values of the chart, with those of plain manifests as defaults. The namespace is that of the release. */
function valuesFile(): string {
  const { replicas: _replicas, namespace: _namespace, ...values } = usualValues;
  return `# One of ${topologyNames().join(", ")}: docs/topologies.md
topology: nine
# How many of each process run, by its name; those of the topology where it is not listed.
replicas: {}
# docs/deploy/kubernetes.md says what each of these is.
${stringify(values)}`;
}
