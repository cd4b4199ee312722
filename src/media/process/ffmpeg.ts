import { execFile } from "node:child_process";
import { access, constants, realpath } from "node:fs/promises";
import { delimiter, dirname, isAbsolute, join } from "node:path";
import { promisify } from "node:util";

/** The origin of the binary: the operator's setting, the search path, or the package fetched at first start. */
export type FfmpegOrigin = "configured" | "path" | "provided";

/** An FFmpeg that was run once and does what is needed here. */
export interface Ffmpeg {
  readonly path: string;
  readonly origin: FfmpegOrigin;
  /** As it names itself, such as `5.1.9-0+deb12u1` or `n7.0`. */
  readonly version: string;
  /** The `ffprobe` beside it; the provided package has none. */
  readonly ffprobe: string | undefined;
  /** Those of the encoders and filters used here that it has. */
  readonly capabilities: readonly Capability[];
  /** Codecs it has a decoder for, by FFmpeg's names. */
  readonly decodableCodecs: ReadonlySet<string>;
}

const required = ["libx264", "aac", "scale", "setsar", "fps", "aresample"] as const;
const optional = ["libsvtav1", "libvmaf", "zscale", "tonemap", "bwdif", "ebur128", "thumbnail", "signalstats"] as const;
export type Capability = (typeof required)[number] | (typeof optional)[number];

export class FfmpegUnusable extends Error {
  override readonly name = "FfmpegUnusable";
}

export interface FfmpegSources {
  /** The operator's choice: a path, or a name looked up on the search path. */
  readonly configured?: string | undefined;
  /** As in PATH. */
  readonly searchPath: string;
  /** The fetched package's binary, whether or not it is there. */
  readonly provided?: string | undefined;
}

/**
 * The configured binary, else one of version 5.1 or later on the search path, else the provided one, else none. Throws
 * `FfmpegUnusable` when one was configured and cannot be used: a setting is never silently replaced.
 */
export async function resolveFfmpeg({ configured, searchPath, provided }: FfmpegSources): Promise<Ffmpeg | undefined> {
  if (configured !== undefined) {
    const path = isAbsolute(configured) ? configured : (await find(configured, searchPath))[0];
    if (path === undefined) throw new FfmpegUnusable(`the configured FFmpeg ${configured} is not on the search path`);
    return examine(path, "configured", searchPath);
  }
  const ours: readonly (readonly [string, FfmpegOrigin])[] = [
    ...(await find("ffmpeg", searchPath)).map((path) => [path, "path"] as const),
    ...(provided === undefined ? [] : [[provided, "provided"] as const]),
  ];
  for (const [path, origin] of ours) {
    const usable = await examine(path, origin, searchPath).catch(onlyUnusable);
    if (usable !== undefined) return usable;
  }
  return undefined;
}

function onlyUnusable(error: unknown): undefined {
  if (!(error instanceof FfmpegUnusable)) throw error;
}

async function examine(path: string, origin: FfmpegOrigin, searchPath: string): Promise<Ffmpeg> {
  // Asked for its encoders it also says what it is: it has so many libraries that each start of it counts.
  const encoders = await ask(path, "-encoders");
  const about = encoders.stderr + encoders.stdout;
  const version = /^ffmpeg version (\S+)/m.exec(about)?.[1];
  // Development builds carry no release number, but every build names its libraries: 5.1 came with libavutil 57.28.
  const [, major = "0", minor = "0"] = /libavutil\s+(\d+)\.\s*(\d+)/.exec(about) ?? [];
  if (version === undefined) throw new FfmpegUnusable(`${path} is not FFmpeg`);
  if (Number(major) * 1000 + Number(minor) < 57_028)
    throw new FfmpegUnusable(`FFmpeg ${version} at ${path} is older than 5.1`);
  const [filters, codecs] = await Promise.all([
    ask(path, "-hide_banner", "-filters"),
    ask(path, "-hide_banner", "-codecs"),
  ]);
  const listed = new Set(`${encoders.stdout} ${filters.stdout}`.match(/[\w-]+/g));
  const missing = required.filter((name) => !listed.has(name));
  if (missing.length > 0) throw new FfmpegUnusable(`FFmpeg ${version} at ${path} lacks ${missing.join(", ")}`);
  const capabilities = [...required, ...optional].filter((name) => listed.has(name));
  const decodableCodecs = new Set(Array.from(codecs.stdout.matchAll(/^ D\S{5} (\w+) /gm), ([, name = ""]) => name));
  const ffprobe = await probeBeside(path, origin, searchPath);
  return { path, origin, version, ffprobe, capabilities, decodableCodecs };
}

async function probeBeside(path: string, origin: FfmpegOrigin, searchPath: string): Promise<string | undefined> {
  const folders = [dirname(path), dirname(await realpath(path))].join(delimiter);
  const [ffprobe] = await find("ffprobe", origin === "path" ? `${folders}${delimiter}${searchPath}` : folders);
  const { stdout } = ffprobe === undefined ? nothing : await ask(ffprobe, "-version").catch(() => nothing);
  const works = stdout.startsWith("ffprobe version");
  return works ? ffprobe : undefined;
}

/** Every program of this name, in the order of the search path. */
async function find(name: string, searchPath: string): Promise<string[]> {
  const paths: string[] = [];
  for (const folder of searchPath.split(delimiter).filter(isAbsolute)) {
    const path = join(folder, name);
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) paths.push(path);
  }
  return paths;
}

const execute = promisify(execFile);

const nothing = { stdout: "", stderr: "" };

/** The program's output for these flags. */
async function ask(path: string, ...flags: string[]): Promise<{ readonly stdout: string; readonly stderr: string }> {
  try {
    return await execute(path, flags, { timeout: 10_000, env: {}, maxBuffer: 4 * 1024 ** 2 });
  } catch (cause) {
    throw new FfmpegUnusable(`${path} does not run`, { cause });
  }
}
