/** Tokens and prompts are those of transformers, byte for byte: scripts/golden/prompts.py wrote what it makes of the same. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import test, { type TestContext } from "node:test";
import { InputError } from "../../schemas/problem.ts";
import { loads } from "../toolcalls/python/json.ts";
import { folderWith } from "../toolcalls/testing/files.ts";
import { ChatTemplate } from "./chatTemplate.ts";
import { type Conversation, conversation, dict, list, records } from "./testing/corpusPrompts.ts";
import { Tokenizer } from "./tokenizer.ts";

const GOLDEN = path.join(import.meta.dirname, "testing/golden");
const CORPUS = path.join(import.meta.dirname, "../../../shared/corpus");
/** Where somebody has the families' own templates, as the Python package trl brings them; they are not ours to ship. */
const FAMILIES = process.env.TOOLEXPANDER_CHAT_TEMPLATES ?? "";
const withoutCorpus = existsSync(path.join(CORPUS, "bfcl")) ? false : "The corpus is not beside the checkout";
const withoutFamilies =
  withoutCorpus || (existsSync(FAMILIES) ? false : "TOOLEXPANDER_CHAT_TEMPLATES names no folder of templates");

const CHAT_KINDS = ["qwen2", "llama3", "smollm2"] as const;
const KINDS = [...CHAT_KINDS, "prefixed", "bytefallback"] as const;
type ChatKind = (typeof CHAT_KINDS)[number];

const read = <T>(name: string): T => JSON.parse(readFileSync(path.join(GOLDEN, name), "utf8")) as T;

/** Undefined where the template raises, as null is in the golden answers. */
function rendered(template: ChatTemplate, { messages, tools }: Conversation): string | undefined {
  const open = dict(messages.at(-1)).get("role") !== "assistant";
  try {
    return template.renderValues(messages, tools, open);
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

const digest = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 16);

function hashes(tokenizer: Tokenizer, template: ChatTemplate, prompt: Conversation): string {
  const text = rendered(template, prompt);
  return text === undefined ? "raises" : `${digest(text)} ${digest(tokenizer.encode(text).join(","))}`;
}

for (const kind of KINDS) {
  test(`texts become the ids of transformers: ${kind}`, () => {
    const golden = read<Record<string, number[][]> & { texts: string[] }>("texts.json");
    const tokenizer = Tokenizer.load(path.join(GOLDEN, kind));
    for (const [index, text] of golden.texts.entries())
      assert.deepEqual([...tokenizer.encode(text)], golden[kind]?.[index], JSON.stringify(text));
  });
}

test("templates write what they write in transformers, or fail as they do there", (t) => {
  const [first] = ownPrompts();
  assert.ok(first);
  for (const { template, output } of read<{ template: string; output: string | null }[]>("templates.json")) {
    const loaded = templateIn(t, "qwen2", template);
    assert.equal(rendered(loaded, first.prompt) ?? null, output, template);
  }
});

/** A template beside the tokenizer of a kind. */
function templateIn(t: TestContext, kind: ChatKind, template: string): ChatTemplate {
  const config = readFileSync(path.join(GOLDEN, kind, "tokenizer_config.json"), "utf8");
  return ChatTemplate.load(folderWith(t, { "tokenizer_config.json": config, "chat_template.jinja": template }));
}

type OwnPrompt = { messages: string; tools: string } & Record<ChatKind, { text: string; ids: number[] } | null>;

const ownPrompts = () =>
  read<OwnPrompt[]>("prompts.json").map((golden) => ({
    golden,
    prompt: { messages: list(loads(golden.messages)), tools: list(loads(golden.tools)) },
  }));

for (const kind of CHAT_KINDS) {
  test(`prompts of our own are those of transformers: ${kind}`, () => {
    const folder = path.join(GOLDEN, kind);
    const [tokenizer, template] = [Tokenizer.load(folder), ChatTemplate.load(folder)];
    for (const { golden, prompt } of ownPrompts()) {
      const text = rendered(template, prompt);
      assert.equal(text, golden[kind]?.text, golden.messages);
      assert.deepEqual(text && [...tokenizer.encode(text)], golden[kind]?.ids, golden.messages);
    }
  });
}

interface CorpusAnswers {
  records: { set: string; file: string; record: number }[];
  kinds: Record<ChatKind, string[]>;
  families: Record<string, { kind: ChatKind; answers: string[] }>;
}

/** Each file is read once. */
function corpusPrompts({ records: chosen }: CorpusAnswers): Conversation[] {
  const files = new Map<string, ReturnType<typeof records>>();
  return chosen.map(({ set, file, record }) => {
    const all = files.get(file) ?? records(path.join(CORPUS, file));
    files.set(file, all);
    return conversation(CORPUS, set, all[record] ?? null);
  });
}

function assertSame(
  golden: CorpusAnswers,
  answers: readonly string[],
  tokenizer: Tokenizer,
  template: ChatTemplate,
): void {
  const different = corpusPrompts(golden).flatMap((prompt, index) => {
    const { file, record } = golden.records[index] ?? {};
    return hashes(tokenizer, template, prompt) === answers[index] ? [] : [`${file}, record ${record}`];
  });
  assert.deepEqual(different.slice(0, 5), [], `${different.length} of ${answers.length} differ`);
}

for (const kind of CHAT_KINDS) {
  test(`500 prompts of the corpus are those of transformers: ${kind}`, { skip: withoutCorpus }, () => {
    const golden = read<CorpusAnswers>("corpus.json");
    const folder = path.join(GOLDEN, kind);
    assert.equal(golden.records.length, 500);
    assertSame(golden, golden.kinds[kind], Tokenizer.load(folder), ChatTemplate.load(folder));
  });
}

test("500 prompts of the corpus are those of transformers by the families' templates", {
  skip: withoutFamilies,
}, async (t) => {
  const golden = read<CorpusAnswers>("corpus.json");
  for (const [name, { kind, answers }] of Object.entries(golden.families)) {
    await t.test(name, () => {
      const template = templateIn(t, kind, readFileSync(path.join(FAMILIES, `${name}.jinja`), "utf8"));
      assertSame(golden, answers, Tokenizer.load(path.join(GOLDEN, kind)), template);
    });
  }
});
