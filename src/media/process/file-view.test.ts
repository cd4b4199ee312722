import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { withFileView } from "./file-view.ts";

const skip = process.getuid?.() === 0 ? false : "mounts are made as root only";

/** Lists folders of the system that no decoder needs. */
const others = "ls -d /home /root /sys /tmp /var 2>/dev/null || :";

/** The output of a shell script in a file view, in a mount namespace that `prepare` has changed. */
function viewed(prepare: string, command: string): string {
  const inside = withFileView(["/bin/sh", "-c", command], { reads: [], outputFolder: undefined, tasksMax: "4096" });
  const outside = `${prepare}; exec unshare --user --map-root-user --mount --pid --fork "$@"`;
  const args = ["--mount", "/bin/sh", "-c", outside, "outside", ...inside];
  const { status, stdout, stderr } = spawnSync("unshare", args, { encoding: "utf8" });
  assert.equal(status, 0, stderr);
  return stdout.trim();
}

test("a file view has the processes of its own namespace alone", { skip }, () => {
  assert.equal(viewed(":", `echo /proc/[0-9]*; ${others}`), "/proc/1");
});

test("a file view has no processes where a container hides a part of /proc", { skip }, () => {
  const hide = "mount -t tmpfs hidden /proc/irq";
  assert.equal(viewed(hide, `ls /proc; ${others}`), "");
});
