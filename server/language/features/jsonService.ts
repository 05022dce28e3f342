/** The JSON language service, asked about one text and its schema at a time; it never fetches a schema. */
import {
  type CompletionItem,
  type FoldingRange,
  type FormattingOptions,
  getLanguageService,
  type Hover,
  type MarkupKind,
} from "vscode-json-languageservice";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { Typing } from "./typing.ts";

const RECORD = "toolexpander-record://record.json";

const MARKUP: MarkupKind[] = ["markdown", "plaintext"];

const service = getLanguageService({
  clientCapabilities: {
    textDocument: {
      completion: { completionItem: { documentationFormat: MARKUP, commitCharactersSupport: true } },
      hover: { contentFormat: MARKUP },
    },
  },
  schemaRequestService: (uri) => Promise.reject(new Error(`Schemas are not fetched: ${uri}`)),
});

function prepare({ level, schema, tools }: Typing) {
  service.configure({
    validate: false,
    schemas: [
      { uri: "toolexpander-schema://record.json", fileMatch: ["*"], schema },
      ...tools.map((tool) => ({ uri: tool.uri, schema: tool.schema })),
    ],
  });
  const document = TextDocument.create(RECORD, "json", 1, level.text);
  return { document, json: service.parseJSONDocument(document) };
}

/** With ranges in the level's text. */
export async function completionsIn(typing: Typing): Promise<{ items: CompletionItem[]; document: TextDocument }> {
  const { document, json } = prepare(typing);
  const list = await service.doComplete(document, document.positionAt(typing.offset), json);
  return { items: list?.items ?? [], document };
}

export async function hoverIn(typing: Typing): Promise<{ hover: Hover; document: TextDocument } | undefined> {
  const { document, json } = prepare(typing);
  const hover = await service.doHover(document, document.positionAt(typing.offset), json);
  return hover === null ? undefined : { hover, document };
}

export function bracketFolds(text: string, most: number): FoldingRange[] {
  return service.getFoldingRanges(TextDocument.create(RECORD, "json", 1, text), { rangeLimit: most });
}

/** Of a document that is one value: indented. */
export function indented(text: string, options: FormattingOptions): string {
  const document = TextDocument.create(RECORD, "json", 1, text);
  return TextDocument.applyEdits(document, service.format(document, undefined, options));
}
