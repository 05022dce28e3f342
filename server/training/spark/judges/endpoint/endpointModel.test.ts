import assert from "node:assert/strict";
import { type AddressInfo, createServer } from "node:net";
import test, { type TestContext } from "node:test";
import { InputError } from "../../../../../schemas/problem.ts";
import { until } from "../../../testing/harness.ts";
import { Unanswerable } from "../chat.ts";
import { chatServer, complains, fails, hangsUp, type Reaction, says, stays } from "../testing/chatServer.ts";
import { TestClock } from "../testing/testClock.ts";
import { EndpointModel, type EndpointOptions } from "./endpointModel.ts";
import { LARGEST_REPLY } from "./exchange.ts";

const LIMIT_MS = 60_000;
const KEY = "sk-a-key-that-nobody-may-see";
const request = {
  messages: [{ role: "user", text: "which?" }],
  schema: { type: "object" },
} as const;

async function endpoint(t: TestContext, reactions: Reaction[], changes: Partial<EndpointOptions> = {}) {
  const server = await chatServer(t, ...reactions);
  const clock = new TestClock(LIMIT_MS);
  const told: string[] = [];
  const options = { url: server.url, model: "judge-1", key: KEY, concurrency: 4, requestsPerMinute: 1000 };
  const model = new EndpointModel({
    ...options,
    seconds: LIMIT_MS / 1000,
    clock,
    tell: (sentence) => told.push(sentence),
    ...changes,
  });
  t.after(() => model.close());
  const ask = (signal = new AbortController().signal) => model.complete(request, signal);
  return { server, clock, model, ask, told };
}

/** A port that nobody listens at. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** An InputError of one line that shows no key. */
const fault = (pattern: RegExp) => (error: unknown) => {
  assert.ok(error instanceof InputError, String(error));
  assert.match(error.message, pattern);
  assert.doesNotMatch(error.message, /\n/);
  assert.ok(!error.message.includes(KEY));
  return true;
};

test("it asks for what the prompt says, at temperature 0, with a seed, held to the schema, and gives the answer", async (t) => {
  const { ask, server, model } = await endpoint(t, [says("seven")]);
  assert.equal(await ask(), "seven");
  const [{ url, headers, body } = assert.fail()] = server.seen;
  assert.equal(url, "/v1/chat/completions");
  assert.equal(headers.authorization, `Bearer ${KEY}`);
  assert.deepEqual(JSON.parse(body), {
    model: "judge-1",
    messages: [{ role: "user", content: "which?" }],
    response_format: { type: "json_schema", json_schema: { name: "scores", strict: true, schema: request.schema } },
    seed: 0,
    temperature: 0,
  });
  assert.equal(model.identity, `endpoint ${server.url}, model judge-1`);
});

test("without a key none is sent", async (t) => {
  const { ask, server } = await endpoint(t, [says("seven")], { key: undefined });
  await ask();
  assert.equal(server.seen[0]?.headers.authorization, undefined);
});

test("what an endpoint refuses it is not asked for again", async (t) => {
  const { ask, server, told } = await endpoint(t, [
    complains(400, "This model has no parameter temperature"),
    complains(400, "response_format of type json_schema is not supported"),
    complains(422, "json_object neither"),
    says("one"),
    says("two"),
  ]);
  assert.equal(await ask(), "one");
  assert.equal(await ask(), "two");
  const asked = server.seen.map(({ body }) => {
    const { temperature, seed, response_format: format } = JSON.parse(body);
    return [temperature, seed, format?.type];
  });
  assert.deepEqual(asked, [
    [0, 0, "json_schema"],
    [undefined, 0, "json_schema"],
    [undefined, 0, "json_object"],
    [undefined, 0, undefined],
    [undefined, 0, undefined],
  ]);
  assert.match(told.at(-1) ?? "", /no form of the answer, no temperature/);
});

test("instructions stand before the question where an endpoint knows no system role", async (t) => {
  const { model, server, told } = await endpoint(t, [complains(400, "System role not supported"), says("seven")]);
  const messages = [{ role: "system", text: "judge" } as const, ...request.messages];
  assert.equal(await model.complete({ ...request, messages }, new AbortController().signal), "seven");
  const asked = server.seen.map(({ body }) => JSON.parse(body).messages);
  assert.deepEqual(asked, [
    [
      { role: "system", content: "judge" },
      { role: "user", content: "which?" },
    ],
    [{ role: "user", content: "judge\n\nwhich?" }],
  ]);
  assert.match(told[0] ?? "", /no system message/);
});

test("a refusal of everything ends the judging at once; of one question among others, that question alone", async (t) => {
  const { ask, server } = await endpoint(t, [complains(400, "no such thing")]);
  await assert.rejects(ask(), fault(/refused the request with status 400: no such thing/));
  assert.equal(server.seen.length, 6);
  server.react(says("one"), complains(400, "too many tokens"), says("two"));
  assert.equal(await ask(), "one");
  await assert.rejects(ask(), Unanswerable);
  assert.equal(await ask(), "two");
});

test("429 with Retry-After is asked again after so long, by seconds and by date; without, after longer and longer", async (t) => {
  const date = new Date(Date.UTC(2026, 0, 1) + 20_000).toUTCString();
  const limits = [fails(429, { "retry-after": "7" }), fails(429, { "retry-after": date }), fails(429), fails(429)];
  const { ask, clock, server, told } = await endpoint(t, [...limits, says("seven")]);
  assert.equal(await ask(), "seven");
  // The date was 20 s after the clock's beginning, 7 s of which had passed; then half of 4 s and of 8 s.
  assert.deepEqual(clock.slept, [7000, 13_000, 2000, 4000]);
  assert.equal(server.seen.length, 5);
  assert.equal(told.length, 1);
});

test("what waits is spread by chance, never shorter than was asked for", async (t) => {
  const clock = new TestClock(LIMIT_MS, 0.5);
  const { ask } = await endpoint(t, [fails(429, { "retry-after": "7" }), fails(503), says("seven")], { clock });
  await ask();
  assert.deepEqual(clock.slept, [7500, 1500]);
});

test("an endpoint that wants a long rest is left to the person, and so is one without quota", async (t) => {
  const { ask, clock, server } = await endpoint(t, [fails(429, { "retry-after": "7200" })]);
  await assert.rejects(ask(), fault(/no request for 120 minutes/));
  server.react(complains(429, "You exceeded your quota", { code: "insufficient_quota" }));
  await assert.rejects(ask(), fault(/quota or credit is used up: You exceeded your quota/));
  assert.deepEqual(clock.slept, []);
});

test("500 is asked again; where it stays, the endpoint is at fault before its first answer, and the question after it", async (t) => {
  const { ask, clock, server } = await endpoint(t, [fails(500), says("seven"), fails(500)]);
  assert.equal(await ask(), "seven");
  await assert.rejects(ask(), Unanswerable);
  assert.deepEqual(clock.slept.slice(1), [500, 1000, 2000, 4000, 8000, 16_000, 30_000]);
  server.react(fails(503));
  await assert.rejects(ask(), fault(/status 503, in 8 attempts/));
  const fresh = await endpoint(t, [fails(500)]);
  await assert.rejects(fresh.ask(), fault(/status 500/));
});

test("an endpoint that answers one question after the other with nothing is given up", async (t) => {
  const { ask, server } = await endpoint(t, [says("seven")]);
  await ask();
  server.react(fails(413));
  for (let question = 1; question < 5; question++) await assert.rejects(ask(), Unanswerable);
  await assert.rejects(ask(), fault(/413/));
});

test("a connection that breaks off is made again", async (t) => {
  const { ask, server } = await endpoint(t, [hangsUp, hangsUp, says("seven")]);
  assert.equal(await ask(), "seven");
  assert.equal(server.seen.length, 3);
});

test("a slow answer is given up at the time limit and asked for again", async (t) => {
  const { ask, server, clock } = await endpoint(t, [stays, says("seven")]);
  const answer = ask();
  await until("the first request", () => server.seen.length === 1);
  clock.expire();
  assert.equal(await answer, "seven");
  await until("the first connection to be given up", () => server.left === 1);
  assert.equal(clock.limits, 0);
});

test("a person who cancels waits for nothing: neither for an answer nor for a rest", async (t) => {
  const { ask, server, model } = await endpoint(t, [stays]);
  const cancel = new AbortController();
  const asked = ask(cancel.signal);
  await until("the request", () => server.seen.length === 1);
  cancel.abort();
  await assert.rejects(asked, { name: "AbortError" });
  await until("the connection to be given up", () => server.left === 1);
  await assert.rejects(ask(cancel.signal), { name: "AbortError" });
  assert.equal(server.seen.length, 1);
  const other = ask();
  await until("the next request", () => server.seen.length === 2);
  await model.close();
  await assert.rejects(other, { name: "AbortError" });
});

test("replies that are no chat completions end the judging before the first answer, and after it a question", async (t) => {
  const { ask, server } = await endpoint(t, [fails(200, {}, "<html>welcome</html>")]);
  await assert.rejects(ask(), fault(/no chat completion, in 3 attempts/));
  server.react(says("seven"), fails(200, {}, '{"choices":'), fails(200, {}, '{"choices":[]}'), says("eight"));
  assert.equal(await ask(), "seven");
  assert.equal(await ask(), "eight");
  server.react(fails(200, {}, "{}"));
  await assert.rejects(ask(), Unanswerable);
});

test("a reply without end is read so far and no farther", async (t) => {
  let sent = 0;
  const endless: Reaction = (response) => {
    const piece = Buffer.alloc(65_536, "x");
    const write = (): void => {
      while (!response.destroyed && response.write(piece)) sent += piece.length;
      if (!response.destroyed) response.once("drain", write);
    };
    write();
  };
  const { ask, server } = await endpoint(t, [endless]);
  await assert.rejects(ask(), Unanswerable);
  await until("the connection to be given up", () => server.left === 1);
  assert.ok(sent < 64 * LARGEST_REPLY);
});

test("a redirect is followed nowhere, least of all with the key", async (t) => {
  const other = await chatServer(t, says("seven"));
  for (const status of [301, 302, 303, 307, 308]) {
    const { ask } = await endpoint(t, [fails(status, { location: `${other.url}/chat/completions` })]);
    await assert.rejects(ask(), fault(/where nothing was sent/));
  }
  assert.equal(other.seen.length, 0);
});

test("what no attempt mends is said at once, without what the endpoint says about the key", async (t) => {
  const cases: [Reaction, RegExp][] = [
    [complains(401, `Incorrect API key provided: ${KEY}`), /does not take the key, or wants one/],
    [complains(403, `${KEY} has no access`), /may not use it/],
    [complains(404, `The model judge-1 does not exist for ${KEY}`), /no such model.*does not exist for \[key\]/],
    [fails(418), /status 418/],
  ];
  for (const [reaction, pattern] of cases) {
    const { ask, server, clock } = await endpoint(t, [reaction]);
    await assert.rejects(ask(), fault(pattern));
    assert.equal(server.seen.length, 1);
    assert.deepEqual(clock.slept, []);
  }
});

test("nobody who listens, and no such host, are told apart", async (t) => {
  const { clock } = await endpoint(t, []);
  const options = { model: "judge-1", concurrency: 1, requestsPerMinute: 1000, seconds: LIMIT_MS / 1000, clock };
  const nobody = new EndpointModel({ ...options, url: `http://127.0.0.1:${await freePort()}/v1` });
  await assert.rejects(
    nobody.complete(request, new AbortController().signal),
    fault(/cannot be reached \(ECONNREFUSED\), in 8 attempts/),
  );
  const barred = new EndpointModel({ ...options, url: "http://127.0.0.1:9/v1" });
  await assert.rejects(barred.complete(request, new AbortController().signal), fault(/bad port\); check the address/));
  const nowhere = new EndpointModel({ ...options, url: "https://judge.example.invalid/v1" });
  const before = clock.slept.length;
  const error = await nowhere.complete(request, new AbortController().signal).catch((thrown: unknown) => thrown);
  // A resolver that is not there itself says EAI_AGAIN, which may pass.
  assert.ok(fault(/cannot be reached \((ENOTFOUND\); check the address|EAI_AGAIN)/)(error));
  assert.ok(clock.slept.length === before || /EAI_AGAIN/.test(String(error)));
});

test("an answer that repeats the key comes without it, a refusal and a filter are no answers", async (t) => {
  const { ask, server } = await endpoint(t, [says(`the key is ${KEY}`)]);
  assert.equal(await ask(), "the key is [key]");
  const choice = (fields: object) => fails(200, {}, JSON.stringify({ choices: [{ message: {}, ...fields }] }));
  server.react(choice({ message: { refusal: "I will not" } }));
  await assert.rejects(ask(), Unanswerable);
  server.react(choice({ finish_reason: "content_filter" }));
  await assert.rejects(ask(), Unanswerable);
  server.react(
    choice({
      message: {
        content: [
          { type: "text", text: "a" },
          { type: "text", text: "b" },
        ],
      },
    }),
  );
  assert.equal(await ask(), "ab");
});
