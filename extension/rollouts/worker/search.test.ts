/** The search of a view, and the lists it fills: against what a plain look at every text gives. */
import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { EVERYTHING, type HostMessage, keyOf, type ListQuery, type TextScope } from "../../../schemas/rolloutView.ts";
import { GroupReader, type StoredGroup } from "../../../server/store/groupReader.ts";
import { TextReader } from "../../../server/store/textReader.ts";
import { groupAt, type MadeRun, makeRun, stepOf } from "../testing/madeRun.ts";
import { GroupIndex } from "./groupIndex.ts";
import { GroupList } from "./groupList.ts";
import { orderOf } from "./ordering.ts";
import { ViewSession } from "./session.ts";
import { TextSearch } from "./textSearch.ts";

const scopes: readonly TextScope[] = ["anywhere", "prompt", "completion"];
const words = ["apple", "ÄPFEL", "100%_", "get_weather", "\u0000zero", "日本"];

/** A run whose texts are made of some words, and those texts by group. */
function writeTexts(run: MadeRun, picks: readonly number[]): Map<string, { prompt: string; completions: string[] }> {
  const texts = new Map<string, { prompt: string; completions: string[] }>();
  const word = (number: number): string => words[(picks[number % picks.length] as number) % words.length] as string;
  for (let step = 1; step <= 4; step++) {
    const rollouts = [0, 1, 2].flatMap((group) =>
      groupAt(step, group, 2, 40).map((record, at) => ({
        ...record,
        prompt: `prompt with ${word(step + group)}`,
        completion: `<think>${word(step * 7 + group * 3 + at)}</think>`,
      })),
    );
    run.writer.recordStep({ ...stepOf(step, 3, 2, 40), rollouts });
    for (const { group, prompt, completion } of rollouts) {
      const key = keyOf({ step, phase: "train", group });
      const known = texts.get(key) ?? { prompt, completions: [] };
      texts.set(key, { prompt, completions: [...known.completions, completion] });
    }
  }
  return texts;
}

test("a search finds what a look at every text finds, however it is cut into slices", () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(5), { minLength: 3, maxLength: 9 }),
      fc.constantFrom(...words, "äpfel", "APP", "with", "e", "nowhere"),
      fc.constantFrom(...scopes),
      fc.boolean(),
      (picks, text, within, hurried) => {
        using run = makeRun();
        const texts = writeTexts(run, picks);
        using groups = new GroupReader(run.folder);
        using reader = new TextReader(run.folder);
        const index = new GroupIndex();
        index.update(groups);
        const search = new TextSearch(reader, { text, within }, (at) => index.get(at));
        const fresh: StoredGroup[] = [];
        while (search.going) fresh.push(...search.advance(performance.now() + (hurried ? 0.01 : 1000)));
        const holds = (one: string) => one.toLowerCase().includes(text.toLowerCase());
        const wanted = [...texts].filter(
          ([, { prompt, completions }]) =>
            (within !== "completion" && holds(prompt)) || (within !== "prompt" && completions.some(holds)),
        );
        assert.deepEqual([...search.found].map(keyOf).sort(), wanted.map(([key]) => key).sort());
        assert.deepEqual(fresh.map(keyOf).sort(), [...search.found].map(keyOf).sort(), "each is told once");
        const { read, of } = search.state;
        assert.equal(read, of);
        for (const group of index.values()) {
          search.forget(group);
          search.look(group);
        }
        assert.equal(search.found.size, wanted.length, "one group alone is judged as all of them are");
      },
    ),
    { seed: 20261121, numRuns: 25 },
  );
});

const groupAtPlace = fc.record({
  step: fc.integer({ min: 1, max: 9 }),
  group: fc.nat(5),
  marks: fc.constantFrom("cc", "cw", "ww", "mt"),
  reward: fc.constantFrom(0, 0.25, 0.5, 1),
  sample: fc.constantFrom("a", "b", "c"),
});

test("a list that is told of groups piece by piece equals one that is made of all of them", () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(groupAtPlace, { maxLength: 12 }), { minLength: 1, maxLength: 6 }),
      fc.constantFrom<ListQuery["sort"]>("newest", "oldest", "rewardUp", "correctDown", "spreadDown", "sample"),
      fc.boolean(),
      (pieces, sort, searched) => {
        const all = new Map<string, StoredGroup>();
        const order = orderOf(sort);
        const list = new GroupList([], order, true);
        const copy: StoredGroup[] = [];
        let revision = 0;
        for (const piece of pieces) {
          const added: StoredGroup[] = [];
          for (const { reward, ...place } of piece) {
            const group: StoredGroup = {
              ...place,
              reward,
              phase: "train",
              revision: ++revision,
              advantage: [-reward, reward],
              tools: [],
            };
            if (all.has(keyOf(group))) continue;
            all.set(keyOf(group), group);
            added.push(group);
          }
          const splices = searched ? list.found(added) : list.apply({ added, replaced: [], removed: [] }, () => true);
          for (const { at, removed, groups } of splices) copy.splice(at, removed, ...groups);
        }
        const whole = new GroupList(all.values(), order, true);
        assert.deepEqual(list.groups.map(keyOf), whole.groups.map(keyOf));
        assert.deepEqual(copy.map(keyOf), whole.groups.map(keyOf), "the splices make the same list elsewhere");
        const compared = [...all.values()].sort(order.compare);
        assert.deepEqual(whole.groups.map(keyOf), compared.map(keyOf), "keys order as comparing does");
      },
    ),
    { seed: 20261121 },
  );
});

test("a list that does not follow takes in what is found behind its end, and counts the rest", () => {
  const group = (step: number): StoredGroup => ({
    step,
    phase: "train",
    group: 0,
    revision: step,
    sample: "s",
    marks: "c",
    reward: 1,
    advantage: null,
    tools: [],
  });
  const list = new GroupList([group(9), group(5)], orderOf("newest"), false);
  const splices = list.found([group(7), group(3), group(2)]);
  assert.deepEqual(
    splices.map(({ at, groups }) => [at, groups.map(({ step }) => step)]),
    [[2, [3, 2]]],
  );
  assert.deepEqual([list.waiting, list.groups.map(({ step }) => step)], [1, [9, 5, 3, 2]]);
});

/** A view that acknowledges, and remembers what it is told. */
function listen(folder: string) {
  const messages: HostMessage[] = [];
  let told = (_: HostMessage): void => undefined;
  const session = new ViewSession(folder, (message) => {
    messages.push(message);
    if (message.kind === "delta")
      setImmediate(() => session.receive({ kind: "ack", list: message.list, sequence: message.sequence }));
    told(message);
  });
  const until = (wanted: (message: HostMessage) => boolean): Promise<HostMessage> =>
    new Promise((resolve, reject) => {
      const deadline = setTimeout(() => reject(new Error("not told in time")), 20_000);
      const look = (message: HostMessage): void => {
        if (!wanted(message)) return;
        clearTimeout(deadline);
        resolve(message);
      };
      told = look;
      for (const message of messages) look(message);
    });
  return { session, messages, until };
}

const open = (id: number, query: Partial<ListQuery>) => ({
  kind: "request",
  id,
  method: "open",
  params: { query: { ...EVERYTHING, ...query }, follow: true, count: 100, around: null },
});

test("a search goes on behind its first answer, stops when it is told to, and ends with all that is there", async () => {
  using run = makeRun();
  const thought = "I think so. ".repeat(12_000);
  for (let step = 1; step <= 100; step++) {
    const made = stepOf(step, 4, 2, 40);
    const rollouts = made.rollouts.map((record) => ({
      ...record,
      completion: `${thought}${record.group === 0 ? "needle" : ""}${record.completion}`,
    }));
    run.writer.recordStep({ ...made, rollouts });
  }
  const { session, messages, until } = listen(run.folder);
  using _ = session;
  session.receive(open(1, { text: "needle", within: "completion" }));
  const first = await until(({ kind }) => kind === "reply");
  assert.ok(first.kind === "reply" && "search" in first.result);
  assert.equal(first.result.search?.going, "on", "115 MB are not read before the first answer");
  const { list, total } = first.result;
  session.receive({ kind: "search", list, on: false });
  const stopped = await until((message) => message.kind === "search" && message.search.going === "stopped");
  assert.ok(stopped.kind === "search" && stopped.search.read < stopped.search.of);
  await new Promise((resolve) => setImmediate(resolve));
  assert.ok(!messages.some((message) => message.kind === "search" && message.search.going === "ended"));

  session.receive({ kind: "search", list, on: true });
  await until((message) => message.kind === "search" && message.search.going === "ended");
  const shown = messages.reduce((sum, message) => {
    if (message.kind !== "delta" || message.list !== list) return sum;
    return sum + message.splices.reduce((rows, splice) => rows + splice.rows.length + splice.more - splice.removed, 0);
  }, total);
  assert.equal(shown, 100);

  session.receive(open(2, { text: "needle", within: "completion", sort: "oldest" }));
  const second = await until((message) => message.kind === "reply" && message.id === 2);
  assert.ok(second.kind === "reply" && "search" in second.result);
  assert.deepEqual(
    [second.result.total, second.result.search?.going],
    [100, "ended"],
    "another order reads nothing again",
  );
});

test("what is written while a search goes on is found, and what replaced a hit is judged anew", async () => {
  using run = makeRun();
  const withText = (step: number, text: string) => {
    const made = stepOf(step, 2, 2, 40);
    return { ...made, rollouts: made.rollouts.map((record) => ({ ...record, completion: text })) };
  };
  run.writer.recordStep(withText(1, "needle"));
  const { session, messages, until } = listen(run.folder);
  using _ = session;
  session.receive(open(1, { text: "needle", within: "completion" }));
  const first = await until(({ kind }) => kind === "reply");
  assert.ok(first.kind === "reply" && "search" in first.result && first.result.total === 2);
  run.writer.recordStep(withText(2, "a NEEDLE"));
  await until((message) => message.kind === "delta" && message.total === 4);
  run.writer.recordStep(withText(1, "nothing"));
  await until((message) => message.kind === "delta" && message.total === 2);
  assert.deepEqual(
    messages.filter(({ kind }) => kind === "problem"),
    [],
  );
});
