import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { parquetWriteFile } from "hyparquet-writer";
import { importFiles } from "./importFiles.ts";

function folderFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "toolexpander-import-"));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

function written(t: TestContext, files: Record<string, unknown[]>): string[] {
  const folder = folderFor(t);
  return Object.entries(files).map(([name, rows]) => {
    const file = join(folder, name);
    writeFileSync(file, rows.map((row) => `${typeof row === "string" ? row : JSON.stringify(row)}\n`).join(""));
    return file;
  });
}

const weather = (description: string, type = "string") => ({
  type: "function",
  function: {
    name: "get_weather",
    description,
    parameters: { type: "object", properties: { city: { type } }, required: ["city"] },
  },
});

const chat = (query: string, city: unknown, tool = weather("The weather.")) => ({
  messages: [
    { role: "user", content: query },
    {
      role: "assistant",
      content: "",
      tool_calls: [
        { id: "c1", type: "function", function: { name: "get_weather", arguments: JSON.stringify({ city }) } },
      ],
    },
  ],
  tools: [tool],
});

test("rows become ours; what is no row is counted with its reason and its first place", async (t) => {
  const files = written(t, {
    "chat.jsonl": [
      chat("In Oslo?", "Oslo"),
      chat("In Oslo?", "Oslo"),
      chat("In Rome?", 7),
      "not json",
      { messages: [{ role: "user", content: "Hello?" }], tools: [weather("The weather.")] },
      chat("In Bonn?", "Bonn", weather("Another weather.")),
      chat("In Lima?", "Lima", weather("Another weather.")),
    ],
  });
  const { rows, tools, report } = await importFiles(files);
  assert.deepEqual(
    rows.map(({ id, query, tools: offered, answer, category }) => [id, query, offered, answer[0]?.name, category]),
    [
      ["chat-1", "In Oslo?", ["get_weather"], "get_weather", "single"],
      ["chat-6", "In Bonn?", ["get_weather_2"], "get_weather_2", "single"],
      ["chat-7", "In Lima?", ["get_weather_2"], "get_weather_2", "single"],
    ],
  );
  assert.deepEqual(
    tools.map(({ name, original }) => [name, original]),
    [
      ["get_weather", "get_weather"],
      ["get_weather_2", "get_weather"],
    ],
  );
  const dropped = new Map(report.dropped.map(({ sentence, count, line }) => [line, `${count} ${sentence}`]));
  assert.match(dropped.get(2) ?? "", /^1 It says what an earlier row says/);
  assert.match(dropped.get(3) ?? "", /^1 The argument "city".* \[argument-type\]/);
  assert.match(dropped.get(4) ?? "", /^1 .*\[not-json\]|^1 .*JSON/);
  assert.match(dropped.get(5) ?? "", /^1 It has no answer/);
  assert.deepEqual(
    report.notes.map(({ sentence, count }) => [sentence, count]),
    [["Tools are named otherwise than in the source.", 2]],
  );
});

test("a dialogue gives its first answer, and none where that is in words", async (t) => {
  const [first] = [chat("In Oslo?", "Oslo")];
  const later = {
    ...first,
    messages: [
      ...first.messages,
      { role: "tool", tool_call_id: "c1", content: "rain" },
      ...chat("And Rome?", "Rome").messages,
    ],
  };
  const words = {
    ...first,
    messages: [first.messages[0], { role: "assistant", content: "Today?" }, ...first.messages],
  };
  const refusal = {
    ...first,
    messages: [
      { role: "user", content: "Sing!" },
      { role: "assistant", content: "I cannot." },
    ],
  };
  const { rows, report } = await importFiles(written(t, { "talk.jsonl": [later, words, refusal] }));
  assert.deepEqual(
    rows.map(({ query, answer, category }) => [query, answer.length, category]),
    [
      ["In Oslo?", 1, "single"],
      ["Sing!", 0, "none"],
    ],
  );
  assert.deepEqual(
    report.notes.map(({ sentence }) => sentence),
    ["Only the first answer of the dialogue is kept."],
  );
  assert.deepEqual(
    report.dropped.map(({ sentence }) => sentence),
    ["It answers in words before it calls."],
  );
});

test("questions and answers of two files meet by their id", async (t) => {
  const question = (id: string, query: string) => ({
    id,
    question: [[{ role: "user", content: query }]],
    function: [
      {
        name: "math.area",
        description: "An area.",
        parameters: {
          type: "dict",
          properties: { side: { type: "float" }, unit: { type: "string" } },
          required: ["side"],
        },
      },
    ],
  });
  const answers = { id: "simple_1", ground_truth: [{ "math.area": { side: [2.5, 2.6], unit: [""] } }] };
  const files = written(t, {
    "question.jsonl": [
      question("simple_1", "How large?"),
      question("irrelevance_1", "Who sang?"),
      question("simple_2", "And now?"),
    ],
    "answer.jsonl": [answers, { ...answers, id: "simple_9" }],
  });
  const { rows, tools, report } = await importFiles(files);
  assert.deepEqual(
    rows.map(({ id, answer }) => [id, answer]),
    [
      ["simple_1", [{ name: "math.area", arguments: { side: 2.5 } }]],
      ["irrelevance_1", []],
    ],
  );
  assert.match(JSON.stringify(tools[0]?.value), /"type":"object".*"side":\{"type":"number"\}/);
  assert.deepEqual(report.dropped.map(({ sentence }) => sentence).sort(), [
    "It has no answer.",
    "Its question is in none of the files.",
  ]);
});

test("Parquet gives the rows that JSON Lines give, whatever compresses it", async (t) => {
  const folder = folderFor(t);
  const rows = [chat("In Oslo?", "Oslo"), chat("In Rome?", "Rome")];
  const lines = join(folder, "rows.jsonl");
  writeFileSync(lines, rows.map((row) => JSON.stringify(row)).join("\n"));
  const expected = (await importFiles([lines])).rows;
  assert.equal(expected.length, 2);
  for (const codec of ["SNAPPY", "GZIP", "ZSTD", "UNCOMPRESSED"] as const) {
    const filename = join(folder, "rows.parquet");
    parquetWriteFile({
      filename,
      codec,
      compressors: { GZIP: (bytes) => gzipSync(bytes), ZSTD: (bytes) => zstdCompressSync(bytes) },
      columnData: [
        { name: "messages", data: rows.map(({ messages }) => messages), type: "JSON" },
        { name: "tools", data: rows.map(({ tools }) => tools), type: "JSON" },
      ],
    });
    assert.deepEqual((await importFiles([filename])).rows, expected, codec);
  }
});

test("a file that is no Parquet file is refused by name", async (t) => {
  const [file = ""] = written(t, { "broken.parquet": ["PAR1 and nothing more"] });
  await assert.rejects(importFiles([file]), /cannot be read as Parquet/);
});
