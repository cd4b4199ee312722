import { failure, type Id } from "#kernel";

export const UnknownCategory = failure("invalid", "video.unknown_category", "there is no such category");

/** The categories of videos and live rooms. Ids are permanent: a name may change, its meaning may not. */
export const categories = [
  { id: 1, names: { en: "Film and animation", zh: "影视动画" } },
  { id: 2, names: { en: "Music", zh: "音乐" } },
  { id: 3, names: { en: "Dance", zh: "舞蹈" } },
  { id: 4, names: { en: "Gaming", zh: "游戏" } },
  { id: 5, names: { en: "Comedy", zh: "搞笑" } },
  { id: 6, names: { en: "Everyday life", zh: "生活" } },
  { id: 7, names: { en: "Food", zh: "美食" } },
  { id: 8, names: { en: "Travel", zh: "旅行" } },
  { id: 9, names: { en: "Sports", zh: "运动" } },
  { id: 10, names: { en: "Animals and nature", zh: "动物与自然" } },
  { id: 11, names: { en: "Knowledge and learning", zh: "知识" } },
  { id: 12, names: { en: "Science and technology", zh: "科技" } },
  { id: 13, names: { en: "News and society", zh: "资讯与社会" } },
  { id: 14, names: { en: "Beauty and fashion", zh: "美妆时尚" } },
  { id: 15, names: { en: "Cars and vehicles", zh: "汽车" } },
  { id: 16, names: { en: "Art and craft", zh: "艺术与手工" } },
] as const;

/** @throws UnknownCategory */
export function requireCategory(id: Id | null | undefined): void {
  if (id != null && !categories.some((category) => category.id === id)) throw UnknownCategory({});
}
