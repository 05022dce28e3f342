/** Entry of the view that compares runs: joins the editor's messages, what it keeps of the view, and the view. */
import "@vscode/codicons/dist/codicon.css";
import "./compare.css";
import { render } from "preact";
import type { CompareMessage } from "../../schemas/compareView.ts";
import { listen, oncePerTurn, pageTimers, theEditor } from "../client/page.ts";
import { CompareClient } from "./client/compareClient.ts";
import { App } from "./components/App.tsx";
import { namedRuns, type Persisted, restore } from "./state/persisted.ts";

const editor = theEditor<CompareMessage, Persisted>();
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

listen((message) => client.receive(message));
draw();
client.start();
