import { execFileSync } from "node:child_process";
import { realpathSync } from "node:fs";
import { copyFile, cp, mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import type { ContainerImage, ImageSettings } from "./container.ts";

const root = join(import.meta.dirname, "../..");
const name = "localhost/kinora";
const base = "localhost/kinora-base";
const searchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** The parts of a description by `buildah inspect` that are used here. */
interface Description {
  readonly Docker: { readonly config: { readonly Healthcheck: { readonly Test: readonly string[] } } };
  readonly OCIv1: {
    readonly config: {
      readonly Entrypoint: readonly string[];
      readonly Cmd: readonly string[];
      readonly Env: readonly string[];
      readonly User: string;
      readonly WorkingDir: string;
    };
  };
}

/**
 * The image as the Dockerfile builds it, by buildah in a store of its own. No registry of images is asked. The base is a
 * minimal Debian of the mirror, with the Node of this checkout and the npm of this system.
 */
export class BuiltImage implements ContainerImage, AsyncDisposable {
  readonly settings: ImageSettings;
  readonly files: readonly string[];
  readonly sizeBytes: number;
  readonly baseSizeBytes: number;
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
    const buildah = (...args: string[]) => buildahIn(folder, args);
    const container = buildah("from", "--pull-never", name);
    this.files = ["--ro-bind", buildah("mount", container), "/"];
    this.settings = settingsOf(JSON.parse(buildah("inspect", "--type", "image", name)) as Description);
    this.sizeBytes = sizeOf(folder, name);
    this.baseSizeBytes = sizeOf(folder, base);
  }

  static async build(): Promise<BuiltImage> {
    const cache = join(root, "node_modules/.cache");
    await mkdir(cache, { recursive: true });
    // Images need more space than temporary files in memory have.
    const folder = await mkdtemp(join(cache, "image-"));
    try {
      await makeBase(folder);
      const options = ["--pull-never", "--isolation", "chroot", "--format", "docker", "--layers=false"];
      buildahIn(folder, ["bud", "--quiet", ...options, "--build-arg", `BASE=${base}`, "--tag", name, root]);
      return new BuiltImage(folder);
    } catch (error) {
      await remove(folder);
      throw error;
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return remove(this.#folder);
  }
}

async function makeBase(folder: string): Promise<void> {
  const system = join(folder, "system");
  const mirror = ["bookworm", system, "http://deb.debian.org/debian"];
  execFileSync("debootstrap", ["--variant=minbase", ...mirror], { stdio: ["ignore", "ignore", "inherit"] });
  await copyFile(process.execPath, join(system, "usr/local/bin/node"));
  const npm = realpathSync(execFileSync("sh", ["-c", "command -v npm"], { encoding: "utf8" }).trim());
  await cp(join(npm, "../.."), join(system, "usr/local/lib/node_modules/npm"), { recursive: true });
  await symlink("../lib/node_modules/npm/bin/npm-cli.js", join(system, "usr/local/bin/npm"));
  const authorities = "/etc/ssl/certs/ca-certificates.crt";
  await mkdir(join(system, "etc/ssl/certs"), { recursive: true });
  await copyFile(authorities, join(system, authorities));
  const container = buildahIn(folder, ["from", "scratch"]);
  buildahIn(folder, ["add", "--quiet", container, system, "/"]);
  const env = [`PATH=${searchPath}`, `NODE_EXTRA_CA_CERTS=${authorities}`].flatMap((value) => ["--env", value]);
  buildahIn(folder, ["config", ...env, container]);
  buildahIn(folder, ["commit", "--quiet", "--rm", container, base]);
  await rm(system, { recursive: true });
}

function buildahIn(folder: string, args: readonly string[]): string {
  const places = ["--root", join(folder, "store"), "--runroot", join(folder, "run"), "--storage-driver", "overlay"];
  const outputBytesMax = 64 * 1024 ** 2;
  return execFileSync("buildah", [...places, ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: outputBytesMax,
  }).trim();
}

/** The bytes of an image's files, without compression. */
const sizeOf = (folder: string, image: string): number => {
  const [{ size = "" } = {}] = JSON.parse(buildahIn(folder, ["images", "--json", image])) as { size?: string }[];
  const [, amount = "", unit = ""] = /^([\d.]+) ([KMG]?)B$/.exec(size) ?? [];
  return Number(amount) * 1_000 ** " KMG".indexOf(unit || " ");
};

function settingsOf({ Docker, OCIv1 }: Description): ImageSettings {
  const { Entrypoint, Cmd, Env, User, WorkingDir } = OCIv1.config;
  return {
    entrypoint: Entrypoint,
    command: Cmd,
    healthcheck: Docker.config.Healthcheck.Test.slice(1),
    env: Object.fromEntries(
      Env.map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]),
    ),
    user: Number(User.split(":")[0]),
    folder: WorkingDir,
  };
}

/** Unmounts the containers of a store and removes it. */
async function remove(folder: string): Promise<void> {
  buildahIn(folder, ["rm", "--all"]);
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
}
