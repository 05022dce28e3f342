/** Entry of the view that compares runs: joins the editor's messages, what it keeps of the view, and the view. */
import "@vscode/codicons/dist/codicon.css";
import "./compare.css";
import { render } from "preact";
import type { CompareMessage } from "../../schemas/compareView.ts";
import { oncePerTurn, pageTimers } from "../client/page.ts";
import { CompareClient } from "./client/compareClient.ts";
import { App } from "./components/App.tsx";
import { namedRuns, type Persisted, restore } from "./state/persisted.ts";

interface Editor {
  postMessage(message: CompareMessage): void;
  getState(): unknown;
  setState(state: Persisted): void;
}

declare function acquireVsCodeApi(): Editor;

const editor = acquireVsCodeApi();
let kept = restore(editor.getState(), namedRuns(document.body.dataset.runs));
editor.setState(kept);
const keep = (changes: Partial<Persisted>) => {
  kept = { ...kept, ...changes };
  editor.setState(kept);
};

const client = new CompareClient({
  post: (message) => editor.postMessage(message),
  timers: pageTimers,
  runs: kept.runs.map(({ folder }) => folder),
  changed: oncePerTurn(draw),
});

function draw(): void {
  render(
    <App
      client={client}
      state={client.state}
      kept={kept}
      keep={keep}
      post={(message) => editor.postMessage(message)}
    />,
    document.body,
  );
}

addEventListener("message", ({ data }: MessageEvent<unknown>) => client.receive(data));
draw();
client.start();
