import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { LONGEST_ANSWER, LONGEST_REASON, readScores } from "./readScores.ts";
import { answerWith } from "./testing/turns.ts";

const scoresOf = (answer: string, count: number) => {
  const reading = readScores(answer, count);
  return "scores" in reading ? reading.scores : reading.fault;
};

test("an answer is read alone, in a fence, after thoughts, and between sentences", () => {
  const json = answerWith(0, 7.5, 10);
  for (const answer of [
    json,
    `\ufeff \n${json}\n`,
    `\`\`\`json\n${json}\n\`\`\``,
    `Here it is:\n\`\`\`\n${json}\n\`\`\`\nI hope it helps.`,
    `<think>candidate {0} is {bad}</think>\n${json}`,
    `My scores: ${json}. That is all.`,
  ]) {
    assert.deepEqual(scoresOf(answer, 3), [0, 7.5, 10], answer);
  }
});

test("the order is the candidates' own, reasons may be missing and are bounded", () => {
  const entries = [
    { candidate: 1, score: 3, reason: "x".repeat(2 * LONGEST_REASON) },
    { candidate: 0, score: 4, reason: null },
  ];
  assert.deepEqual(readScores(JSON.stringify({ scores: entries, note: "more" }), 2), {
    scores: [4, 3],
    reasons: ["", "x".repeat(LONGEST_REASON)],
  });
});

const faults: [answer: string, count: number, fault: RegExp][] = [
  ["", 1, /no JSON object/],
  ["I would say 7.", 1, /no JSON object/],
  ["[7]", 1, /no JSON object/],
  ["7", 1, /no JSON object/],
  [`${answerWith(1)} or rather ${answerWith(2)}`, 1, /no JSON object/],
  [`\`\`\`\n${answerWith(1)}\n\`\`\`\n\`\`\`\n${answerWith(2)}\n\`\`\``, 1, /no JSON object/],
  [answerWith(1).slice(0, -1), 1, /no JSON object/],
  ["{}", 1, /not of the form/],
  ['{"scores":[7]}', 1, /not of the form/],
  ['{"scores":{"0":7}}', 1, /not of the form/],
  ['{"scores":[{"candidate":0,"score":"7"}]}', 1, /not of the form/],
  ['{"scores":[{"candidate":0,"score":null}]}', 1, /not of the form/],
  ['{"scores":[{"candidate":0,"score":true}]}', 1, /not of the form/],
  ['{"scores":[{"candidate":0.5,"score":7}]}', 1, /not of the form/],
  ['{"scores":[{"score":7}]}', 1, /not of the form/],
  ['{"scores":[{"candidate":0,"score":1e999}]}', 1, /not of the form|not between/],
  [answerWith(1, 2), 3, /2 scores, and there are 3 candidates/],
  [answerWith(1, 2, 3), 2, /3 scores, and there are 2 candidates/],
  [answerWith(), 1, /0 scores/],
  [answerWith(-0.1), 1, /candidate 0 is not between 0 and 10/],
  [answerWith(0, 10.01), 2, /candidate 1 is not between/],
  ['{"scores":[{"candidate":0,"score":1},{"candidate":0,"score":2}]}', 2, /candidate 0 has two scores/],
  ['{"scores":[{"candidate":1,"score":1}]}', 1, /no candidate 1/],
  ['{"scores":[{"candidate":-1,"score":1}]}', 1, /no candidate -1/],
  [" ".repeat(LONGEST_ANSWER) + answerWith(1), 1, /more than/],
];

for (const [answer, count, fault] of faults) {
  test(`what is amiss is said and never guessed: ${JSON.stringify(answer.slice(0, 60))} for ${count}`, () => {
    assert.match(String(scoresOf(answer, count)), fault);
  });
}

test("right answers are read whatever stands around them, and one changed number is never read as another", () => {
  const score = fc.double({ min: 0, max: 10, noNaN: true });
  const prose = fc.string({ unit: fc.constantFrom("a", " ", "\n", "]", '"', "ü", "`", "[", ":") });
  fc.assert(
    fc.property(
      fc.array(score, { minLength: 1, maxLength: 12 }),
      prose,
      prose,
      fc.nat(),
      (scores, before, after, pick) => {
        const read = scores.map((value) => (value === 0 ? 0 : value)); // JSON has no -0
        const entries = read.map((value, candidate) => ({ candidate, score: value, reason: before }));
        const rotated = [...entries.slice(pick % entries.length), ...entries.slice(0, pick % entries.length)];
        assert.deepEqual(scoresOf(`${before}${JSON.stringify({ scores: rotated })}${after}`, scores.length), read);
        const wrong = entries.map((entry, place) =>
          place === pick % entries.length ? { ...entry, score: entry.score + 10.5 } : entry,
        );
        assert.match(String(scoresOf(JSON.stringify({ scores: wrong }), scores.length)), /not between/);
      },
    ),
    { seed: 7, numRuns: 300 },
  );
});

test("nothing that a model writes makes the reader throw, or gives what are no scores", () => {
  const hostile = fc.oneof(
    fc.string(),
    fc.json(),
    fc.string().map((text) => `{"scores":${text}}`),
    fc.array(fc.record({ candidate: fc.integer(), score: fc.anything() })).map((scores) => {
      try {
        return JSON.stringify({ scores });
      } catch {
        return "";
      }
    }),
  );
  fc.assert(
    fc.property(hostile, fc.integer({ min: 1, max: 4 }), (answer, count) => {
      const reading = readScores(answer, count);
      if ("fault" in reading) return reading.fault !== "" && !/\n/.test(reading.fault);
      return reading.scores.length === count && reading.scores.every((value) => value >= 0 && value <= 10);
    }),
    { seed: 11, numRuns: 1000 },
  );
});
