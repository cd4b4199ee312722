/** The names under which uploads are kept on this device; the first page knows them too, which forgets them on log-out. */

/** The database of the files on their way. */
export const queueDatabase = "kinora-queue";
/** Says on every page that a file is on its way to the drive. */
export const queueMark = "kinora.queue";
/** The choices of the video that was published last. */
export const choicesKey = "kinora.upload-choices";
