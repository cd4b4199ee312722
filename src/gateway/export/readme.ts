import type { Language } from "#kernel";

interface ReadmeParts {
  readonly username: string;
  readonly site: string;
  readonly atMs: number;
  readonly hasOriginals: boolean;
}

/** The text that explains an export to its reader. Pure. */
export const readmeOf = (language: Language, parts: ReadmeParts): string =>
  language === "zh" ? chinese(parts) : english(parts);

const english = ({ username, site, atMs, hasOriginals }: ReadmeParts) => `Your data
=========

This archive has the data of the account @${username} on ${site}, as it was on ${new Date(atMs).toISOString()}.

The files are JSON (UTF-8). Times are in UTC, lengths in seconds, sizes in bytes. Addresses lead to the site; those of
your own videos and files work while you are signed in.

profile.json          your profile
account.json          your e-mail address and the devices that are signed in
settings.json         notifications, histories, filters of timed comments
videos.json           your videos with their details and addresses
comments.json         comments that you wrote
timed-comments.json   timed comments that you wrote
likes.json            videos that you like
saved-videos.json     videos that you saved, and in which folder
saved-folders.json    your folders of saved videos
playlists.json        your playlists
playlist-videos.json  the videos in them, in their order
following.json        accounts that you follow
followers.json        accounts that follow you
blocked.json          accounts that you block
watch-history.json    videos that you watched
search-history.json   your recent searches
not-interested.json   what you do not want to see
coins.json            every move of your coins
payouts.json          the payouts that you asked for
messages.json         messages that you wrote
drive.json            the files in your drive, with their paths
reports.json          your reports to the moderators
decisions.json        decisions of moderators about you and your content
${hasOriginals ? "videos/               the files that you uploaded as videos, by their number; missing.json lists those that are not stored any more\n" : ""}
Not in this archive: messages that others wrote to you, content that moderators removed, and the files of your drive,
which you can download as an archive of their own in the drive.
`;

const chinese = ({ username, site, atMs, hasOriginals }: ReadmeParts) => `你的数据
========

这份压缩包包含账号 @${username} 在 ${site} 上的数据，截至 ${new Date(atMs).toISOString()}。

文件均为 JSON（UTF-8）。时间为 UTC，时长以秒计，大小以字节计。链接指向本站；你自己的视频和文件的链接在登录后可以打开。

profile.json          个人资料
account.json          邮箱和已登录的设备
settings.json         通知、历史记录和弹幕过滤设置
videos.json           你的视频，包括详细信息和链接
comments.json         你写的评论
timed-comments.json   你发的弹幕
likes.json            你点赞的视频
saved-videos.json     你收藏的视频及所在收藏夹
saved-folders.json    你的收藏夹
playlists.json        你的播放列表
playlist-videos.json  播放列表中的视频，按顺序排列
following.json        你关注的账号
followers.json        关注你的账号
blocked.json          你拉黑的账号
watch-history.json    你看过的视频
search-history.json   最近的搜索
not-interested.json   你不感兴趣的内容
coins.json            金币的每一笔收支
payouts.json          你的提现申请
messages.json         你发出的私信
drive.json            网盘中的文件及路径
reports.json          你提交的举报
decisions.json        版主对你和你的内容作出的处理
${hasOriginals ? "videos/               你上传的视频原文件，以编号命名；missing.json 列出已不再保存的文件\n" : ""}
未包含：他人发给你的私信、被版主移除的内容，以及网盘文件本身（可在网盘中打包下载）。
`;
