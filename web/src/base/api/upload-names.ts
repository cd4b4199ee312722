/** The names under which uploads are kept on this device; the first page knows them too, which forgets them on log-out. */

/** Each video of the queue has an entry of its own, which only its tab writes. */
export const uploadPrefix = "kinora.upload.";
/** The choices of the video that was published last. */
export const choicesKey = "kinora.upload-choices";
