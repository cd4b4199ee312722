import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Ways a decoder goes wrong; each is a shell script in place of FFmpeg. `$$` of its helpers lands in the file `pids`. */
const scripts = {
  works: "echo frame=1; echo out_time_us=1500000; echo progress=end",
  hang: "echo frame=1; exec sleep 600",
  repeat: "while :; do echo frame=1; echo out_time_us=N/A; echo progress=continue; sleep 0.05; done",
  crash: "echo 'Conversion failed!' >&2; exit 69",
  segfault: "kill -SEGV $$",
  killed: "kill -KILL $$",
  fork: "for n in 1 2 3; do sleep 600 & echo $! >> pids; done; exit 0",
  escape: "setsid sh -c 'echo $$ >> pids; exec sleep 600' & while [ ! -s pids ]; do sleep 0.02; done; exec sleep 600",
  // Only after a first look has found nothing.
  multiply: "echo frame=1; sleep 1.2; for n in $(seq 80); do sleep 600 & done; exec sleep 600",
  late: "setsid sh -c 'echo > on; sleep 0.2; echo its last words >&2; echo > said' & while [ ! -s on ]; do sleep 0.02; done; exit 0",
  flood: "exec yes 'a line that is repeated without end'",
  floodMessages: "yes 'a message that is repeated without end' | head -c 20000000 >&2; exit 1",
  spend: "while :; do :; done",
  fill: "exec dd if=/dev/zero of=output bs=65536 count=1000",
  silent: "exit 0",
} as const;
export type FakeMode = keyof typeof scripts;

/** Writes the fake into `at` and yields the command that runs it. */
export async function fakeDecoder(at: string, mode: FakeMode): Promise<string[]> {
  const path = join(at, `${mode}.sh`);
  await writeFile(path, `#!/bin/sh\n${scripts[mode]}\n`);
  await chmod(path, 0o755);
  return [path];
}
