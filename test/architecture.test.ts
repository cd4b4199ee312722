import assert from "node:assert/strict";
import { glob, readFile } from "node:fs/promises";
import { basename, dirname, join, matchesGlob, relative } from "node:path";
import { before, describe, it } from "node:test";
import type { Plugin } from "#kernel";
import { columnsOf } from "#kernel/host/testing";
import { byNeed } from "#kernel/host/start-order";
import { isAdministered } from "#kernel/service";
import { loadPlugins, serviceNames } from "../cmd/services.ts";
import { suites } from "../scripts/test/plan/suites.ts";
import { misnamedFactories } from "./factories.ts";
import { grammarFaults } from "./grammar.ts";
import {
  circleIn,
  foldersBelow,
  type Import,
  importsBetween,
  importsIn,
  partOf,
  type SourceFile,
} from "./import-graph.ts";
import { refusedIn, refusedWords } from "./prose.ts";

const root = join(import.meta.dirname, "..");
/** Files whose words are not checked: generated ones, the list itself, and history. */
const uncheckedProse = ["sdk/generated.ts", "docs/glossary.md"];

/** Areas whose names and comments are in plain grammar. */
const grammarAreas = ["src", "cmd", "scripts", "demo", "sdk", "bench", "test", "web/src"];

/** How many levels of folders are looked at for circles, and how many files one folder may hold. */
const levels: readonly { readonly root: string; readonly depth: number; readonly filesMax: number }[] = [
  { root: "src/kernel", depth: 2, filesMax: 25 },
  { root: "src/media", depth: 2, filesMax: 25 },
  { root: "src/chain", depth: 2, filesMax: 25 },
  { root: "src/events", depth: 1, filesMax: 25 },
  { root: "src/policy", depth: 1, filesMax: 25 },
  { root: "src/gateway", depth: 3, filesMax: 25 },
  ...serviceNames
    .filter((name) => name !== "live")
    .map((name) => ({ root: `src/services/${name}`, depth: 2, filesMax: 25 })),
  { root: "demo", depth: 2, filesMax: 25 },
  { root: "cmd", depth: 2, filesMax: 25 },
  { root: "scripts", depth: 2, filesMax: 25 },
  { root: "web/src", depth: 3, filesMax: 25 },
  { root: "test", depth: 2, filesMax: 25 },
  { root: "bench", depth: 2, filesMax: 25 },
];
const aliases = new Map([
  ...["kernel", "media", "chain", "events", "policy", "services", "gateway"].map(
    (name) => [`#${name}/`, `src/${name}/`] as const,
  ),
  ...["base", "parts", "pages"].map((name) => [`#${name}/`, `web/src/${name}/`] as const),
  ["#test/", "test/"],
]);
/** The corpus is one list, which its README and `facts.json` describe. */
const corpus = "test/media";
const shown = (circle: readonly Import[]): string => circle.map(({ from, to }) => `  ${from} imports ${to}`).join("\n");

describe("the architecture", () => {
  before(async () => {
    for await (const path of glob("{cmd,src,demo,examples,scripts,sdk,bench,test}/**/*.ts", {
      cwd: root,
      exclude: [`${corpus}/**`, "sdk/dist/**", "sdk/generated.ts"],
    }))
      files.push({ path, text: await readFile(join(root, path), "utf8") });
    for await (const path of glob("web/src/**/*.{ts,tsx}", { cwd: root }))
      webFiles.push({ path, text: await readFile(join(root, path), "utf8") });
    for (const plugin of await loadPlugins()) services.push({ name: plugin.contract.name, plugin });
  });

  it("is checked on at least ten services, more than 150 files, and the web app", () => {
    assert.ok(services.length >= 10, `${services.length} services`);
    assert.ok(files.length > 150, `${files.length} files`);
    assert.ok(webFiles.length > 500, `${webFiles.length} files of the web app`);
  });

  it("assigns every test file to exactly one suite", async () => {
    const globs = suites.flatMap(({ runs }) => (runs.kind === "files" ? runs.globs : []));
    const all = await Array.fromAsync(
      glob("{cmd,src,demo,scripts,sdk,test,web/src,bench}/**/*.test.{ts,tsx}", { cwd: root }),
    );
    assert.ok(all.some((path) => path.startsWith("web/")));
    for (const path of all) assert.equal(globs.filter((one) => matchesGlob(path, one)).length, 1, path);
  });

  it("lists every service in cmd/services.ts", () => {
    for (const name of new Set(of("src/services/").map(({ path }) => path.split("/")[2] ?? "")))
      assert.ok(serviceNames.includes(name), `src/services/${name} is not in serviceNames of cmd/services.ts`);
  });

  it("has a contract and a plugin in every service, and a store exactly where there are migrations", () => {
    for (const { name, plugin } of services) {
      assert.equal(plugin?.contract.name, name);
      const own = of(`src/services/${name}/`).map(({ path }) => basename(path));
      for (const file of ["contract.ts", "plugin.ts"]) assert.ok(own.includes(file), `${name}/${file}`);
      assert.equal(own.includes("store.ts"), own.includes("migrations.ts"), `${name} has tables and queries together`);
    }
  });

  it("allows imports between layers in one direction only", () => {
    for (const { path, text } of files) {
      if (path.startsWith("test/") || path.startsWith("bench/")) continue;
      const layer = path.split("/").slice(0, 2).join("/");
      const isTest = /\.test\.ts$|\/(?:testing|conformance)\.ts$/.test(path);
      for (const target of importsIn(text)) {
        const allowed = allows(layer, path, target, isTest);
        assert.ok(allowed, `${path} imports ${target}`);
      }
    }
  });

  it("imports the contracts of needed services alone, and the events of any", () => {
    const needs = new Map(services.map(({ name, plugin }) => [name, plugin]));
    for (const { path, text } of of("src/services/").filter((one) => !/\.test\.ts$|testing\.ts$/.test(one.path))) {
      const name = path.split("/")[2] ?? "";
      const plugin = needs.get(name);
      if (plugin?.needsAll) continue;
      for (const [, other = ""] of importsIn(text).flatMap((target) => [...target.matchAll(/^#services\/([\w-]+)\//g)]))
        assert.ok(
          other === name || plugin?.needs.some((need) => need.name === other),
          `${path} imports the contract of ${other}, which ${name} does not need: ` +
            `add it to needs of ${name}/plugin.ts, import its events from #events/${other}, or move the rule to src/policy`,
        );
    }
  });

  it("has three wings in the live service, of which stage and coins import room, and room neither", () => {
    const wings = ["stage", "room", "coins"];
    let imports = 0;
    for (const { path, text } of of("src/services/live/").filter((one) => !/\.test\.ts$|testing\.ts$/.test(one.path))) {
      const wing = path.split("/")[3] ?? "";
      if (!wings.includes(wing)) continue;
      for (const target of importsIn(text).filter((one) => one.startsWith("."))) {
        const importedWing = join(dirname(path), target).split("/")[3] ?? "";
        if (!wings.includes(importedWing) || importedWing === wing) continue;
        imports += 1;
        assert.equal(importedWing, "room", `${path} imports ${target}: pass it in, or send a signal of RoomSignals`);
      }
    }
    assert.ok(imports > 50, `${imports} imports between wings`);
  });

  it("names factories createX", () => {
    const sources = files.filter(
      ({ path }) =>
        /^(?:src|cmd|scripts|demo)\//.test(path) && !/\.test\.ts$|\/(?:testing|conformance)\.ts$/.test(path),
    );
    assert.ok(sources.length > 500, `${sources.length} files`);
    const misnamed = sources.flatMap(({ path, text }) => misnamedFactories(path, text));
    assert.deepEqual(misnamed, [], "a factory is createX(host, parts) and returns an exported interface X");
  });

  it("names what a factory or a hook returns instead of reading it from the function", () => {
    const sources = [...files, ...webFiles].filter(
      ({ path }) =>
        /^(?:src|cmd|scripts|demo|web\/src)\//.test(path) && !/\.test\.tsx?$|\/(?:testing|conformance)\.ts$/.test(path),
    );
    assert.ok(sources.length > 1_000, `${sources.length} files`);
    // The type of a schema is what it parses. A timer is a number in a browser and an object in Node.
    for (const { path, text } of sources)
      assert.doesNotMatch(
        text,
        /(?<!z\.output<)ReturnType<typeof (?!set(?:Timeout|Interval)>)/,
        `${path} reads a type from a function: a factory is createX and returns an exported interface X, a hook an ` +
          "interface, a query of a store an exported row; write that name",
      );
  });

  it("imports nothing but its own files in the client package, which is published alone", async () => {
    const sources = await Array.fromAsync(glob("sdk/*.ts", { cwd: root, exclude: ["sdk/*.test.ts"] }));
    assert.ok(sources.length > 5, `${sources.length} files`);
    for (const path of sources)
      for (const target of importsIn(await readFile(join(root, path), "utf8")))
        assert.match(target, /^\.\/[\w-]+\.ts$/, path);
  });

  for (const { root: folder, depth, filesMax } of levels)
    it(`has no circle of folders and at most ${filesMax} files a folder in ${folder}`, async () => {
      const all = [...files, ...webFiles].filter(({ path }) => path.startsWith(`${folder}/`));
      assert.ok(all.length > 3, `${all.length} files`);
      const entries = await Array.fromAsync(
        glob(`${folder}/**`, { cwd: root, exclude: [`${corpus}/**`], withFileTypes: true }),
      );
      const filesIn = Map.groupBy(
        entries.filter((entry) => entry.isFile()),
        (entry) => relative(root, entry.parentPath),
      );
      assert.ok(filesIn.size > 0, `${filesIn.size} folders`);
      for (const [place, list] of filesIn)
        assert.ok(
          list.length <= filesMax,
          `${place} has ${list.length} files, of which ${filesMax} can be looked through: give those of one subject a folder`,
        );
      const sources = all.filter(({ path }) => !/\.test\.ts$|testing|conformance|fake-peer/.test(path));
      const arrows = importsBetween(sources, aliases);
      for (const parent of foldersBelow(sources, folder, depth)) {
        const isFolder = (part: string) => !/\.tsx?$/.test(part) || parent === "src/kernel";
        const circle = circleIn(arrows, (path) => {
          const part = partOf(parent, path);
          return part !== undefined && isFolder(part) ? part : undefined;
        });
        assert.equal(
          circle && shown(circle),
          undefined,
          `folders of ${parent} import each other in a circle:\n${circle && shown(circle)}\n` +
            "move what both use below them, or what uses both above them",
        );
      }
      const circle = circleIn(arrows, (path) => path);
      assert.equal(
        circle && shown(circle),
        undefined,
        `files import each other in a circle:\n${circle && shown(circle)}\ngive what they share a file of its own`,
      );
    });

  it("has three floors in the web app: base below parts below pages", () => {
    const floors = ["base", "parts", "pages"];
    const floorOf = (path: string) => floors.indexOf(path.split("/")[2] ?? "");
    const steps = importsBetween(webFiles, aliases).filter(({ from, to }) => floorOf(from) >= 0 && floorOf(to) >= 0);
    assert.ok(steps.length > 1000, `${steps.length} imports`);
    const climbs = steps.filter(({ from, to }) => floorOf(from) < floorOf(to));
    assert.equal(
      shown(climbs),
      "",
      "what a lower floor shares moves down; what it shows of a higher one is passed to it (web/src/slots.ts)",
    );
  });

  it("has at most 15 files in the root of the kernel", () => {
    const direct = of("src/kernel/").filter(({ path }) => dirname(path) === "src/kernel");
    assert.ok(direct.length > 5 && direct.length <= 15, `the root of the kernel has ${direct.length} files`);
  });

  it("names no source file with a word in -ing, except listed nouns", () => {
    const nouns = ["testing", "streaming", "listing", "setting", "finding", "spelling", "keyring", "sealing"];
    for (const { path } of files) {
      const [name = ""] = basename(path).split(".");
      if (/^(?:src|demo)\//.test(path) && name.endsWith("ing")) assert.ok(nouns.includes(name), path);
    }
  });

  it("imports SQL in stores alone, and Fastify, ws, Redis and pg in their adapters alone", () => {
    for (const { path, text } of files) {
      const isTest =
        /\.test\.ts$|(?:testing|conformance)\.ts$/.test(path) || path.startsWith("test/") || path.startsWith("bench/");
      const targets = importsIn(text);
      // The suites ask through the port too; the benchmark has Fastify alone to be compared with.
      if (targets.some((target) => /^fastify$|^@fastify\/static$/.test(target)))
        assert.match(path, /^src\/kernel\/http\/fastify|^bench\/server\/rest-server/);
      if (isTest) continue;
      if (targets.includes("ws")) assert.match(path, /^src\/kernel\/http\/fastify\/socket/, path);
      if (path.startsWith("src/services/") && targets.includes("kysely"))
        assert.match(basename(path), /^(?:[a-z-]+-)?store\.ts$/, path);
      if (targets.some((target) => target.startsWith("@noble/"))) assert.match(path, /^src\/chain\//, path);
      if (targets.includes("nodemailer")) assert.match(path, /^src\/kernel\/mail\/smtp/, path);
      if (targets.includes("@redis/client")) assert.match(path, /^src\/kernel\/cache\/redis-connection/, path);
      if (targets.includes("pg")) assert.match(path, /^src\/kernel\/(?:db|host\/chain)|^cmd\/compose\/databases/, path);
    }
  });

  it("sends requests to foreign addresses through the guarded client alone (S5.1)", () => {
    const wire = /^(?:node:)?(?:https?|http2|net|tls|dns|dgram)(?:\/promises)?$|^undici$/;
    for (const { path, text } of files) {
      if (!/^(?:src\/(?:services|gateway|media|chain)|demo)\//.test(path) || /\.test\.ts$|\/testing\.ts$/.test(path))
        continue;
      // Types, and what reads or writes text, ask nobody.
      const harmless =
        /^import (?:type )?\{ ?(?:(?:type \w+|isIP(?:v[46])?|ServerResponse|STATUS_CODES|validateHeaderValue)(?:, )?)+ ?\}/;
      for (const [line, target = ""] of text.matchAll(/^import [^;]*? from "([^"]+)"/gm))
        assert.ok(!wire.test(target) || line.startsWith("import type ") || harmless.test(line), `${path}: ${line}`);
      assert.doesNotMatch(text, /(?<![.\w])(?:fetch|WebSocket|EventSource)\(/, path);
    }
  });

  it("reads environment variables in listed places alone", () => {
    for (const { path, text } of files)
      if (/process\.env/.test(text))
        assert.match(
          path,
          /^src\/kernel\/(?:config\/|environment\/search-path|host\/testing\.ts|doctor)|^src\/media\/testing\.ts|^cmd\/|^scripts\/|^test\/|^bench\/|\.test\.ts$/,
          path,
        );
  });

  it("has no cycle among the needs of services, and needs only existing services", () => {
    const names = services.map(({ name }) => name);
    assert.equal(byNeed(services.map(({ plugin }) => plugin)).length, names.length);
    for (const { name, plugin } of services)
      for (const need of plugin.needs) assert.ok(names.includes(need.name), `${name} needs ${need.name}`);
  });

  it("subscribes only to events that a service publishes", () => {
    const published = new Set(services.flatMap(({ plugin }) => (plugin.events ?? []).map((event) => event.name)));
    let subscriptions = 0;
    for (const { path, text } of of("src/services/").filter((one) => !/\.test\.ts$|testing\.ts$/.test(one.path)))
      for (const [, name = ""] of text.matchAll(/\bon(?:All)?\(\s*(\w+)\s*,/g)) {
        subscriptions += 1;
        const source = text.match(new RegExp(`import \\{[^}]*\\b${name}\\b[^}]*\\} from "([^"]+)"`))?.[1] ?? "";
        const declaring =
          source === "#kernel"
            ? `src/kernel/host/${name}.ts`
            : source.startsWith(".")
              ? join(dirname(path), source)
              : `${source.replace(/^#/, "src/")}.ts`;
        const declaration = files.find((file) => file.path === declaring)?.text ?? "";
        const event = declaration.match(new RegExp(`export const ${name} = event\\(\\s*"([^"]+)"`))?.[1];
        assert.ok(event, `${path} subscribes to ${name}, which ${declaring} does not declare`);
        assert.ok(published.has(event), `${path} subscribes to ${event}, which no service publishes`);
      }
    assert.ok(subscriptions > 40, `${subscriptions} subscriptions`);
  });

  it("gives every service with jobs or subscriptions the methods for administrators, except demo (D2, D4)", () => {
    for (const { name, plugin } of services) {
      // The demo content is asked for again where it was asked for.
      if (name === "demo") continue;
      const wiring = of(`src/services/${name}/`).map(({ text }) => text);
      if (wiring.some((text) => /^ +(?:subscriptions|jobs): \[/m.test(text)))
        assert.ok(isAdministered(plugin.contract), name);
    }
  });

  it("handles account deletions and publishes receipts in every service with user data, except listed ones", async () => {
    const naming = /\.(?:\w+_)?(?:user|author|owner|sender|receiver|target)_id$/;
    for (const { name, plugin } of services) {
      // The account itself is of auth; a transfer belongs to the instance; the
      // authors of the demo content are nobody.
      if (["auth", "transfer", "demo"].includes(name)) continue;
      const copies = (plugin.copies ?? []).flatMap((copy) => copy.migrations(name));
      const columns = plugin.migrations.length === 0 ? [] : await columnsOf(name, [...copies, ...plugin.migrations]);
      // A local copy of deleted accounts is kept by services with rows of users alone.
      const own = columns
        .toSorted((a, b) => Number(/deleted_users/.test(a)) - Number(/deleted_users/.test(b)))
        .find((column) => naming.test(column));
      const { holdsUserData = false } = plugin.contract;
      assert.equal(
        holdsUserData,
        own !== undefined,
        own === undefined
          ? `src/services/${name}/contract.ts says holdsUserData, and no table of it names a user`
          : `${own} names users: src/services/${name}/contract.ts needs { holdsUserData: true }`,
      );
      if (!holdsUserData) continue;
      const wiring = of(`src/services/${name}/`)
        .map(({ text }) => text)
        .join("\n");
      assert.match(
        wiring,
        /\bon\(\s*userDeleted\b|\berase\(/,
        `src/services/${name}/plugin.ts needs a subscription erase("${name}", …): its rows outlive their account`,
      );
      assert.ok(
        plugin.events?.some((event) => event.name === "user.erased.v1"),
        `src/services/${name}/plugin.ts needs events: [userErased]: the deletion of an account waits for it`,
      );
    }
  });

  it("creates by migrations the columns that each store declares", async () => {
    for (const { name, plugin } of services) {
      if (plugin.migrations.length === 0) continue;
      const store = files.find(({ path }) => path === `src/services/${name}/store.ts`)?.text ?? "";
      assert.deepEqual((await columnsOf(name, plugin.migrations)).toSorted(), described(store).toSorted(), name);
    }
  });

  it("bounds every string and list in the inputs of methods", () => {
    for (const { plugin } of services)
      for (const [name, method] of Object.entries(plugin.contract.methods)) {
        const schema = JSON.stringify(unboundedIn(method.input));
        assert.equal(schema, "[]", `${plugin.contract.name}.${name} takes without bound: ${schema}`);
      }
  });

  it("cites only promises that docs/promises.md lists, and no section of another document by number", async () => {
    const promises = await readFile(join(root, "docs/promises.md"), "utf8");
    const promiseNumbers = new Set([...promises.matchAll(/^\| ([A-Z][\d.]+) \|/gm)].map(([, number]) => number));
    assert.ok(promiseNumbers.size > 60, `${promiseNumbers.size} promises`);
    for (const { path, text } of files) {
      for (const [, list = ""] of text.matchAll(/\(((?:[DFRS]\d[\d.]*)(?:, [DFRS]\d[\d.]*)*)\)/g))
        for (const number of list.split(", ").filter((one) => one !== ""))
          assert.ok(promiseNumbers.has(number), `${path} cites ${number}, which docs/promises.md does not have`);
      assert.doesNotMatch(text, /\b(?:conventions|design|contracts|reliability|security)(?:\/[\w-]+)? §/, path);
    }
  });

  it("mentions no path or registry outside of the repository", () => {
    for (const { path, text } of files) {
      if (path === "test/architecture.test.ts") continue;
      assert.doesNotMatch(text, /\.\.\/shared|\/work\/main|registry\.npmjs/, path);
    }
  });

  it("uses none of the words that docs/glossary.md refuses", async () => {
    const words = refusedWords(await readFile(join(root, "docs/glossary.md"), "utf8"));
    assert.ok(words.length > 20, `${words.length} words`);
    const sources = [
      "{cmd,src,demo,examples,scripts,bench,test,sdk,web/src}/**/*.{ts,tsx,mts,mjs}",
      "web/*.ts",
      "{docs/,}*.md",
    ];
    const paths = await Array.fromAsync(glob(sources, { cwd: root, exclude: [...uncheckedProse, "sdk/dist/**"] }));
    assert.ok(paths.length > 800, `${paths.length} files`);
    const texts = paths.map(async (path) => refusedIn(path, await readFile(join(root, path), "utf8"), words));
    assert.deepEqual((await Promise.all(texts)).flat(), []);
  });

  for (const area of grammarAreas)
    it(`has names and comments in plain grammar in ${area} (docs/style.md)`, async () => {
      const words = refusedWords(await readFile(join(root, "docs/glossary.md"), "utf8"));
      const sources = [...files, ...webFiles].filter(({ path }) => path.startsWith(`${area}/`));
      assert.ok(sources.length > 3, `${sources.length} files`);
      const faults = sources.flatMap(({ path, text }) => grammarFaults(path, text, words));
      assert.equal(faults.length, 0, `\n${faults.join("\n")}`);
    });

  it("inserts no text as HTML in the web app (S6.2)", () => {
    for (const { path, text } of webFiles)
      assert.doesNotMatch(text, /dangerouslySetInnerHTML|\.innerHTML\s*=|insertAdjacentHTML|document\.write/, path);
  });

  it("places nothing by left and right in the web app, so that it mirrors in languages written from right to left", async () => {
    const physical =
      /(?<=["'`\s:])-?(?:(?:m[lr]|p[lr]|left|right|scroll-[mp][lr])-(?=[\d[(]|px|auto|full)|text-(?:left|right)\b|(?:border|rounded)-[lr](?=[-\s"'`!])|rounded-[tb][lr]-)|^\s*(?:margin|padding|border)-(?:left|right)\b|^\s*(?:left|right):/m;
    for await (const path of glob("web/src/**/*.{ts,tsx,css}", { cwd: root })) {
      if (path.includes(".test.")) continue;
      const found = physical.exec(
        (await readFile(join(root, path), "utf8")).replaceAll(
          /^\s*(?:readonly )?(?:left|right): (?:number|\w*[lL]eft)\b.*$/gm,
          "",
        ),
      );
      assert.equal(found?.[0], undefined, path);
    }
  });

  it("uses no `crypto.randomUUID` in the web app, which needs a secure origin", () => {
    for (const { path, text } of webFiles)
      if (!path.endsWith(".test.ts")) assert.doesNotMatch(text, /\.randomUUID\(/, path);
  });
});

const files: SourceFile[] = [];
/** The web app, whose names of files and imports follow rules of its own. */
const webFiles: SourceFile[] = [];
const services: { name: string; plugin: Plugin }[] = [];
const of = (folder: string) => files.filter(({ path }) => path.startsWith(folder));

function allows(layer: string, path: string, target: string, isTest: boolean): boolean {
  if (!target.startsWith("#") && !target.startsWith(".")) return true;
  if (target.startsWith("#test/")) return isTest;
  const own = relative(root, join(root, dirname(path), target));
  const isOwn = target.startsWith(".");
  if (layer === "src/kernel") return isOwn ? own.startsWith("src/kernel/") : target.startsWith("#kernel");
  if (layer === "src/events") return isOwn ? own.startsWith("src/events/") : /^#kernel|^#media\//.test(target);
  if (layer === "src/policy") return isOwn ? own.startsWith("src/policy/") : /^#kernel|^#events\//.test(target);
  if (layer === "src/media") return isOwn ? own.startsWith("src/media/") : target.startsWith("#media/");
  // Its suites ask endpoints through the client that services pass in.
  if (layer === "src/chain")
    return isOwn ? own.startsWith("src/chain/") : isTest && target === "#kernel/outgoing/configured";
  if (path.startsWith("demo/"))
    return /^(?:demo\/.*|src\/(?:events|kernel|media)\/.*|src\/services\/(?:\w+\/contract|demo\/store)\.ts)$/.test(own);
  if (layer === "src/services") {
    const service = path.split("/")[2];
    if (target.startsWith("#demo/")) return path === "src/services/demo/plugin.ts";
    if (isOwn) return own.startsWith(`src/services/${service}/`);
    if (target.startsWith("#services/")) return target.endsWith("/contract") || isTest;
    const isBelow = /^#kernel|^#events\/|^#policy\/|^#media\/|^#chain\//.test(target);
    return isBelow || (isTest && target.startsWith("#gateway/"));
  }
  if (layer === "src/gateway") {
    if (isOwn) return own.startsWith("src/gateway/");
    return (
      /^#kernel|^#events\/|^#policy\/|^#media\/|^#gateway\//.test(target) ||
      (target.startsWith("#services/") && (target.endsWith("/contract") || isTest))
    );
  }
  return true;
}

/** `table.column` of a store's `Tables`, from its text: types do not exist when the code runs. */
function described(store: string): string[] {
  const body = store.match(/export interface Tables \{\n([\s\S]*?)\n\}/)?.[1] ?? "";
  const names: string[] = [];
  for (const [, table, inline, block] of body.matchAll(
    /^ {2}"?([\w.]+)"?: \{(?: ([^\n]*) \};$|\n([\s\S]*?)\n {2}\};$)/gm,
  )) {
    const columns = inline === undefined ? (block ?? "").split("\n") : inline.split(";");
    for (const column of columns) {
      const name = column.trim().match(/^(\w+):/)?.[1];
      // Copies are the same everywhere.
      if (name && !table?.startsWith("own.")) names.push(`${table}.${name}`);
    }
  }
  return names;
}

interface Described {
  def: {
    type: string;
    innerType?: Described;
    element?: Described;
    shape?: Record<string, Described>;
    in?: Described;
    options?: Described[];
    checks?: { _zod: { def: { check: string } } }[];
  };
  maxLength?: number | null;
  format?: string | null;
}
/** Paths of strings and arrays without an upper bound. */
function unboundedIn(schema: unknown, path = ""): string[] {
  const { def, maxLength, format } = schema as Described; // Zod's own description of a schema.
  if (def.shape) return Object.entries(def.shape).flatMap(([name, field]) => unboundedIn(field, `${path}.${name}`));
  if (def.type === "array") {
    const isBounded = def.checks?.some((check) => check._zod.def.check === "max_length") === true;
    return [...(isBounded ? [] : [path]), ...unboundedIn(def.element, `${path}[]`)];
  }
  if (def.options) return def.options.flatMap((option) => unboundedIn(option, path));
  const inner = def.innerType ?? def.in;
  if (inner) return unboundedIn(inner, path);
  const isFixed = format === "date" || format === "regex";
  return def.type === "string" && typeof maxLength !== "number" && !isFixed ? [path] : [];
}
