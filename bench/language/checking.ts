/** How fast files are checked, beside vscode-json-languageservice, which knows the shape of a record and nothing of calls. */
import { existsSync, globSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { worker } from "../processes.ts";
import type { Row } from "../report.ts";
import { median } from "../statistics.ts";
import { chatLines } from "./records.ts";

/** Corpus files of samples, demonstrations and tools. */
const DATA =
  "{bfcl,toolrl,mcp,mistral-finetune,llama-factory,hammer,ms-swift,trl,verl,tau-bench,qwen-agent,api-bank}/**/*.{json,jsonl}";

export interface Checked {
  bytes: number;
  findings: number;
  /** Milliseconds of processor time, of all threads: of the process's first pass over the files, and of one of the later ones. */
  first: number;
  later: number;
}

export async function checking(rounds: number, corpus: string): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "toolexpander-bench-"));
  try {
    const generated = join(folder, "chat.jsonl");
    writeFileSync(generated, chatLines(20_000, 2));
    const sets = [{ what: "20,000 chat records with their tools", files: [generated] }];
    if (existsSync(corpus)) {
      const files = globSync(DATA, { cwd: corpus })
        .map((name) => resolve(corpus, name))
        .sort();
      sets.push({ what: `the corpus, ${files.length} files`, files });
    }
    const rows: Row[] = [];
    for (const { what, files } of sets) rows.push(...(await compare(what, files, rounds)));
    return rows;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Reading a schema and checking one value against it, for schemas that are met once: what rows with tools of their own cost. */
export async function firstChecks(rounds: number): Promise<Row> {
  const micros: { ours: number[]; peer: number[] } = { ours: [], peer: [] };
  for (let round = 0; round < rounds; round++) {
    for (const who of ["ours", "peer"] as const)
      micros[who].push((await worker<{ micros: number }>("firstCheck.ts", { who })).micros);
  }
  const [ours, peer] = [median(micros.ours), median(micros.peer)];
  return {
    what: "first check against a schema that is new",
    ours: `${ours.toFixed(0)} µs`,
    peer: `ajv ${peer.toFixed(0)} µs`,
    ratio: `${(peer / ours).toFixed(1)}×`,
    bar: "",
    data: micros,
  };
}

async function compare(what: string, files: readonly string[], rounds: number): Promise<Row[]> {
  const checked: Record<"ours" | "peer", Checked[]> = { ours: [], peer: [] };
  for (let round = 0; round < rounds; round++)
    for (const who of ["ours", "peer"] as const)
      checked[who].push(await worker<Checked>("validate.ts", { who, files }));
  const row = (pass: "first" | "later", when: string): Row => {
    const rates = (who: "ours" | "peer"): number[] => checked[who].map((one) => one.bytes / 1e3 / one[pass]);
    const [ours, peer] = [median(rates("ours")), median(rates("peer"))];
    return {
      what: `checking ${what}, per core, ${when}`,
      ours: `${ours.toFixed(1)} MB/s`,
      peer: `${peer.toFixed(1)} MB/s`,
      ratio: `${(ours / peer).toFixed(1)}×`,
      bar: "≥ 25 MB/s",
      data: { ours: rates("ours"), peer: rates("peer") },
    };
  };
  return [row("first", "first pass of a process"), row("later", "later passes")];
}
