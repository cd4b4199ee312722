/** Why a file cannot become media: stable codes for programs, each with one sentence for people. */
export const rejections = {
  "media.empty": "the file is empty",
  "media.unsupported": "the file is not a video, audio or picture format that can be read here",
  "media.format_off": "this server does not take files of this kind at the moment",
  "media.unreadable": "the file is damaged or incomplete and cannot be read",
  "media.encrypted": "the file is encrypted to protect it against copying and cannot be played",
  "media.no_streams": "the file holds neither a picture nor sound",
  "media.unknown_picture": "the picture is in a format that this server cannot decode",
  "media.unknown_sound": "the sound is in a format that this server cannot decode",
  "media.too_many_streams": "the file holds more than 64 pictures and sounds",
  "media.too_many_pixels": "the picture is larger than 16384 pixels a side or 35651584 pixels in all",
  "media.too_long": "the file plays for more than 12 hours",
  "media.too_slow": "processing made no progress or took too long",
  "media.too_costly": "processing needed more memory, time or space than one file may use",
  "media.short_of_memory": "the server had too little memory to process this for a day",
  "media.decoder_failed": "the decoder ended with an error before the end of the file",
  "media.result_short": "the converted film ended before its source, and was not published",
  "media.server_fault": "this server failed, not the file; the log of the server has the reason",
} as const;

export type Rejection = keyof typeof rejections;

/** The file itself is at fault: trying again cannot help. */
export class MediaRejected extends Error {
  override readonly name = "MediaRejected";
  readonly code: Rejection;

  constructor(code: Rejection, options?: ErrorOptions) {
    super(rejections[code], options);
    this.code = code;
  }
}
