export const firstNames = (
  "Mira Noor Jonas Ayla Tomas Ines Kenji Lucia Omar Freya Wei Elena Mateo Sana Viktor Amara Leo Hana Pablo Zofia " +
  "Idris Clara Ravi Nina Felix Yuki Marta Samir Greta Diego"
).split(" ");
export const lastNames = "Olsen Haddad Brandt Kaya Novak Costa Tanaka Rossi Farouk Lind Chen Petrova Silva Khan".split(
  " ",
);
export const bios = [
  "Light, weather and slow cameras.",
  "I film what the sea leaves behind.",
  "Maths teacher by day, pixels by night.",
  "Mostly experiments. Some of them work.",
  "Old synths, new patterns.",
  "Here to watch and to learn.",
  "",
];
export const series = ["second take", "slower", "for the evening", "with the lights off", "an hour later", "once more"];
export const remarks = [
  "I could watch this all day.",
  "The colours at the end are wonderful.",
  "How did you make this?",
  "This calmed me down after a long day, thank you.",
  "My daughter asked to see it four times.",
  "Which tools did you use for the sound?",
  "Better on a large screen.",
  "The chord fits so well.",
  "More of this, please!",
  "I have it on while I work.",
  "Is there a longer version?",
  "The first seconds got me.",
  "太美了，看了好几遍。",
  "Simple idea, done well.",
  "I did not expect that ending.",
];
export const replies = [
  "Same here!",
  "I asked myself that too.",
  "Thank you, that means a lot.",
  "Look at the description, it is there.",
  "Agreed.",
  "我也这么觉得。",
  "Try it with headphones.",
  "There is a longer one on the profile.",
];
export const danmaku = [
  "wow",
  "here it comes",
  "好美",
  "this part!",
  "so smooth",
  "again",
  "that colour",
  "666",
  "hello from 2026",
];
