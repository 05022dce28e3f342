/** Questions that say their answer themselves: no tool knows these people. */
import { capitalized, coin } from "../../quickstart/values/coined.ts";
import type { QuestionKind } from "../question.ts";
import { number } from "../values.ts";

export const said: QuestionKind = {
  name: "said",
  share: 0.07,
  phrasings: [
    "{first} has room {a}, {second} has room {b}. Which room has {asked}?",
    "Room {a} is for {first} and room {b} for {second}. Which room is for {asked}?",
  ],
  heldOut: ["{first} is in room {a} and {second} in room {b}. In which room is {asked}?"],
  draw: (random, part, rows) => {
    const coined = [coin(random, part), coin(random, part)] as const;
    if (coined[0] === coined[1]) return said.draw(random, part, rows);
    const [first, second] = [capitalized(coined[0]), capitalized(coined[1])];
    const [a, b] = [number(random, part, 13, 99), number(random, part, 13, 99)];
    const [asked, answer] = random.chance(0.5) ? [first, a.value] : [second, b.value];
    return {
      said: { first, second, asked, a: a.value, b: b.value },
      stages: [],
      answer: String(answer),
      reasoned: true,
      free: [...coined.map((word) => `coined=${word}`), ...a.free, ...b.free],
    };
  },
};
