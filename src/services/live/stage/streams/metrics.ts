import type { LiveHost } from "../../settings.ts";
import { onAir } from "../../room/rooms/room-store.ts";
import type { Streams } from "./streams.ts";

/** The metrics of the streams in this process, for operators. */
export function measureStreams({ gauge, db }: Pick<LiveHost, "gauge" | "db">, streams: Streams): void {
  const sending = () => streams.all.filter(({ isAttended }) => isAttended);
  gauge("streams", "live streams whose publisher is connected", [], async () => [[sending().length, {}]]);
  gauge("online", "viewers of live rooms, of all processes", [], async () => [[(await onAir(db)).viewers, {}]]);
  gauge("ingest_bytes_per_second", "bytes a second that publishers send", [], async () => [
    [sending().reduce((sum, { attendance }) => sum + (attendance?.facts.bitrateBps ?? 0), 0) / 8, {}],
  ]);
  gauge("rungs", "encoders of further renditions of live streams", ["state"], async () => {
    const states = streams.all.flatMap(({ rungStates }) => rungStates.map(({ state }) => state));
    return (["starting", "steady", "degraded", "given_up"] as const).map((state) => [
      states.filter((candidate) => candidate === state).length,
      { state },
    ]);
  });
}
