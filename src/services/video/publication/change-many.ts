import { type Call, type Handlers, type Id, KinoraError } from "#kernel";
import { NothingToChange, type video } from "../contract.ts";

type Change = Pick<Handlers<typeof video>, "update" | "addToPlaylist">;
interface Parts extends Change {
  /** @throws what says that the playlist is not the caller's */
  readonly requirePlaylist: (id: Id, call: Call) => Promise<unknown>;
  readonly removeOne: (id: Id, call: Call) => Promise<unknown>;
}

/** Changes several videos by the commands for one, one after the other. */
export function createChangesOfMany({
  update,
  addToPlaylist,
  requirePlaylist,
  removeOne,
}: Parts): Pick<Handlers<typeof video>, "changeMany"> {
  return {
    async changeMany({ ids, playlistId, delete: isDeletion, ...changes }, call) {
      const isChange = playlistId !== undefined || Object.values(changes).some((value) => value !== undefined);
      if (isChange === (isDeletion === true)) throw NothingToChange({});
      if (playlistId !== undefined) await requirePlaylist(playlistId, call);

      async function changeOne(id: Id): Promise<void> {
        if (isDeletion) return void (await removeOne(id, call));
        // Without changes it still requires that the video is the caller's.
        await update({ id, ...changes }, call);
        if (playlistId !== undefined) await addToPlaylist({ id: playlistId, videoId: id }, call);
      }

      const done: Id[] = [];
      const failed: { id: Id; error: string }[] = [];
      for (const id of new Set(ids)) {
        try {
          await changeOne(id);
          done.push(id);
        } catch (error) {
          // Any other error is a fault of the server, which the caller and the log must see.
          if (!(error instanceof KinoraError)) throw error;
          failed.push({ id, error: error.code });
        }
      }
      return { done, failed };
    },
  };
}
