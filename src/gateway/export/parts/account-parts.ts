import { Alert, auth, Invitation } from "#services/auth/contract";
import { interaction } from "#services/interaction/contract";
import { message } from "#services/message/contract";
import { recommend } from "#services/recommend/contract";
import { search } from "#services/search/contract";
import { Import, Upload, upload } from "#services/upload/contract";
import { user } from "#services/user/contract";
import { jsonWriter } from "../../format/json.ts";
import { userView } from "../../rest/views/users.ts";
import { createRowWriter, objectText, writeRows } from "../json-text.ts";
import { type ExportPart, list, single } from "./part.ts";

/** The account itself: profile, ways in, settings. No secret is among them, and no hash of one. */
export const accountParts: readonly ExportPart[] = [
  single(
    "profile",
    { about: { en: "your profile", zh: "个人资料" }, tables: ["user.user_profiles", "user.users"] },
    async (source) => {
      const profile = await source.client(user).get({ id: source.userId }, source.call());
      const [whole] = await userView.hydrate([profile], source.view());
      return `${jsonWriter(userView.full)(whole, source.base)}\n`;
    },
  ),
  single(
    "account",
    {
      about: {
        en: "your e-mail address, devices, ways to sign in, linked accounts, wallets and personal tokens; no passwords or secrets",
        zh: "邮箱、已登录的设备、登录方式、钱包和个人令牌；不含密码和密钥",
      },
      tables: [
        "auth.credentials",
        "auth.sessions",
        "auth.totp",
        "auth.passkeys",
        "auth.provider_links",
        "auth.wallets",
        "auth.recovery_codes",
      ],
    },
    async (source) => {
      const { email, factors, personalTokens, sessions } = auth.methods;
      const client = source.client(auth);
      const [address, devices, ways, tokens] = await Promise.all([
        client.email({}, source.call()),
        client.sessions({}, source.call()),
        client.factors({}, source.call()),
        client.personalTokens({}, source.call()),
      ]);
      return objectText({
        email: jsonWriter(email.output)(address, source.base),
        sessions: jsonWriter(sessions.output)(devices, source.base),
        sign_in: jsonWriter(factors.output)(ways, source.base),
        personal_tokens: jsonWriter(personalTokens.output)(tokens, source.base),
      });
    },
  ),
  list(
    "security-alerts",
    {
      about: { en: "sign-ins and changes that you were alerted to", zh: "登录和安全变更提醒" },
      tables: ["auth.alerts"],
    },
    (source) =>
      writeRows(
        source.rows((page, call) => source.client(auth).alerts(page, call)),
        createRowWriter(Alert, source.base),
      ),
  ),
  list(
    "invitations",
    { about: { en: "invitations that you made", zh: "你发出的邀请" }, tables: ["auth.invitations"] },
    async function* (source) {
      const write = createRowWriter(Invitation, source.base);
      // A moderator's list has everybody's.
      for await (const invitation of source.rows((page, call) => source.client(auth).invitations(page, call)))
        if (invitation.userId === source.userId) yield write(invitation);
    },
  ),
  single(
    "settings",
    {
      about: {
        en: "notifications, histories, feed, filters of timed comments",
        zh: "通知、历史记录、推荐和弹幕过滤设置",
      },
      tables: [
        "message.settings",
        "interaction.watch_settings",
        "interaction.danmaku_filters",
        "search.search_settings",
        "recommend.viewers",
      ],
    },
    async (source) => {
      const [notices, watched, searched, filters, feed] = await Promise.all([
        source.client(message).settings({}, source.call()),
        source.client(interaction).historySettings({}, source.call()),
        source.client(search).historySettings({}, source.call()),
        source.client(interaction).danmakuFilters({}, source.call()),
        source.client(recommend).feedSettings({}, source.call()),
      ]);
      return objectText({
        notifications: jsonWriter(message.methods.settings.output)(notices, source.base),
        watch_history: jsonWriter(interaction.methods.historySettings.output)(watched, source.base),
        search_history: jsonWriter(search.methods.historySettings.output)(searched, source.base),
        danmaku_filters: jsonWriter(interaction.methods.danmakuFilters.output)(filters, source.base),
        feed: jsonWriter(recommend.methods.feedSettings.output)(feed, source.base),
      });
    },
  ),
  list(
    "uploads",
    { about: { en: "uploads that are not finished", zh: "未完成的上传" }, tables: ["upload.upload_sessions"] },
    (source) =>
      writeRows(
        source.rows((page, call) => source.client(upload).list(page, call)),
        createRowWriter(Upload, source.base),
      ),
  ),
  list(
    "fetched-files",
    { about: { en: "files that you had fetched from addresses", zh: "从网址获取的文件" }, tables: ["upload.imports"] },
    (source) =>
      writeRows(
        source.rows((page, call) => source.client(upload).imports(page, call)),
        createRowWriter(Import, source.base),
      ),
  ),
];
