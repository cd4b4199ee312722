import { glob, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** An object that a schema is looked up for. */
interface Loaded {
  readonly apiVersion?: unknown;
  readonly kind: string;
}

interface Failure {
  readonly instancePath: string;
  readonly message?: string;
  readonly keyword: string;
  readonly params: object;
}
type Validate = ((data: unknown) => boolean) & { readonly errors?: readonly Failure[] | null };

const folders = [
  import.meta.resolve("kubernetes-models"),
  import.meta.resolve("@kubernetes-models/keda"),
  import.meta.resolve("@kubernetes-models/prometheus-operator"),
].map((url) => dirname(fileURLToPath(url)));

/**
 * The differences of an object from its published schema. The schemas let unknown fields through, so every field that
 * the validation did not look at is one too.
 */
export async function schemaProblems(object: Loaded): Promise<string[]> {
  const validate = await validatorOf(object);
  const seen = new Set<string>();
  const isValid = validate(observed(object, "", seen));
  const failures = (validate.errors ?? []).map(
    ({ instancePath, keyword, params }) => `${instancePath} ${keyword} ${JSON.stringify(params)}`,
  );
  if (!isValid) return failures;
  return pathsIn(object, "")
    .filter((path) => !seen.has(path))
    .map((path) => `${path} is in no schema`);
}

async function validatorOf({ apiVersion, kind }: Loaded): Promise<Validate> {
  const [group = "", version = ""] = String(apiVersion).includes("/")
    ? String(apiVersion).split("/")
    : ["", String(apiVersion)];
  for (const folder of folders)
    for await (const file of glob(`${group === "" ? "" : `${group}/`}${version}/${kind}.js`, { cwd: folder })) {
      const source = await readFile(join(folder, file), "utf8");
      const [, path] = /from\s*"((?:\.\.\/)+_schemas\/[^"]+)"/.exec(source) ?? [];
      if (path === undefined) break;
      const schema = (await import(join(folder, dirname(file), path.endsWith(".js") ? path : `${path}.js`))) as {
        validate: Validate; // As each of these modules exports it.
      };
      return schema.validate;
    }
  throw new Error(`there is no schema of ${String(apiVersion)} ${kind}`);
}

/** The same object, which records the path of each field that is looked at. */
function observed(value: unknown, path: string, seen: Set<string>): unknown {
  if (typeof value !== "object" || value === null) return value;
  return new Proxy(value, {
    get(target, key) {
      const inner: unknown = Reflect.get(target, key);
      if (typeof key === "symbol") return inner;
      seen.add(`${path}/${key}`);
      return observed(inner, `${path}/${key}`, seen);
    },
    ownKeys(target) {
      // A map: its keys are free.
      const keys = Reflect.ownKeys(target);
      for (const key of keys) seen.add(`${path}/${String(key)}`);
      return keys;
    },
  });
}

function pathsIn(value: unknown, path: string): string[] {
  if (typeof value !== "object" || value === null) return path === "" ? [] : [path];
  const inner = Object.entries(value).flatMap(([key, part]) => pathsIn(part, `${path}/${key}`));
  return path === "" ? inner : [path, ...inner];
}
