import type { Language } from "#kernel";
import { exportParts } from "./parts/parts.ts";

interface ReadmeParts {
  readonly username: string;
  readonly site: string;
  readonly atMs: number;
  readonly hasOriginals: boolean;
}

/** The text that explains an export to its reader. Pure. */
export const readmeOf = (language: Language, parts: ReadmeParts): string =>
  language === "zh" ? chinese(parts) : english(parts);

/** A line for each file of the archive. */
function linesOf(language: Language, { hasOriginals }: ReadmeParts): string {
  const files = [
    ...exportParts.map(({ name, about }) => ({ name, about: about[language] })),
    ...(hasOriginals ? folders.map(({ name, about }) => ({ name, about: about[language] })) : []),
  ];
  const width = Math.max(...files.map(({ name }) => name.length)) + 2;
  return files.map(({ name, about }) => `${name.padEnd(width)}${about}\n`).join("");
}

const folders = [
  { name: "pictures/", about: { en: "the pictures of your profile", zh: "头像和背景图" } },
  {
    name: "videos/",
    about: {
      en: "your videos as you uploaded them, their captions and covers, by their number",
      zh: "你上传的视频原文件、字幕和封面，以编号命名",
    },
  },
  { name: "drive/", about: { en: "the files of your drive in their folders", zh: "网盘文件，按文件夹存放" } },
  {
    name: "missing.json",
    about: { en: "files that are not stored any more, if there are any", zh: "已不再保存的文件（如有）" },
  },
] as const;

const english = (parts: ReadmeParts) => `Your data
=========

This archive has the data of the account @${parts.username} on ${parts.site}, as it was on ${new Date(parts.atMs).toISOString()}.

The files are JSON (UTF-8). Times are in UTC, lengths in seconds, sizes in bytes. Addresses lead to the site; those of
your own videos and files work while you are signed in. export.json says for programs what this archive is.

${linesOf("en", parts)}
Not in this archive: messages that others wrote to you, content that moderators removed${
  parts.hasOriginals ? "" : ", and the files themselves, which an export with files has"
}. Passwords, keys and tokens are in no export.
`;

const chinese = (parts: ReadmeParts) => `你的数据
========

这份压缩包包含账号 @${parts.username} 在 ${parts.site} 上的数据，截至 ${new Date(parts.atMs).toISOString()}。

文件均为 JSON（UTF-8）。时间为 UTC，时长以秒计，大小以字节计。链接指向本站；你自己的视频和文件的链接在登录后可以打开。
export.json 供程序识别这份压缩包。

${linesOf("zh", parts)}
未包含：他人发给你的私信、被版主移除的内容${parts.hasOriginals ? "" : "，以及文件本身（可选择包含文件的导出）"}。
密码、密钥和令牌不会出现在任何导出中。
`;
