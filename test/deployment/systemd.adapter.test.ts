import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";

const folder = join(import.meta.dirname, "../../deploy/systemd");

describe("the unit files for systemd", () => {
  for (const name of ["kinora.service", "kinora@.service"]) {
    it(`${name} is valid`, () => {
      const { status, stderr } = spawnSync("systemd-analyze", ["verify", "--man=no", join(folder, name)], {
        encoding: "utf8",
      });
      assert.deepEqual([status, stderr], [0, ""]);
    });

    it(`${name} restarts a failed server, and keeps it when a media process is ended for want of memory`, async () => {
      const text = await readFile(join(folder, name), "utf8");
      const settings = new Map(
        text.split("\n").map((line) => {
          const [key = "", value = ""] = line.split("=", 2);
          return [key, value];
        }),
      );
      assert.deepEqual(
        ["Restart", "OOMPolicy", "KillMode", "LimitNOFILE", "ProtectSystem", "NoNewPrivileges"].map((key) =>
          settings.get(key),
        ),
        ["on-failure", "continue", "mixed", "65536", "strict", "yes"],
      );
      // Each takes the sandbox of media processes away, or the compiler of JavaScript.
      for (const key of ["RestrictNamespaces", "ProtectProc", "MemoryDenyWriteExecute"])
        assert.ok(!settings.has(key), key);
    });
  }
});
