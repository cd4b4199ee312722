import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { systemChildren } from "#media/process/children";
import { soundRungArguments } from "#media/live/renditions/rung-ladder";
import { SoundPipe } from "#media/live/renditions/sound-pipe";
import { opusFormat, opusUnits } from "#media/live/testing";
import { ownCpuMs, record } from "../record.ts";

/* The cost of a live stream's sound in AAC: one encoder is fed with Opus at the pace of the stream. */
const seconds = 70;
/** Before it the process starts. */
const fromS = 10;

const units = await opusUnits(seconds, "anoisesrc=color=pink:sample_rate=48000:amplitude=0.3");
const env = { PATH: process.env["PATH"] ?? "" };
const child = await systemChildren.start(["ffmpeg", ...soundRungArguments(opusFormat)], { env, hasInput: true });
let sentBytes = 0;
child.stdout.on("data", (bytes: Buffer) => (sentBytes += bytes.length));
child.stderr.resume();
const pipe = new SoundPipe(opusFormat, { format: () => undefined, frame: () => undefined });
const beganMs = performance.now();
let before = { cpuMs: 0, bytes: 0 };
for (const unit of units) {
  const atMs = unit.pts / 90;
  await pause(Math.max(0, beganMs + atMs - performance.now()));
  if (atMs === fromS * 1_000) before = { cpuMs: await ownCpuMs(child.pid), bytes: sentBytes };
  child.stdin?.write(pipe.write(unit));
}
const lastsS = seconds - fromS;
const usedMs = (await ownCpuMs(child.pid)) - before.cpuMs;
const [, residentKb] = /^VmRSS:\s+(\d+)/m.exec(await readFile(`/proc/${child.pid}/status`, "utf8")) ?? [];
systemChildren.endGroup(child.pid);
await record("live-sound", [
  `${lastsS} s of pink noise in stereo, at the pace of a stream.`,
  "",
  "| CPU of one core | memory | bits a second |",
  "|---|---|---|",
  `| ${(usedMs / lastsS / 10).toFixed(1)} % | ${Math.round(Number(residentKb) / 1024)} MB | ${Math.round(((sentBytes - before.bytes) * 8) / lastsS / 1_000)} k |`,
]);
