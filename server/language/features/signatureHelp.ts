/** The signature of the tool whose arguments the cursor is in. */
import { getLocation } from "jsonc-parser";
import { MarkupKind, type SignatureHelp } from "vscode-languageserver";
import { textMember } from "../../toolcalls/dialects/read.ts";
import type { Session } from "../session.ts";
import { markdownText } from "./markdown.ts";
import type { Place } from "./navigation.ts";
import { OpenRecord } from "./openRecord.ts";
import { RecordView } from "./recordView.ts";
import { signatureOf } from "./signature.ts";
import { levelOf } from "./textLevel.ts";

export function signatureHelp(session: Session, { textDocument: { uri }, position }: Place): SignatureHelp | undefined {
  const analysis = session.analysis(uri);
  const found = analysis && OpenRecord.at(analysis, position);
  if (found === undefined) return undefined;
  const view = new RecordView(found.record.view.text, found.record.view.frame, { whileTyped: true });
  for (const { call, sample } of view.calls()) {
    const tool = view.scopeOf(sample).find(call.name);
    if (tool === undefined || call.form === "absent") continue;
    const place = levelOf(view.text, call.form === "not-json" ? call.argumentsRef.text() : call.argumentsRef);
    const node = place?.level.node(place.path) ?? place?.level.tree;
    const offset = place?.level.fromRecord(found.offset);
    if (place === undefined || node === undefined || offset === undefined) continue;
    if (offset <= node.offset || offset >= node.offset + node.length) continue;
    const { path } = getLocation(place.level.text, offset);
    const signature = signatureOf(call.name, tool.schema);
    const active = signature.parameters.findIndex(({ name }) => name === path[place.path.length]);
    return {
      signatures: [
        {
          label: signature.label,
          ...documentation(tool.tool.description),
          parameters: signature.parameters.map(({ span, schema }) => ({
            label: span,
            ...documentation(textMember(schema, "description")),
          })),
        },
      ],
      activeSignature: 0,
      // Behind the last parameter none is active.
      activeParameter: active === -1 ? signature.parameters.length : active,
    };
  }
  return undefined;
}

const documentation = (text: string | undefined) =>
  text === undefined ? {} : { documentation: { kind: MarkupKind.Markdown, value: markdownText(text) } };
