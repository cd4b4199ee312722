import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { EventType } from "#kernel";
import { loadPlugins } from "../../cmd/services.ts";
import type { Generate } from "../generate.ts";

const root = join(import.meta.dirname, "../..");

/** The reference of the events, for developers of consumers inside and outside. */
export const generate: Generate = async () => {
  const meanings = await meaningsByName();
  const published = (await loadPlugins()).flatMap(({ contract: { name: publisher }, events = [] }) =>
    events.map((event) => ({ publisher, event })),
  );
  const byEvent = Map.groupBy(published, ({ event }) => event.name);
  const isShared = ({ event }: (typeof published)[number]) => (byEvent.get(event.name)?.length ?? 0) > 1;
  const byTitle = Map.groupBy(published, (announcement) =>
    isShared(announcement) ? "Several services" : announcement.publisher,
  );
  const sections = [...byTitle].map(([title, ofTitle]) => {
    const events = new Map(ofTitle.map(({ event }) => [event.name, event]));
    const rows = [...events].map(
      ([name, event]) => `| \`${name}\` | ${fieldsOf(event)} | ${meanings.get(name) ?? ""} |`,
    );
    return `## ${title}\n\n| event | payload | meaning |\n|---|---|---|\n${rows.join("\n")}\n`;
  });
  return { "docs/events.md": `${intro}\n${sections.join("\n")}` };
};

/** The comment of each event's declaration, by the event's name. */
async function meaningsByName(): Promise<Map<string, string>> {
  const paths = await Array.fromAsync(glob(["src/events/*.ts", "src/kernel/host/audited.ts"], { cwd: root }));
  const texts = await Promise.all(paths.map((path) => readFile(join(root, path), "utf8")));
  const declarations = texts.flatMap((text) => [
    ...text.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\nexport const \w+ = event\(\s*"([^"]+)"/g),
  ]);
  return new Map(
    declarations.map(([, comment = "", name = ""]) => [
      name,
      comment
        .replaceAll(/ \(security S[\d.]+\)/g, "")
        .replaceAll(/\s*\n \*\s*/g, " ")
        .replaceAll(/\{@link (\w+)\}/g, "`$1`")
        .replaceAll("|", "\\|")
        .trim(),
    ]),
  );
}

function fieldsOf({ payload }: EventType): string {
  const { properties = {}, required = [] } = z.toJSONSchema(payload, { io: "output", unrepresentable: "any" });
  const names = Object.keys(properties).map((name) => `\`${name}${required.includes(name) ? "" : "?"}\``);
  return names.join(", ");
}

const intro = `# Events

<!-- Made by \`npm run generate\` from src/events and the services' plugins. -->

A service publishes an event in the transaction of the change that it reports, through its outbox
([ADR 024](adr/024-a-log-per-publisher-and-a-cursor-per-consumer.md)). An event has an id, a type (its name below, with
the version), a source (the service), a time, a trace, a key and a payload. Consumers inside Kinora get each event at
least once and in order per source and key; each applies it once. A payload has 64 KiB at most, and gains fields without
a new version.

## Consumers outside

Where \`KINORA_NATS_URL\` is set, every event is in the JetStream stream \`KINORA_EVENTS\` for 24 hours, under
\`kinora.events.<partition>.<source>\`; the partition is the key modulo 4. The payload is JSON. The id of the event is
\`Nats-Msg-Id\`; \`Kinora-Type\`, \`Kinora-Source\`, \`Kinora-Key\` and \`Kinora-Trace\` are headers. Use durable consumers of
your own, in an account of NATS that may not publish there, and expect an event twice.

- \`metadata.*\` are for such consumers, for example a search engine or a cache of your own. The search and the caches of
  Kinora follow \`video.*\`, which report the same changes with all their fields.
- \`service.registered\` and \`service.deregistered\` are published by the service \`monitor\`, which sees the reports of all
  processes: one event for each service of a process. A process that is killed is \`away\` after three minutes.
- \`streaming.started\` and \`streaming.stopped\` are one pair for a viewer and a video: a viewer is a session, or a client
  network where nobody is signed in. Segments that a CDN or the cache of a gateway answers are not seen; the start is, as
  every manifest comes from the service. A viewer who asks for nothing for ten minutes has stopped.
- \`live.user_joined\` and \`live.user_left\` are about accounts, one pair for a stay in a room, by whichever sockets and
  gateways. Visitors without an account are only counted (\`onlineCount\`).
- \`cache.invalidated\` and \`cache.warmed\` report what administrators or services did to the
  [caches](operate.md#caches).
`;
