/** Checks files in a process of its own, several times, with our rules or with vscode-json-languageservice record by record. */
import { readFileSync, statSync } from "node:fs";
import jsonService, { type LanguageService } from "vscode-json-languageservice";
import { RuleSet } from "../../server/language/analysis/ruleSet.ts";
import { RecordDocument } from "../../server/language/records/recordDocument.ts";
import { validateFiles } from "../../server/language/workspace/validateFiles.ts";
import type { Checked } from "../language/checking.ts";
import { median } from "../statistics.ts";

// A UMD module: Node finds none of its names from outside.
const { getLanguageService, TextDocument } = jsonService;
const { who, files } = JSON.parse(process.argv[2] ?? "{}") as { who: "ours" | "peer"; files: string[] };

const SHAPE = {
  type: ["object", "array"],
  properties: {
    id: { type: ["string", "integer"] },
    messages: { type: "array", items: { type: "object", properties: { role: { type: "string" } } } },
    tools: { type: ["array", "string"], items: { type: ["object", "string"] } },
  },
};

async function ours(): Promise<number> {
  let findings = 0;
  for await (const batch of validateFiles(files, { rules: RuleSet.standard })) findings += batch.length;
  return findings;
}

async function peer(): Promise<number> {
  const service = getLanguageService({});
  service.configure({ validate: true, schemas: [{ uri: "bench://record", fileMatch: ["*"], schema: SHAPE }] });
  let findings = 0;
  for (const file of files) findings += await peerFile(service, new RecordDocument(file, readFileSync(file, "utf8")));
  return findings;
}

async function peerFile(service: LanguageService, document: RecordDocument): Promise<number> {
  let findings = 0;
  for (let index = 0; index < document.count; index++) {
    const text = document.slot(index)?.text;
    if (text === undefined) continue;
    const record = TextDocument.create(`bench://${index}.json`, "json", 1, text);
    findings += (await service.doValidation(record, service.parseJSONDocument(record))).length;
  }
  return findings;
}

/** Passes after the first one; by then what is often called has been compiled. */
const PASSES = 6;

const milliseconds: number[] = [];
let findings = 0;
for (let pass = 0; pass <= PASSES; pass++) {
  const before = process.cpuUsage();
  findings = await (who === "ours" ? ours() : peer());
  const { user, system } = process.cpuUsage(before);
  milliseconds.push((user + system) / 1000);
}
const [first = 0, ...later] = milliseconds;
const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
const checked: Checked = { bytes, findings, first, later: median(later) };
console.log(JSON.stringify(checked));
