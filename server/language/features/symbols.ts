/** Tools, samples and demonstrations as symbols, of one document and of the workspace. */
import { type DocumentSymbol, SymbolKind, type WorkspaceSymbol } from "vscode-languageserver";
import type { Dialect } from "../../toolcalls/dialects/dialect.ts";
import { callsOf, type Sample, type Tool } from "../../toolcalls/dialects/model.ts";
import { plain } from "../../toolcalls/display.ts";
import type { DocumentAnalysis } from "../analysis/documentAnalysis.ts";
import type { Span } from "../records/locate.ts";
import type { RecordSlot } from "../records/recordDocument.ts";
import type { Session } from "../session.ts";
import { uriOf } from "../uris.ts";
import { workspaceOf } from "./navigation.ts";
import { OpenRecord } from "./openRecord.ts";
import { Pause } from "./pause.ts";
import type { RecordView } from "./recordView.ts";

/** An outline beyond this is a list that nobody scrolls through. */
const MOST_RECORDS = 2000;
const MOST_SYMBOLS = 500;
const LONGEST_NAME = 60;

/** A symbol with its places in its record, which hold wherever the record moves. */
interface RecordSymbol {
  name: string;
  detail?: string;
  kind: SymbolKind;
  whole: Span;
  selected: Span;
  children?: RecordSymbol[];
}

/** Of records as their dialect reads them: an editor asks again after every pause in typing, and most records are the same. */
const known = new WeakMap<RecordSlot, { dialect: Dialect | undefined; symbols: readonly RecordSymbol[] }>();

export async function documentSymbols(session: Session, uri: string): Promise<DocumentSymbol[]> {
  const analysis = session.analysis(uri);
  const symbols: DocumentSymbol[] = [];
  const pause = new Pause();
  for (let index = 0; index < (analysis?.document.count ?? 0) && symbols.length < MOST_RECORDS; index++) {
    const slot = analysis?.document.slot(index);
    if (analysis === undefined || slot === undefined) continue;
    const { document } = analysis;
    const range = ({ start, end }: Span) => ({
      start: document.position(index, start),
      end: document.position(index, end),
    });
    symbols.push(...symbolsOf(analysis, index, slot).map((symbol) => placed(symbol, range)));
    await pause.whenDue();
  }
  return symbols;
}

function symbolsOf(analysis: DocumentAnalysis, index: number, slot: RecordSlot): readonly RecordSymbol[] {
  const { dialect } = analysis;
  const before = known.get(slot);
  if (before !== undefined && before.dialect === dialect) return before.symbols;
  const view = OpenRecord.of(analysis, index)?.view;
  const symbols = view === undefined ? [] : recordSymbols(view);
  known.set(slot, { dialect, symbols });
  return symbols;
}

function recordSymbols(view: RecordView): RecordSymbol[] {
  const { tools, samples, demonstrations } = view.reading;
  return [
    ...tools.map((tool) => toolSymbol(view, tool)),
    ...[...samples, ...demonstrations].map((sample) => sampleSymbol(view, sample)),
  ];
}

const placed = (
  { name, detail, kind, whole, selected, children }: RecordSymbol,
  range: (span: Span) => DocumentSymbol["range"],
): DocumentSymbol => ({
  name,
  kind,
  range: range(whole),
  selectionRange: range(selected),
  ...(detail === undefined ? {} : { detail }),
  ...(children === undefined ? {} : { children: children.map((child) => placed(child, range)) }),
});

const named = (text: string | undefined, otherwise: string): string =>
  text === undefined || text.trim() === "" ? otherwise : plain(text, LONGEST_NAME);

const toolSymbol = (view: RecordView, tool: Tool): RecordSymbol => ({
  name: named(tool.name, "tool"),
  detail: plain(tool.description ?? ""),
  kind: SymbolKind.Function,
  whole: view.locate(tool.ref),
  selected: view.locate(tool.nameRef),
});

function sampleSymbol(view: RecordView, sample: Sample): RecordSymbol {
  const calls = callsOf(sample).map((call) => {
    const whole = view.locate(call.ref);
    const selected = inside(view.locate(call.nameRef), whole);
    return { name: named(call.name, "call"), kind: SymbolKind.Event, whole, selected };
  });
  const tools = sample.offer.kind === "own" ? sample.offer.tools.map((tool) => toolSymbol(view, tool)) : [];
  const inner = sample.demonstrations.map((one) => sampleSymbol(view, one));
  const whole = view.locate(sample.ref);
  return {
    name: named(sample.id, named(sample.query, "sample")),
    detail: sample.id === undefined ? "" : plain(sample.query),
    kind: SymbolKind.Object,
    whole,
    selected: inside(view.locate(sample.idRef ?? sample.queryRef), whole),
    children: [...tools, ...calls, ...inner],
  };
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
