import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { EditorJudge, EndpointJudge, JudgeChoice } from "../../../../schemas/judges.ts";
import { describe, InputError } from "../../../../schemas/problem.ts";
import { conforms } from "../../conforms.ts";
import { temporaryFolder } from "../../testing/harness.ts";
import { cacheFile, openJudge } from "./openJudge.ts";
import { chatServer, complains, says } from "./testing/chatServer.ts";
import { answerWith, call, turnOf } from "./testing/turns.ts";

const never = new AbortController().signal;
const KEY = 'sk-"a/key+that=nobody&may%see';

test("an endpoint judges turns, and the key is in nothing that is written, told, thrown or returned", async (t) => {
  const folder = temporaryFolder(t);
  const trajectories = join(folder, "nile.trajectories.jsonl");
  const leak = `${answerWith(7, 3).slice(0, -1)},"note":${JSON.stringify(KEY)}}`;
  const reasons = { scores: [{ candidate: 0, score: 1, reason: `${KEY} ${encodeURIComponent(KEY)}` }] };
  const server = await chatServer(
    t,
    complains(400, `bad parameter, ${KEY}`, { param: KEY }),
    says(leak),
    says(JSON.stringify(reasons)),
    says(`no scores but ${KEY}`),
    says(`no scores but ${KEY}`),
    says(`no scores but ${KEY}`),
    complains(404, `no model for ${KEY}`),
    complains(401, KEY),
  );
  const told: string[] = [];
  const choice = { kind: "endpoint", url: server.url, model: "judge-1" } as const;
  assert.ok(conforms(EndpointJudge, choice));
  const judge = await openJudge(choice, { trajectories, key: KEY, tell: (sentence) => told.push(sentence) });
  told.push(judge.identity);
  const turn = turnOf([call("search"), { kind: "answer", text: "6650 km" }]);
  const verdicts = [
    await judge.judge(turn, never),
    await judge.judge(turnOf([call("search")]), never),
    await judge.judge({ ...turn, thought: "another" }, never),
  ];
  assert.deepEqual(
    verdicts.map(({ kind }) => kind),
    ["scores", "scores", "skipped"],
  );
  for (const thought of ["a third", "a fourth"]) {
    const error = await judge.judge({ ...turn, thought }, never).catch((thrown: unknown) => thrown);
    assert.ok(error instanceof InputError);
    told.push(describe(error), error.stack ?? "");
  }
  await judge.close();
  const written = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), "utf8"));
  assert.ok(written.some((text) => text.includes('"scores":[7,3]')));
  const everything = [...written, ...told, JSON.stringify(verdicts)].join("\n");
  for (const form of [KEY, encodeURIComponent(KEY), JSON.stringify(KEY).slice(1, -1), "nobody"]) {
    assert.ok(!everything.includes(form), form);
  }
  assert.ok(server.seen.every(({ headers }) => headers.authorization === `Bearer ${KEY}`));
  // It went there as a header, and as nothing else.
  assert.ok(!server.seen.some(({ body, url }) => `${body}${url}`.includes("nobody")));
});

test("the cache lies beside the trajectories, or in a folder of the person's choice", () => {
  assert.equal(cacheFile(join("a", "nile.trajectories.jsonl")), join("a", "nile.judge-cache.jsonl"));
  assert.equal(cacheFile(join("a", "nile.trajectories.jsonl"), "b"), join("b", "judge-cache.jsonl"));
});

test("an address, a key or a cache that cannot be used is said before anything is asked", async (t) => {
  const folder = temporaryFolder(t);
  const server = await chatServer(t, says(answerWith(1)));
  const choice = { kind: "endpoint", url: server.url, model: "judge-1" } as const;
  const trajectories = join(folder, "x.jsonl");
  await assert.rejects(openJudge({ ...choice, url: "http://judge.example.invalid" }, { trajectories }), InputError);
  await assert.rejects(openJudge(choice, { trajectories, key: "two words" }), InputError);
  await assert.rejects(openJudge({ ...choice, cache: join(process.execPath, "x") }, { trajectories }), InputError);
  assert.equal(server.seen.length, 0);
});

test("an experiment names a judge, and never a key", () => {
  const endpoint = { kind: "endpoint", url: "https://judge.example.invalid/v1", model: "m" };
  for (const choice of [
    { kind: "exact" },
    endpoint,
    { ...endpoint, requestsPerMinute: 10, concurrency: 1, seconds: 5, showAnswers: true, cache: "judged" },
    { kind: "editor", family: "f", vendor: "v" },
  ]) {
    assert.ok(conforms(JudgeChoice, choice));
  }
  for (const wrong of [{ kind: "other" }, { ...endpoint, key: "k" }, { ...endpoint, model: "" }, { kind: "editor" }]) {
    assert.ok(!conforms(JudgeChoice, wrong));
  }
  assert.ok(!conforms(EditorJudge, endpoint));
});
