/** One record, asked by every rule. Pure: the same record, dialect and tools give the same findings. */
import type { Dialect } from "../../toolcalls/dialects/dialect.ts";
import { callsOf, emptyReading, type Reading, type Sample, type Tool } from "../../toolcalls/dialects/model.ts";
import { NO_DIALECT } from "../../toolcalls/dialects/noDialect.ts";
import { Ref } from "../../toolcalls/dialects/ref.ts";
import type { Locator } from "../records/locate.ts";
import type { ParsedRecord } from "../records/parsedRecord.ts";
import type { Rule, RuleContext } from "../rules/rule.ts";
import { CheckedCall } from "./checkedCall.ts";
import { type FactIndex, factsOf, type RecordFacts } from "./facts.ts";
import { type Finding, RecordFinding } from "./finding.ts";
import type { RuleSet } from "./ruleSet.ts";
import { forEachSchema } from "./schemaNodes.ts";
import { type Origin, ScopedTool, ToolScope } from "./scope.ts";
import { textOf } from "./soundTools.ts";

export interface RecordInput {
  record: ParsedRecord;
  dialect: Dialect | undefined;
  origin: Origin;
  rules: RuleSet;
  /** The tools of a sample whose record does not define its own. */
  scopeOf(sample: Sample): ToolScope;
}

export interface RecordAnalysis {
  reading: Reading;
  findings: Finding[];
  facts: RecordFacts;
}

/** The record as its dialect reads it; empty where there is nothing to read, or nobody who can. */
export function readingOf(record: ParsedRecord, dialect: Dialect | undefined): Reading {
  return record.fault === undefined ? (dialect?.read(record.value, Ref.root) ?? emptyReading()) : emptyReading();
}

/** @param reading the record's, for whoever has it already */
export function analyzeRecord(input: RecordInput, reading = readingOf(input.record, input.dialect)): RecordAnalysis {
  const { record, dialect, rules } = input;
  const findings: Finding[] = [];
  const ask = asking({ dialect, origin: input.origin, rules, locator: record.locator }, findings);
  for (const rule of rules.with("record")) rule.record?.(record, reading, ask(rule));
  const samples = [...reading.samples, ...reading.demonstrations];
  const sound = rules.sound(dialect);
  for (const tool of [...reading.tools, ...samples.flatMap(({ offer }) => (offer.kind === "own" ? offer.tools : []))]) {
    const text = textOf(tool);
    if (sound.has(text)) continue;
    const before = findings.length;
    checkTool(tool, rules, ask);
    if (findings.length === before) sound.add(text);
  }
  for (const sample of samples) {
    const scope = scopeOf(sample, input);
    for (const rule of rules.with("sample")) rule.sample?.(sample, scope, ask(rule));
    checkCalls(sample, scope, rules, ask);
    for (const demonstration of sample.demonstrations) {
      for (const rule of rules.with("sample")) rule.sample?.(demonstration, scope, ask(rule));
      checkCalls(demonstration, scopeOf(demonstration, input), rules, ask);
    }
  }
  return { reading, findings, facts: factsOf(reading) };
}

function checkTool(tool: Tool, rules: RuleSet, ask: (rule: Rule) => RuleContext): void {
  for (const rule of rules.with("tool")) rule.tool?.(tool, ask(rule));
  forEachSchema(tool, (node) => {
    for (const rule of rules.with("schema")) rule.schema?.(node, ask(rule));
  });
}

function checkCalls(sample: Sample, scope: ToolScope, rules: RuleSet, ask: (rule: Rule) => RuleContext): void {
  for (const call of callsOf(sample)) {
    const checked = new CheckedCall(call, scope);
    for (const rule of rules.with("call")) rule.call?.(checked, ask(rule));
  }
}

export interface AcrossInput extends Pick<RecordInput, "dialect" | "origin" | "rules"> {
  locator: Locator;
}

/** What the record's facts mean beside those of all other records. */
export function analyzeAcross(input: AcrossInput, facts: RecordFacts, index: FactIndex): Finding[] {
  const findings: Finding[] = [];
  const ask = asking(input, findings);
  for (const rule of input.rules.with("across")) rule.across?.(facts, index, ask(rule));
  return findings;
}

export function scopeOf(
  sample: Sample,
  { origin, scopeOf: elsewhere }: Pick<RecordInput, "origin" | "scopeOf">,
): ToolScope {
  if (sample.offer.kind !== "own") return elsewhere(sample);
  return ToolScope.of(sample.offer.tools.map((tool) => new ScopedTool(tool, origin)));
}

/** Turns to one rule after the other; each has said all it has to say when the next is asked, so one context serves them all. */
function asking({ locator, dialect, origin, rules }: AcrossInput, findings: Finding[]): (rule: Rule) => RuleContext {
  let asked: Rule | undefined;
  const context: RuleContext = {
    dialect: dialect ?? NO_DIALECT,
    profiles: rules.profiles,
    origin,
    report(place, message, { related = [], data, severity: ofCase } = {}) {
      if (asked === undefined) return;
      const severity = rules.severity(asked, dialect, ofCase);
      if (severity === "off") return;
      findings.push(new RecordFinding({ rule: asked.id, severity, message, related, data }, place, locator));
    },
  };
  return (rule) => {
    asked = rule;
    return context;
  };
}
