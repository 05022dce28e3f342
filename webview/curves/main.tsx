/** Entry of the view of curves: joins the editor's messages, what it keeps of the view, and the view. */
import "@vscode/codicons/dist/codicon.css";
import "./curves.css";
import { render } from "preact";
import type { CurvesMessage } from "../../schemas/curvesView.ts";
import { listen, oncePerTurn, pageTimers, theEditor } from "../client/page.ts";
import { CurvesClient } from "./client/curvesClient.ts";
import { App } from "./components/App.tsx";
import { type Persisted, restore } from "./state/persisted.ts";

const editor = theEditor<CurvesMessage, Persisted>();
const { runFolder = "", title = "" } = document.body.dataset;
let kept = restore(editor.getState(), runFolder, title);
editor.setState(kept);

const keep = (changes: Partial<Persisted>) => {
  kept = { ...kept, ...changes };
  editor.setState(kept);
};

const client = new CurvesClient({
  post: (message) => editor.postMessage(message),
  timers: pageTimers,
  shown: [runFolder, ...kept.others],
  changed: oncePerTurn(draw),
});

function draw(): void {
  render(
    <App
      client={client}
      state={client.state}
      kept={kept}
      keep={keep}
      openStep={(run, step) => editor.postMessage({ kind: "openStep", run, step })}
      save={(format, data) => editor.postMessage({ kind: "save", format, data })}
    />,
    document.body,
  );
}

listen((message) => client.receive(message));
draw();
client.start();
