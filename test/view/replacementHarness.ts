/**
 * The replacement editor in a page of its own: the real page, scripts, readings and language server; a text in memory in place
 * of the document.
 */

import { changedText } from "../../extension/replacements/textEdits.ts";
import { findingsIn } from "../../extension/replacements/worker/findings.ts";
import { ReplacementService } from "../../extension/replacements/worker/replacementService.ts";
import { viewPage } from "../../extension/views/page.ts";
import type { Finding, Reading, ReplacementHostMessage, ReplacementRequest } from "../../schemas/replacementView.ts";
import { isReplacementHostMessage, isReplacementViewMessage } from "../../schemas/replacementView.ts";
import { serveDocument } from "./languageServer.ts";
import type { Theme } from "./themes.ts";
import { type Bundles, bundleMatching, serveView } from "./viewServer.ts";

export interface ReplacementHarness extends AsyncDisposable {
  address(theme: Theme): string;
  text(): string;
  /** As undo, or somebody else, changes the document. */
  replace(text: string): void;
  send(message: ReplacementHostMessage): void;
  /** What is read in the file comes only when this is called, as where the reader is slow. @returns what tells it, and ends the wait */
  holdReadings(): () => void;
  /** Commands that the view gave, reasons it told, and answers to a flush. */
  heard: string[];
}

export const bundleEditor = (): Promise<Bundles> => bundleMatching(/^webview\/replacement\//);

export async function startEditor(file: string, first: string, { folder: dist }: Bundles): Promise<ReplacementHarness> {
  const service = new ReplacementService();
  const heard: string[] = [];
  let document = { text: first, version: 1 };
  let foreign = 1;
  let edits = 0;
  let findings: Finding[] = [];
  let isHeld = false;
  const open = () => ({ file, ...document });
  const send = (message: ReplacementHostMessage): void => {
    // What a reading holds crosses a border of threads in the editor.
    if (!isReplacementHostMessage(structuredClone(message))) throw new Error(`Not a message: ${message.kind}`);
    server.send(message);
  };
  const tell = (): void => {
    send({ kind: "document", ...document, dirty: document.text !== first, edits });
    if (isHeld) return;
    const reading: Reading = service.read(open());
    send({ kind: "reading", reading });
    send({ kind: "findings", findings });
  };
  const replace = (text: string): void => {
    document = { text, version: document.version + 1 };
    language.change(document.version, text);
    tell();
  };
  const answer = ({ id, method, params }: ReplacementRequest): void => {
    if (method === "history") send({ kind: "reply", id, method, result: service.history(open()) });
    else if (method === "completions") {
      void language
        .complete(params.path, params.text, params.offset)
        .then((items) => send({ kind: "reply", id, method, result: { items } }));
    } else send({ kind: "reply", id, method, result: service.candidates(open(), params.search) });
  };
  const receive = (message: unknown): void => {
    if (!isReplacementViewMessage(message)) throw new Error(`The view sent ${JSON.stringify(message)}`);
    if ("edit" in message) edits = message.edit;
    if (message.kind === "request") answer(message);
    else if (message.kind === "ready") {
      heard.push(`ready ${message.why}`);
      edits = 0;
      send({ kind: "try", try: null, rollouts: 10 });
      tell();
    } else if (message.kind === "edit") {
      if (message.version < foreign) send({ kind: "stale" });
      else replace(changedText(document.text, message.changes));
    } else if (message.kind === "rewrite") replace(message.text);
    else if (message.kind === "flushed") heard.push("flushed");
    else if (message.kind === "why") heard.push(`why ${message.why}`);
    else if (message.kind === "command") heard.push(message.name);
    else if (message.kind === "promote") heard.push(`promote ${message.at.side} ${message.at.rollout}`);
    else heard.push(message.kind);
  };
  const language = await serveDocument(file, first, (text, marks) => {
    findings = findingsIn(text, marks);
    send({ kind: "findings", findings });
  });
  const server = await serveView({ dist, view: "replacement", page: viewPage, receive });
  return {
    address: (theme) => server.address(theme, "an edit"),
    text: () => document.text,
    replace: (text) => {
      foreign = document.version + 1;
      replace(text);
    },
    send,
    holdReadings: () => {
      isHeld = true;
      return () => {
        isHeld = false;
        tell();
      };
    },
    heard,
    [Symbol.asyncDispose]: () => {
      language[Symbol.dispose]();
      return server[Symbol.asyncDispose]();
    },
  };
}
