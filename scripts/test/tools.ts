import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, globSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Debian keeps the programs of servers in a folder for each version. */
const debianPostgres = (): readonly string[] => globSync("/usr/lib/postgresql/*/bin/pg_basebackup");

/** The places of each tool, by program name or full path, and the Debian packages that bring it. */
const knownTools = {
  // Its shell makes tests cheaper, and they do without it.
  chromium: {
    names: ["chromium", "chromium-browser", "google-chrome"],
    packages: ["chromium", "chromium-headless-shell"],
  },
  ffmpeg: { names: ["ffmpeg"], packages: ["ffmpeg"] },
  // Its sandbox costs a tenth of what the one of system tools does, for each run of FFmpeg.
  bubblewrap: { names: ["bwrap"], packages: ["bubblewrap"] },
  ffprobe: { names: ["ffprobe"], packages: ["ffmpeg"] },
  nginx: { names: ["nginx", "/usr/sbin/nginx"], packages: ["nginx-light", "libnginx-mod-stream"] },
  "redis-server": { names: ["redis-server"], packages: ["redis-server"] },
  etcd: { names: ["etcd"], packages: ["etcd-server"] },
  haproxy: { names: ["haproxy", "/usr/sbin/haproxy"], packages: ["haproxy"] },
  pgbouncer: { names: ["pgbouncer", "/usr/sbin/pgbouncer"], packages: ["pgbouncer"] },
  nats: { names: ["nats-server", "/usr/sbin/nats-server"], packages: ["nats-server"] },
  postgresql: { names: debianPostgres(), packages: ["postgresql"] },
  prometheus: { names: ["promtool"], packages: ["prometheus"] },
  thrift: { names: ["thrift"], packages: ["thrift-compiler"] },
  systemd: { names: ["systemd-analyze"], packages: ["systemd"] },
  // It is the one in Debian that has the schema of the compose specification, and starts nothing for `config`.
  "docker-compose": { names: ["docker-compose"], packages: ["docker-compose"] },
  buildah: { names: ["buildah"], packages: ["buildah"] },
  debootstrap: { names: ["debootstrap", "/usr/sbin/debootstrap"], packages: ["debootstrap"] },
  "cjk-font": { names: ["/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"], packages: ["fonts-noto-cjk"] },
} as const;
export type Tool = keyof typeof knownTools;
/** Tools that only make tests cheaper. */
const optional: ReadonlySet<Tool> = new Set(["bubblewrap"]);

const installSecondsMax = 300;

/** Tools that are needed and not there. */
export const missing = (tools: readonly Tool[]): Tool[] =>
  tools.filter((tool) => !optional.has(tool) && !isPresent(tool));

function isPresent(tool: Tool): boolean {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return knownTools[tool].names.some((name) =>
    name.startsWith("/") ? existsSync(name) : folders.some((folder) => isProgram(join(folder, name))),
  );
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Installs what is missing where that is allowed: on a Debian whose root we are. Says what it did not do. */
export function provideTools(tools: readonly Tool[], say: (line: string) => void): void {
  const absent = tools.filter((tool) => !isPresent(tool));
  if (absent.length === 0) return;
  const packages = [...new Set(absent.flatMap((tool) => knownTools[tool].packages))];
  const command = `apt-get install --no-install-recommends ${packages.join(" ")}`;
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) {
    say(`missing: ${absent.join(", ")}; to have them, run as root: ${command}`);
    return;
  }
  say(`installing ${packages.join(", ")}`);
  withoutDaemons(() => {
    if (apt(["install", ...packages])) return;
    apt(["update"]);
    if (!apt(["install", ...packages])) say(`could not be installed: ${packages.join(", ")}`);
  });
}

/** Waits for another apt instead of failing, and never asks. */
function apt(args: readonly string[]): boolean {
  const options = ["-y", "-q", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300"];
  const { status } = spawnSync("apt-get", [...options, ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    stdio: ["ignore", "ignore", "inherit"],
    timeout: installSecondsMax * 1_000,
  });
  return status === 0;
}

/** Debian starts a server when its package is installed, unless this file forbids it. */
function withoutDaemons(work: () => void): void {
  const policy = "/usr/sbin/policy-rc.d";
  const isOurs = !existsSync(policy);
  if (isOurs) writeFileSync(policy, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    work();
  } finally {
    if (isOurs) rmSync(policy);
  }
}
