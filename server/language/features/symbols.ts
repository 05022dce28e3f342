/** Tools, samples and demonstrations as symbols, of one document and of the workspace. */
import { type DocumentSymbol, SymbolKind, type WorkspaceSymbol } from "vscode-languageserver";
import type { Sample, Tool } from "../../toolcalls/dialects/model.ts";
import { callsOf } from "../../toolcalls/dialects/model.ts";
import { plain } from "../../toolcalls/display.ts";
import type { Session } from "../session.ts";
import { uriOf } from "../uris.ts";
import { workspaceOf } from "./navigation.ts";
import { OpenRecord } from "./openRecord.ts";

/** An outline beyond this is a list that nobody scrolls through. */
const MOST_RECORDS = 5000;
const MOST_SYMBOLS = 500;
const LONGEST_NAME = 60;

export function documentSymbols(session: Session, uri: string): DocumentSymbol[] {
  const analysis = session.analysis(uri);
  const symbols: DocumentSymbol[] = [];
  for (let index = 0; index < (analysis?.document.count ?? 0) && symbols.length < MOST_RECORDS; index++) {
    const record = analysis && OpenRecord.of(analysis, index);
    if (record === undefined) continue;
    const { reading } = record.view;
    symbols.push(...reading.tools.map((tool) => toolSymbol(record, tool)));
    for (const sample of [...reading.samples, ...reading.demonstrations]) symbols.push(sampleSymbol(record, sample));
  }
  return symbols;
}

const named = (text: string | undefined, otherwise: string): string =>
  text === undefined || text.trim() === "" ? otherwise : plain(text, LONGEST_NAME);

function toolSymbol(record: OpenRecord, tool: Tool): DocumentSymbol {
  const { view } = record;
  return {
    name: named(tool.name, "tool"),
    detail: plain(tool.description ?? ""),
    kind: SymbolKind.Function,
    range: record.range(view.locate(tool.ref)),
    selectionRange: record.range(view.locate(tool.nameRef)),
  };
}

function sampleSymbol(record: OpenRecord, sample: Sample): DocumentSymbol {
  const { view } = record;
  const calls = callsOf(sample).map((call) => ({
    name: named(call.name, "call"),
    kind: SymbolKind.Event,
    range: record.range(view.locate(call.ref)),
    selectionRange: record.range(inside(view.locate(call.nameRef), view.locate(call.ref))),
  }));
  const tools = sample.offer.kind === "own" ? sample.offer.tools.map((tool) => toolSymbol(record, tool)) : [];
  const inner = sample.demonstrations.map((one) => sampleSymbol(record, one));
  const whole = view.locate(sample.ref);
  return {
    name: named(sample.id, named(sample.query, "sample")),
    detail: sample.id === undefined ? "" : plain(sample.query),
    kind: SymbolKind.Object,
    range: record.range(whole),
    selectionRange: record.range(inside(view.locate(sample.idRef ?? sample.queryRef), whole)),
    children: [...tools, ...calls, ...inner],
  };
}

interface Span {
  start: number;
  end: number;
}

/** Editors refuse a selection that is outside of its range. */
const inside = (part: Span, whole: Span): Span =>
  part.start >= whole.start && part.end <= whole.end ? part : { start: whole.start, end: whole.start };

/** Tools by name; samples and demonstrations by id where something is searched for. */
export async function workspaceSymbols(
  session: Session,
  folders: readonly string[],
  query: string,
  cancelled: () => boolean,
): Promise<WorkspaceSymbol[]> {
  const wanted = query.toLowerCase();
  const [first] = session.analyses.values();
  const workspace = await workspaceOf(session, folders, first?.document.file ?? "");
  const symbols: WorkspaceSymbol[] = [];
  for (const file of workspace.files) {
    if (wanted === "" && !file.endsWith(".tools.json")) continue;
    for await (const { view, range } of workspace.matching(file, (text) => text.toLowerCase().includes(wanted))) {
      const { tools, samples, demonstrations } = view.reading;
      const found = [
        ...tools.map(({ name, nameRef }) => ({ name, ref: nameRef, kind: SymbolKind.Function })),
        ...[...samples, ...demonstrations].flatMap(({ id, idRef }) =>
          id === undefined || idRef === undefined ? [] : [{ name: id, ref: idRef, kind: SymbolKind.Object }],
        ),
      ];
      for (const { name, ref, kind } of found) {
        if (!name.toLowerCase().includes(wanted)) continue;
        symbols.push({
          name: named(name, "unnamed"),
          kind,
          location: { uri: uriOf(file), range: range(view.locate(ref)) },
        });
      }
      if (cancelled() || symbols.length >= MOST_SYMBOLS) return symbols.slice(0, MOST_SYMBOLS);
    }
  }
  return symbols;
}
