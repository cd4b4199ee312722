import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { parse, parseAllDocuments } from "yaml";
import { z } from "zod";
import { manifests } from "../../cmd/manifests.ts";
import { manifestsOf } from "../../cmd/manifests/manifests.ts";
import { usualValues } from "../../cmd/manifests/values.ts";
import { companions, roleNames } from "../../cmd/services.ts";
import { readTopology, topologyNames } from "../../cmd/topology/topology.ts";
import { schemaProblems } from "../kubernetes/schema.ts";
import { renderTemplate } from "../kubernetes/template.ts";

const chart = join(import.meta.dirname, "../../deploy/helm/kinora");

/** An object, as far as the tests look into it. */
const Loaded = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), labels: z.record(z.string(), z.string()).optional() }),
  spec: z.record(z.string(), z.unknown()).optional(),
});

describe("manifests of Kubernetes", () => {
  for (const name of topologyNames())
    it(`of ${name} fulfil the published schemas, without a field that these do not know`, async () => {
      const objects = objectsOf(name);
      for (const object of objects)
        assert.deepEqual(await schemaProblems(object), [], `${object.kind} ${object.metadata.name}`);
      const named = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
      assert.deepEqual(
        named.filter((entry, place) => named.indexOf(entry) !== place),
        [],
      );
    });

  it("are refused by that check where a field has another name, type or place", async () => {
    const [deployment] = objectsOf("three").filter(({ kind }) => kind === "Deployment");
    assert.ok(deployment);
    for (const [wrong, right] of [
      ["terminationGracePeriod", "terminationGracePeriodSeconds"],
      ["readonlyRootFilesystem", "readOnlyRootFilesystem"],
      ["matchLabel", "matchLabels"],
    ] as const) {
      const object: unknown = JSON.parse(JSON.stringify(deployment).replace(right, wrong));
      assert.match((await schemaProblems(Loaded.parse(object))).join(), new RegExp(wrong));
    }
    const numbers = JSON.stringify(deployment).replace(/"periodSeconds":\d+/, '"periodSeconds":"often"');
    assert.match((await schemaProblems(Loaded.parse(JSON.parse(numbers)))).join(), /periodSeconds/);
  });

  it("have a Service for each service, which selects the pods that run it", () => {
    for (const name of topologyNames()) {
      const objects = objectsOf(name);
      const pods = objects.flatMap(({ spec }) => {
        const { template } = z.object({ template: Pod.optional() }).parse(spec ?? {});
        return template ? [template.metadata.labels] : [];
      });
      for (const service of roleNames.filter((role) => role !== "gateway" && !Object.hasOwn(companions, role))) {
        const [found] = objects.filter(
          ({ kind, metadata }) => kind === "Service" && metadata.labels?.["app.kubernetes.io/component"] === service,
        );
        const { selector } = z.object({ selector: z.record(z.string(), z.string()) }).parse(found?.spec);
        const selected = pods.filter((labels) =>
          Object.entries(selector).every(([key, value]) => labels[key] === value),
        );
        assert.equal(selected.length, 1, `${name}: ${service}`);
      }
    }
  });

  for (const name of topologyNames())
    it(`are the same by the chart for ${name}`, async () => {
      const values: unknown = {
        ...(parse(await readFile(join(chart, "values.yaml"), "utf8")) as object),
        topology: name,
      }; // A map.
      const template = await readFile(join(chart, `templates/${name}.yaml`), "utf8");
      const rendered = renderTemplate(template, { Values: values, Release: { Namespace: usualValues.namespace } });
      const documents = parseAllDocuments(rendered).flatMap((document) =>
        document.contents === null ? [] : [document.toJS() as unknown],
      );
      assert.deepEqual(documents, JSON.parse(JSON.stringify(objectsOf(name))));
    });

  it("are printed with values of their own, and without what is switched off", async () => {
    const lines: string[] = [];
    const output = { log: (text: string) => void lines.push(text), error: (text: string) => void lines.push(text) };
    const set = ["image=registry.example.org/kinora:1", "keda=off", "replicas.search=3"].flatMap((value) => [
      "--set",
      value,
    ]);
    assert.equal(await manifests(["--topology", "all", ...set], {}, output), 0);
    const text = lines.join("\n");
    assert.match(text, /image: registry\.example\.org\/kinora:1/);
    assert.doesNotMatch(text, /ScaledObject/);
    assert.match(text, /replicas: 3/);
    for (const wrong of [["--set", "nonsense=1"], ["--set", "keda=maybe"], ["--nonsense"]])
      assert.equal(await manifests(wrong, {}, output), 2);
  });
});

const Pod = z.looseObject({ metadata: z.object({ labels: z.record(z.string(), z.string()) }) });
const objectsOf = (name: string) =>
  manifestsOf(readTopology(name), usualValues).map(({ object }) => Loaded.parse(JSON.parse(JSON.stringify(object))));
