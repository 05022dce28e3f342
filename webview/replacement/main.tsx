/** Entry of the replacement editor: joins the editor's messages and the view. */
import "@vscode/codicons/dist/codicon.css";
import "./replacement.css";
import { render } from "preact";
import type { ReplacementViewMessage } from "../../schemas/replacementView.ts";
import { oncePerTurn, pageTimers } from "../client/page.ts";
import type { Kept } from "./client/kept.ts";
import { ReplacementClient } from "./client/replacementClient.ts";
import { App } from "./components/App.tsx";

interface Editor {
  postMessage(message: ReplacementViewMessage): void;
  getState(): unknown;
  setState(state: Kept): void;
}

declare function acquireVsCodeApi(): Editor;

const editor = acquireVsCodeApi();
const client = new ReplacementClient({
  post: (message) => editor.postMessage(message),
  timers: pageTimers,
  changed: oncePerTurn(draw),
  kept: editor.getState(),
  keep: (kept) => editor.setState(kept),
});

function draw(): void {
  render(<App client={client} />, document.body);
}

// Where the page stands comes back with the view.
addEventListener("scroll", () => client.keep({ scroll: document.body.scrollTop }), { capture: true, passive: true });
addEventListener("message", ({ data }: MessageEvent<unknown>) => client.receive(data));
draw();
client.begin();
