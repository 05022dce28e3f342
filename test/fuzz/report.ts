/** What a fuzzing came to: as JSON, as a table, and a finding in words that replay it. */
import { cpus } from "node:os";
import { type Finding, HANG_MS, type Outcome } from "./runner.ts";

export interface Row {
  parser: string;
  cases: number;
  slowestMilliseconds: number;
  slowestCase: number;
  /** Kinds of failures, each with the number of its first case. */
  findings: { kind: Finding["kind"]; case: number; text: string }[];
}

export interface Report {
  seed: number;
  cases: number;
  node: string;
  processor: string;
  rows: Row[];
}

export function rowOf(parser: string, cases: number, { slowest, findings }: Outcome): Row {
  return {
    parser,
    cases,
    slowestMilliseconds: Math.round(slowest.milliseconds * 10) / 10,
    slowestCase: slowest.number,
    findings: findings.map(({ kind, number, text }) => ({ kind, case: number, text: text.split("\n")[0] ?? "" })),
  };
}

export function reportOf(seed: number, rows: Row[]): Report {
  const cases = rows.reduce((sum, row) => sum + row.cases, 0);
  return { seed, cases, node: process.version, processor: cpus()[0]?.model ?? "unknown", rows };
}

export function tableOf({ seed, cases, node, processor, rows }: Report): string {
  const number = (value: number): string => value.toLocaleString("en");
  return [
    "# Fuzzing of what reads foreign bytes",
    "",
    `\`npm run fuzz -- --cases ${cases} --seed ${seed}\` with Node ${node} on ${processor}: ${number(cases)} cases. A case fails where`,
    "a reader throws anything but a sentence of ours that is safe to show, where it changes what all objects inherit, where it takes",
    `more than ${HANG_MS} ms of the processor, or where it takes 256 MiB of heap or leaves 64 MiB outside of it behind. The time of the`,
    "slowest case is the processor's; compiling and collecting are in it.",
    "",
    "| parser | cases | slowest case, ms | findings |",
    "|---|---:|---:|---|",
    ...rows.map(
      ({ parser, cases: count, slowestMilliseconds, findings }) =>
        `| ${parser} | ${number(count)} | ${slowestMilliseconds.toFixed(1)} | ${findings.length === 0 ? "none" : findings.map(({ kind, case: at }) => `${kind}, case ${at}`).join("; ")} |`,
    ),
    "",
  ].join("\n");
}

const SHOWN = 600;

/** What failed, on what, and how it is done again. */
export function findingText({ kind, target, number, text, input }: Finding, seed: number): string {
  const shown = Buffer.from(input.subarray(0, SHOWN));
  const more = input.length > SHOWN ? ` … and ${input.length - SHOWN} bytes more` : "";
  return [
    `${target}, case ${number}: ${kind}`,
    ...text
      .split("\n")
      .slice(0, 6)
      .map((line) => `    ${line}`),
    `    input (${input.length} bytes): ${JSON.stringify(shown.toString("latin1"))}${more}`,
    `    again: npm run fuzz -- --only ${JSON.stringify(target)} --seed ${seed} --case ${number}`,
  ].join("\n");
}
