// Runs on any Node from 20 on, before anything is installed: plain JavaScript that imports nothing but `node:`.
import { join } from "node:path";
import { provideFfmpeg } from "./bootstrap/ffmpeg.mjs";
import { handOver } from "./bootstrap/handover.mjs";
import { Stop } from "./bootstrap/messages.mjs";
import { providePackages } from "./bootstrap/packages.mjs";
import { root } from "./bootstrap/root.mjs";
import { provideWeb } from "./bootstrap/web.mjs";

/** What each command needs before it starts, and the program of the pinned Node it hands over to. */
const commands = {
  start: { needs: [provideWeb, provideFfmpeg], program: () => ["cmd/serve.ts"] },
  test: { needs: [], program: () => ["scripts/test.ts", "test"] },
  "test:ci": { needs: [], program: () => ["scripts/test.ts", "test:ci"] },
  "test:crash": { needs: [provideFfmpeg], program: () => ["scripts/crash.ts"] },
  "test:upload": { needs: [provideFfmpeg], program: () => ["scripts/interrupted-upload.ts"] },
  "test:workers": { needs: [provideFfmpeg], program: () => ["scripts/killed-workers.ts"] },
  check: { needs: [], program: () => ["scripts/test.ts", "check"] },
  supply: { needs: [], program: () => ["scripts/supply.ts", "online"] },
  doctor: { needs: [], program: () => ["cmd/cli.ts", "doctor"] },
  rebuild: { needs: [], program: () => ["cmd/cli.ts", "rebuild"] },
  user: { needs: [], program: () => ["cmd/cli.ts", "user"] },
  transfer: { needs: [], program: () => ["cmd/cli.ts", "transfer"] },
  bench: { needs: [provideWeb, provideFfmpeg], program: (name = "") => [`bench/${benchName(name)}.ts`] },
  generate: { needs: [], program: () => ["scripts/generate.ts"] },
};

function benchName(name) {
  if (/^[a-z0-9-]+$/.test(name)) return name;
  throw new Stop("say which measurement: npm run bench -- NAME, where bench/NAME.ts exists");
}

async function main([name = "", ...args]) {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) throw new Stop(`commands are ${Object.keys(commands).join(", ")}`, 2);
  const program = command.program(...args);
  const node = await providePackages();
  // Help and a printed version need nothing else, and should not wait for it.
  if (!args.includes("--help")) for (const provide of command.needs) await provide(node);
  const given = name === "bench" ? args.slice(1) : args;
  await handOver(node, [join(root, program[0]), ...program.slice(1), ...given]);
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error instanceof Stop ? `kinora: ${error.message}` : error);
  process.exitCode = error instanceof Stop ? error.exitCode : 1;
});
