// Runs on any Node from 20 on, before anything is installed: plain JavaScript that imports nothing but `node:`.
import { join } from "node:path";
import { assertArguments, commands, usageOf } from "./bootstrap/commands.mjs";
import { handOver } from "./bootstrap/handover.mjs";
import { Stop } from "./bootstrap/messages.mjs";
import { providePackages } from "./bootstrap/packages.mjs";
import { root } from "./bootstrap/root.mjs";

async function main([name = "", ...args]) {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined)
    throw new Stop(`there is no command ${name}; commands are ${Object.keys(commands).join(", ")}`, 2);
  const wantsHelp = args.includes("--help") || args.includes("-h");
  const usage = wantsHelp ? await usageOf(command) : undefined;
  if (usage !== undefined) return console.log(usage);
  await assertArguments(command, args);
  const [program, ...first] = await command.program(args);
  const node = await providePackages();
  // Help needs nothing else, and should not wait for it.
  if (!wantsHelp) for (const provide of command.needs) await provide(node);
  await handOver(node, [
    ...(command.node ?? []),
    join(root, program),
    ...first,
    ...(command.isBench ? args.slice(1) : args),
  ]);
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error instanceof Stop ? `kinora: ${error.message}` : error);
  process.exitCode = error instanceof Stop ? error.exitCode : 1;
});
