import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join, matchesGlob } from "node:path";
import type { ContainerImage, ImageSettings } from "./container.ts";

export const root = join(import.meta.dirname, "../..");
const user = 10_001;
/** Folders of this system that an image of Debian has too. */
const systemFolders = ["/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc/alternatives", "/etc/ssl"];

/**
 * The image without its build: the files of this checkout that `.dockerignore` admits, its packages and its built web
 * app. Programs are those of this system, and settings those of the Dockerfile. It costs a copy of the sources.
 */
export class CheckoutImage implements ContainerImage, AsyncDisposable {
  readonly settings: ImageSettings;
  readonly files: readonly string[];
  readonly #folder: string;

  private constructor(folder: string, settings: ImageSettings) {
    this.#folder = folder;
    this.settings = settings;
    const bind = (from: string, to: string): readonly string[] => ["--ro-bind", from, to];
    this.files = [
      ...["/etc", "/app", "/sys"].flatMap((path) => ["--perms", "0755", "--dir", path]),
      ...systemFolders.flatMap((path) => ["--ro-bind-try", path, path]),
      ...bind("/etc/ld.so.cache", "/etc/ld.so.cache"),
      ...bind(join(folder, "passwd"), "/etc/passwd"),
      ...bind(join(folder, "app"), "/app"),
      ...bind(join(root, "web/dist"), "/app/web/dist"),
      ...bind(join(root, "node_modules"), "/node_modules"),
      ...bind(process.execPath, "/opt/node/node"),
    ];
  }

  static async make(): Promise<CheckoutImage> {
    const folder = await mkdtemp(join(tmpdir(), "kinora-image-"));
    for (const path of await contextFiles())
      if (!/^(?:web|sdk)\//.test(path)) await cp(join(root, path), join(folder, "app", path));
    await cp(join(root, "web/package.json"), join(folder, "app/web/dist/package.json"));
    await symlink("/node_modules", join(folder, "app/node_modules"));
    await writeFile(join(folder, "passwd"), `kinora:x:${user}:${user}:Kinora:/data:/usr/sbin/nologin\n`);
    return new CheckoutImage(folder, settingsIn(await readFile(join(root, "Dockerfile"), "utf8")));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** The files of this checkout that a build of the image gets, by the lines of `.dockerignore` in turn. */
export async function contextFiles(): Promise<string[]> {
  const lines = (await readFile(join(root, ".dockerignore"), "utf8")).split("\n");
  const patterns = lines.map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("#"));
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  });
  return listed.split("\0").filter((path) => path !== "" && isAdmitted(path, patterns));
}

/** The last pattern that matches a path, or a folder of it, decides. */
function isAdmitted(path: string, patterns: readonly string[]): boolean {
  const parts = path.split("/");
  const prefixes = parts.map((_, at) => parts.slice(0, at + 1).join("/"));
  const last = patterns.findLast((pattern) =>
    prefixes.some((prefix) => matchesGlob(prefix, pattern.replace(/^!/, ""))),
  );
  return last?.startsWith("!") ?? true;
}

/** The settings that the last stage of a Dockerfile writes. @throws where one is missing. */
export function settingsIn(dockerfile: string): ImageSettings {
  const stage = dockerfile.slice(dockerfile.lastIndexOf("\nFROM ")).replaceAll("\\\n", " ");
  const of = (pattern: RegExp): string => {
    const value = pattern.exec(stage)?.[1];
    if (value === undefined) throw new Error(`the Dockerfile has no ${pattern.source}`);
    return value;
  };
  const words = (pattern: RegExp): readonly string[] => JSON.parse(of(pattern)) as string[]; // The exec form of each.
  const env = [...of(/^ENV (.*)$/m).matchAll(/(\w+)=(\S*)/g)].map(([, name = "", value = ""]) => [
    name,
    // Arguments of a build are empty unless they are given.
    value.startsWith("$") ? "" : value,
  ]);
  return {
    entrypoint: words(/^ENTRYPOINT (.*)$/m),
    command: words(/^CMD (.*)$/m),
    healthcheck: words(/^HEALTHCHECK .* CMD (.*)$/m),
    env: { PATH: "/opt/node:/usr/local/bin:/usr/bin:/bin", ...Object.fromEntries(env) },
    user: Number(of(/^USER (\d+):/m)),
    folder: of(/^WORKDIR (.*)$/m),
  };
}
