/** Entry of the replacement editor: joins the editor's messages and the view. */
import "@vscode/codicons/dist/codicon.css";
import "./replacement.css";
import { render } from "preact";
import type { ReplacementViewMessage } from "../../schemas/replacementView.ts";
import { oncePerTurn, pageTimers } from "../client/page.ts";
import { ReplacementClient } from "./client/replacementClient.ts";
import { App } from "./components/App.tsx";

declare function acquireVsCodeApi(): { postMessage(message: ReplacementViewMessage): void };

const editor = acquireVsCodeApi();
const client = new ReplacementClient({
  post: (message) => editor.postMessage(message),
  timers: pageTimers,
  changed: oncePerTurn(draw),
});

function draw(): void {
  render(<App client={client} />, document.body);
}

addEventListener("message", ({ data }: MessageEvent<unknown>) => client.receive(data));
draw();
client.begin();
