import assert from "node:assert/strict";
import test from "node:test";
import { InputError } from "../../schemas/problem.ts";
import { JudgeKeys } from "./judgeKeys.ts";

function storages() {
  const kept = new Map<string, string>();
  const memento = new Map<string, unknown>();
  const keys = new JudgeKeys(
    {
      get: async (name) => kept.get(name),
      store: async (name, value) => void kept.set(name, value),
      delete: async (name) => void kept.delete(name),
    },
    {
      get: (name, otherwise) => (memento.has(name) ? JSON.parse(String(memento.get(name))) : otherwise),
      update: async (name, value) => void memento.set(name, JSON.stringify(value)),
    },
  );
  return { keys, kept, memento };
}

test("a key is given out for the origin it was set for, and for no other", async () => {
  const { keys, memento } = storages();
  assert.equal(await keys.set("https://judge.example.invalid/v1", " sk-1 "), "https://judge.example.invalid");
  assert.equal(await keys.keyFor("https://judge.example.invalid/v2/"), "sk-1");
  for (const other of [
    "https://other.example.invalid/v1",
    "https://judge.example.invalid:8443/v1",
    "https://judge.example.invalid.example.invalid/v1",
    "http://localhost/v1",
  ]) {
    assert.equal(await keys.keyFor(other), undefined, other);
  }
  await assert.rejects(keys.keyFor("http://judge.example.invalid/v1"), InputError);
  assert.ok(![...memento.values()].join().includes("sk-1"));
});

test("keys are listed by origin, replaced and forgotten", async () => {
  const { keys, kept } = storages();
  await keys.set("https://b.example.invalid", "sk-b");
  await keys.set("https://a.example.invalid", "sk-a");
  await keys.set("https://b.example.invalid/v1", "sk-c");
  assert.deepEqual(keys.origins, ["https://a.example.invalid", "https://b.example.invalid"]);
  assert.equal(await keys.keyFor("https://b.example.invalid"), "sk-c");
  await keys.forget("https://b.example.invalid");
  assert.deepEqual(keys.origins, ["https://a.example.invalid"]);
  assert.deepEqual([...kept.values()], ["sk-a"]);
});

test("what is no key or no address is kept nowhere", async () => {
  const { keys, kept } = storages();
  await assert.rejects(keys.set("https://a.example.invalid", "two words"), InputError);
  await assert.rejects(keys.set("http://a.example.invalid", "sk-a"), InputError);
  assert.equal(kept.size, 0);
  assert.deepEqual(keys.origins, []);
});
