import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { glob, readFile, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, describe, it, type TestContext } from "node:test";
import { promisify } from "node:util";
import { cpuTimeOf } from "#test/process/cpu-time";
import { isNightly } from "#test/depth";
import { until } from "#test/until";
import { bannerArguments } from "./banner.ts";
import { systemChildren } from "../process/children.ts";
import type { Demuxer } from "../container.ts";
import { type Ffmpeg, resolveFfmpeg } from "../process/ffmpeg.ts";
import { describeArguments } from "./ffprobe.ts";
import { flags } from "../flags.ts";
import { input, quiet } from "../lock.ts";
import { run } from "../process/run.ts";
import { createSandbox } from "../process/sandbox.ts";
import { mediaContainer, sniff } from "../sniff.ts";
import { clip, folder, probeFile, testTools, without } from "../testing.ts";

const tools = await testTools();
const execute = promisify(execFile);
/** All kinds of FFmpeg there are here: the one that would be used, and the provided one where it was fetched. */
const kinds: Ffmpeg[] = tools ? [tools.ffmpeg] : [];
for await (const provided of glob(".kinora/*/node_modules/@ffmpeg-binary/*/ffmpeg", {
  cwd: join(import.meta.dirname, "../../.."),
})) {
  const ffmpeg = await resolveFfmpeg({ searchPath: "", provided: join(import.meta.dirname, "../../..", provided) });
  if (ffmpeg && ffmpeg.path !== tools?.ffmpeg.path) kinds.push(ffmpeg);
}
describe("hostile media files", { skip: without(tools, "FFmpeg") }, () => {
  before(listen);
  after(() => {
    web.close();
    datagrams.close();
  });

  for (const [nth, ffmpeg] of kinds.entries()) {
    it(`reach addresses and files through an unrestricted FFmpeg ${ffmpeg.version}`, async (t) => {
      const trap = await Trap.set(t);
      const free = (args: string[]) =>
        execute(ffmpeg.path, ["-v", "quiet", "-nostdin", ...args]).catch(() => undefined);
      const hls = ["-allowed_extensions", "ALL", "-f", "hls"];
      await writeFile(join(trap.at, "a.m3u8"), playlist(trap.url("free.ts")));
      await free(["-protocol_whitelist", "file,http,tcp", ...hls, "-i", join(trap.at, "a.m3u8"), "-f", "null", "-"]);
      await until(() => requests > 0);
      await writeFile(join(trap.at, "b.m3u8"), playlist("canary.ts"));
      await free([...hls, "-i", join(trap.at, "b.m3u8"), "-c", "copy", join(trap.at, "stolen.ts")]);
      await until(() => trap.isSprung());
      assert.ok((await stat(join(trap.at, "stolen.ts"))).size > 10_000);
      const sends = flags("-v quiet -f lavfi -i color=s=64x64:d=0.1 -c:v mpeg2video -f mpegts");
      await execute(ffmpeg.path, [...sends, `udp://127.0.0.1:${datagrams.address().port}`]);
      await until(() => packets > 0);
    });

    it(`make FFmpeg ${ffmpeg.version} follow an external data reference only with its options for that`, async (t) => {
      const trap = await Trap.set(t);
      const { reference } = await referring(trap, ffmpeg);
      const options = ["-enable_drefs", "1", "-use_absolute_path", "1"];
      const read = (more: string[]) =>
        execute(ffmpeg.path, ["-v", "quiet", "-nostdin", ...more, "-i", reference, "-f", "null", "-"]).catch(() => "");
      await read([]);
      assert.equal(trap.isSprung(), false);
      await read(options);
      await until(() => trap.isSprung());
    });

    it(`reach nothing through FFmpeg ${ffmpeg.version} as Kinora calls it, with any demuxer (S4.4)`, async (t) => {
      const trap = await Trap.set(t);
      const files = await hostile(trap, ffmpeg);
      const before = [requests, packets];
      let runs = 0;
      // Without any sandbox, so that the locks alone have to hold; the sniffer would let few of these come so far.
      const look = async (program: string, args: readonly string[]) => {
        runs += 1;
        const command = createSandbox("none", false).wrap(
          [program, ...args],
          { cpuSeconds: 20, fileBytes: 1e9 },
          { inputs: [] },
        );
        const output = await run(systemChildren, { command, cwd: trap.at, deadlineMs: 20_000 }).then(
          ({ output, messages }) => output + messages,
          (error: { messages?: string }) => error.messages ?? "",
        );
        assert.ok(!output.includes(secret), `${args.join(" ")}: ${output}`);
      };
      // With two kinds of FFmpeg, each takes every file and every demuxer, and not every pair of them.
      const isItsTurn = (pair: number) => isNightly || pair % kinds.length === nth;
      const all = files.flatMap((path) => taken.map((demuxer): [string, Demuxer] => [path, demuxer]));
      const own = all.filter((_, pair) => isItsTurn(pair));
      for (let at = 0; at < own.length; at += 4)
        await Promise.all(
          own.slice(at, at + 4).map(async ([path, demuxer]) => {
            const copied = join(trap.at, `out-${at}-${demuxer}.mkv`);
            await look(ffmpeg.path, [...quiet, ...input(demuxer, path), "-map", "0", "-c", "copy", "-t", "5", copied]);
            const bytes = await readFile(copied).catch(() => Buffer.alloc(0));
            assert.ok(!bytes.includes(secret), `${path} as ${demuxer}`);
            if (!ffmpeg.ffprobe) await look(ffmpeg.path, bannerArguments(demuxer, path));
            else if (demuxer === "mov" || demuxer === "mpegts")
              await look(ffmpeg.ffprobe, describeArguments(demuxer, path));
          }),
        );
      assert.ok(runs >= (files.length * taken.length - 1) / (isNightly ? 1 : kinds.length));
      assert.deepEqual([requests, packets], before);
      assert.equal(trap.isSprung(), false);
    });
  }

  it("are refused by the sniffer, except for containers that refer to other files (S4.2)", async (t) => {
    const trap = await Trap.set(t);
    const refused: string[] = [];
    for (const path of await hostile(trap, given(tools).ffmpeg)) {
      const head = (await readFile(path)).subarray(0, 65_536);
      const format = sniff(head);
      if (!format || !("demuxer" in format)) {
        assert.throws(() => mediaContainer(head), { name: "MediaRejected" });
        refused.push(path);
      }
    }
    assert.equal(refused.length, texts(trap).length + 6);
  });

  it("include bombs, which are refused within 300 MB and 10 s of CPU time, with ffprobe and without (S4.5)", async () => {
    for (const ffmpeg of kinds.flatMap((kind) => (kind.ffprobe ? [kind, { ...kind, ffprobe: undefined }] : [kind]))) {
      const { children, peakBytes, cpuMs } = cpuTimeOf(systemChildren);
      const tooling = { ffmpeg, sandbox: createSandbox("none", false), children };
      await assert.rejects(probeFile(tooling, clip("bomb-8192x8192.mp4")), { code: "media.too_many_pixels" });
      const decode = [ffmpeg.path, ...quiet, ...input("mov", clip("bomb-8192x8192.mp4")), ...flags("-f null -")];
      await assert.rejects(run(children, { command: decode, deadlineMs: 100_000 }), { name: "RunFailed" });
      await assert.rejects(probeFile(tooling, clip("corrupt-stts.mp4")), { code: "media.unreadable" });
      assert.ok(peakBytes() > 5e6 && peakBytes() < 300e6, `${ffmpeg.version}: ${peakBytes()} bytes`);
      // CPU time, because the real time on a busy machine says nothing about the files.
      assert.ok(cpuMs() < 10_000, `${cpuMs()} ms for all`);
    }
  });
});

/** One of each family: containers with an index, with packets, with frames of sound, and a picture. */
const taken: readonly Demuxer[] = ["mov", "matroska", "mpegts", "mp3", "gif"];
const secret = `canary${process.pid}x${Date.now()}`;
let requests = 0;
let packets = 0;
const web = createServer((_, response) => {
  requests += 1;
  response.end();
});
const datagrams = createSocket("udp4", () => void (packets += 1));

async function listen(): Promise<void> {
  await once(web.listen(0, "127.0.0.1"), "listening");
  await new Promise<void>((resolve) => datagrams.bind(0, "127.0.0.1", resolve));
}

/**
 * A file whose reading is noticed: a pipe with a name, at which a process waits for a reader to give the film to. Times
 * of access would not show it, as most file systems do not keep them.
 */
class Trap {
  readonly at: string;
  readonly canary: string;
  #sprung = false;

  private constructor(at: string) {
    this.at = at;
    this.canary = join(at, "canary.ts");
  }

  static async set(t: TestContext): Promise<Trap> {
    const trap = new Trap(await folder(t));
    await execute("mkfifo", [trap.canary]);
    await writeFile(join(trap.at, "canary.txt"), secret);
    // Opening a pipe to write waits until there is a reader.
    const giver = spawn(
      "/bin/sh",
      ["-c", 'exec 3>"$1"; echo read; cat "$2" >&3', "giver", trap.canary, clip("ts-offset-7200s.ts")],
      {
        stdio: ["ignore", "pipe", "ignore"],
      },
    );
    giver.stdout.on("data", () => void (trap.#sprung = true));
    t.after(() => giver.kill("SIGKILL"));
    return trap;
  }

  url(path: string): string {
    const address = web.address();
    assert.ok(typeof address === "object" && address !== null);
    return `http://127.0.0.1:${address.port}/${path}`;
  }

  isSprung(): boolean {
    return this.#sprung;
  }
}

const playlist = (...uris: string[]): string =>
  `#EXTM3U\n#EXT-X-TARGETDURATION:10\n${uris.map((uri) => `#EXTINF:10.0,\n${uri}\n`).join("")}#EXT-X-ENDLIST\n`;

/** Files that are words for some program, each named as if it were a film. */
function texts(trap: Trap): [name: string, text: string][] {
  const { canary, at } = trap;
  const port = datagrams.address().port;
  const page = `<!doctype html><video src="file://${canary}"></video><img src="${trap.url("html")}">`;
  const picture = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"><image xlink:href="${trap.url("svg")}"/><image xlink:href="file://${at}/canary.txt"/></svg>`;
  const mpd = (base: string) =>
    `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT4S"><Period><AdaptationSet mimeType="video/mp2t"><Representation id="a" bandwidth="1"><BaseURL>${base}</BaseURL></Representation></AdaptationSet></Period></MPD>`;
  return [
    ["hls-http.mp4", playlist(trap.url("hls.ts"))],
    ["hls-file.mp4", playlist(`file://${canary}`)],
    ["hls-sibling.m3u8", playlist("canary.ts")],
    ["hls-concat.mp4", playlist(`concat:${trap.url("a")}|file://${canary}`)],
    ["hls-subfile.mp4", playlist(`subfile,,start,0,end,64,,:${at}/canary.txt`)],
    [
      "hls-key.mp4",
      `#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="${trap.url("key")}"\n#EXTINF:1,\nhttp://127.0.0.1/\n#EXT-X-ENDLIST\n`,
    ],
    ["concat-absolute.mp4", `ffconcat version 1.0\nfile ${canary}\n`],
    ["concat-sibling.mp4", "ffconcat version 1.0\nfile canary.ts\n"],
    ["concat-http.mp4", `ffconcat version 1.0\nfile ${trap.url("concat")}\n`],
    ["dash-http.mp4", mpd(trap.url("dash"))],
    ["dash-file.mpd", mpd(`file://${canary}`)],
    ["page.mp4", page],
    ["picture.svg", picture],
    ["frames-%03d.png", secret],
    ["session.sdp", `v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video ${port} RTP/AVP 33\n`],
    ["subtitles.idx", `# VobSub index file, v7\nid: en, index: 0\ntimestamp: 00:00:01:000, filepos: 000000000\n`],
    ["subtitles.smi", `<SAMI><BODY><SYNC Start=1><P><img src="${trap.url("sami")}"></BODY></SAMI>`],
    ["list.asx", `<asx version="3.0"><entry><ref href="${trap.url("asx")}"/></entry></asx>`],
    ["list.ram", `${trap.url("ram")}\nfile://${canary}\n`],
    ["script.avs", `Import("${canary}")\n`],
  ];
}

/** Every hostile file: words, our sample clips, and real containers that refer to others. */
async function hostile(trap: Trap, ffmpeg: Ffmpeg): Promise<string[]> {
  const written = await Promise.all(
    texts(trap).map(async ([name, text]) => {
      await writeFile(join(trap.at, name), text);
      return join(trap.at, name);
    }),
  );
  const samples = ["ssrf-hls.mp4", "localfile-hls.mov", "localfile-concat.mp4", "script.svg", "html-as-video.mp4"];
  const { reference, attached } = await referring(trap, ffmpeg);
  // GIF's signature with a script behind it.
  const polyglot = ["polyglot-gif-js.gif", "polyglot-mp4-zip.mp4"];
  const beginning = join(trap.at, "film-then-list.mp4");
  await writeFile(
    beginning,
    Buffer.concat([(await readFile(clip("one-frame.mp4"))).subarray(0, 32), Buffer.from(playlist(trap.url("late")))]),
  );
  return [...written, ...[...samples, ...polyglot].map(clip), reference, attached, beginning];
}

/** A film whose samples are said to be in another file (ISO/IEC 14496-12 §8.7.2), and one with files attached. */
async function referring(trap: Trap, ffmpeg: Ffmpeg): Promise<{ reference: string; attached: string }> {
  const film = await readFile(clip("one-frame.mp4"));
  const at = film.indexOf("dref");
  // version and flags, count, then the entry: size, `url `, flags 1 for `in this file`.
  assert.equal(film.toString("latin1", at + 16, at + 20), "url ");
  const alias = aliasOf(trap.canary);
  const entry = Buffer.alloc(12);
  entry.writeUInt32BE(12 + alias.byteLength);
  entry.write("alis", 4, "latin1");
  const changed = Buffer.concat([film.subarray(0, at + 12), entry, alias, film.subarray(at + 24)]);
  const grown = changed.byteLength - film.byteLength;
  // Every box around it has to grow as well.
  for (const box of ["moov", "trak", "mdia", "minf", "dinf", "dref"]) {
    const place = changed.indexOf(box) - 4;
    changed.writeUInt32BE(changed.readUInt32BE(place) + grown, place);
  }
  const reference = join(trap.at, "reference.mov");
  await writeFile(reference, changed);
  const attached = join(trap.at, "attached.mkv");
  await writeFile(join(trap.at, "attached.m3u8"), playlist(trap.url("attached")));
  const list = ["-attach", join(trap.at, "attached.m3u8"), "-metadata:s:t", "mimetype=application/x-mpegurl"];
  await execute(ffmpeg.path, ["-v", "error", "-y", "-i", clip("one-frame.mp4"), ...list, "-c", "copy", attached]);
  return { reference, attached };
}

/** An alias record of QuickTime: fixed fields, then the path as FFmpeg reads it, tagged 2 (absolute, Mac) and 18 (POSIX). */
function aliasOf(path: string): Buffer {
  const volume = "Disk";
  const fixed = Buffer.alloc(150);
  fixed.writeUInt8(volume.length, 10);
  fixed.write(volume, 11, "latin1");
  const tagged = (type: number, text: string): Buffer => {
    const head = Buffer.alloc(4);
    head.writeInt16BE(type);
    head.writeInt16BE(Buffer.byteLength(text), 2);
    const body = Buffer.from(text);
    return Buffer.concat([head, body, Buffer.alloc(body.byteLength % 2)]);
  };
  const name = path.slice(path.lastIndexOf("/") + 1);
  fixed.writeUInt8(name.length, 50);
  fixed.write(name, 51, "latin1");
  // Both files are in one folder, one level from what they share.
  fixed.writeUInt16BE(1, 130);
  fixed.writeUInt16BE(1, 132);
  return Buffer.concat([fixed, tagged(2, `${volume}${path.replaceAll("/", ":")}`), tagged(18, path), tagged(-1, "")]);
}

function given<T>(value: T | undefined): T {
  assert.ok(value !== undefined);
  return value;
}
