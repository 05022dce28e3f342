import assert from "node:assert/strict";
import test from "node:test";
import { InputError } from "../../../../../schemas/problem.ts";
import { baseAddress, originOf } from "./address.ts";
import { checkKey, KEY_VARIABLE, keyFault, takeKey, withoutKey } from "./key.ts";

test("https anywhere, http on this machine", () => {
  assert.equal(baseAddress("https://judge.example.invalid/v1/"), "https://judge.example.invalid/v1");
  for (const host of ["localhost:8080", "127.0.0.1", "127.1", "[::1]:1234", "judge.localhost"]) {
    assert.match(baseAddress(`http://${host}/v1`), /^http:/);
  }
  assert.equal(originOf("https://Judge.example.invalid:443/v1"), "https://judge.example.invalid");
});

test("other addresses are refused with one sentence, and none of their secrets", () => {
  const refused = [
    "",
    "judge.example.invalid/v1",
    "file:///etc/passwd",
    "http://judge.example.invalid/v1",
    "http://127.0.0.1.example.invalid/v1",
    "http://localhost.example.invalid",
    "http://10.0.0.1/v1",
    "https://somebody:secret@judge.example.invalid/v1",
    "https://judge.example.invalid/v1?key=secret",
    "https://judge.example.invalid/v1#secret",
    "http://somebody:secret@judge.example.invalid",
    "htps://somebody:secret@judge.example.invalid",
  ];
  for (const address of refused) {
    assert.throws(
      () => baseAddress(address),
      (error) => error instanceof InputError && !/secret|\n/.test(error.message),
      address,
    );
  }
});

test("a key is taken out of the environment, so that no process after this one has it", () => {
  const environment = { [KEY_VARIABLE]: " sk-1 \n", OTHER: "stays" };
  assert.equal(takeKey(environment), "sk-1");
  assert.deepEqual(environment, { OTHER: "stays" });
  assert.equal(takeKey(environment), undefined);
  assert.equal(takeKey({ [KEY_VARIABLE]: "  " }), undefined);
});

test("a key that no header can hold is refused without being shown", () => {
  assert.equal(keyFault("sk-1_~!"), undefined);
  for (const key of ["", "two words", "line\nbreak", "ключ", "x".repeat(5000)]) {
    assert.ok(keyFault(key));
    assert.throws(
      () => checkKey(key),
      (error) => error instanceof InputError && (key === "" || !error.message.includes(key)),
    );
  }
});

test("a key is taken out of texts, also as addresses and JSON write it", () => {
  const key = 'sk-a/"b+c';
  assert.equal(withoutKey(`${key} ${encodeURIComponent(key)} ${JSON.stringify(key)}`, key), '[key] [key] "[key]"');
  assert.equal(withoutKey("nothing", undefined), "nothing");
  // A local endpoint that wants some key is given any.
  assert.equal(withoutKey('{"score":1}', "1"), '{"score":1}');
});
