import type { User } from "./contract.ts";

/** A profile as everybody sees it, for services that are tested without the user service. */
export const testUser = (id: number): User => ({
  id,
  username: `user${id}`,
  nickname: `user${id}`,
  avatar: "",
  backgroundImage: "",
  gender: 0,
  bio: "",
  introduction: "",
  about: "",
  links: [],
  province: "",
  city: "",
  school: "",
  company: "",
  profession: "",
  homepage: "",
  role: "user",
  isVerified: false,
  approvesFollowers: false,
  createdAtMs: 1,
});
