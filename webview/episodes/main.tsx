/** Entry of the view of episodes: joins the editor's messages, what it keeps of the view, and the view. */
import "@vscode/codicons/dist/codicon.css";
import "./episodes.css";
import { render } from "preact";
import type { EpisodesMessage } from "../../schemas/episodesView.ts";
import { listen, oncePerTurn, pageTimers, theEditor } from "../client/page.ts";
import { EpisodesClient } from "./client/episodesClient.ts";
import { App } from "./components/App.tsx";
import { type Persisted, restore } from "./state/persisted.ts";

const editor = theEditor<EpisodesMessage, Persisted>();
const { runFolder, file, title = "" } = document.body.dataset;
const shown = file === undefined ? { runFolder: runFolder ?? "" } : { file };
let kept = restore(editor.getState(), { ...shown, title });
editor.setState(kept);
const keep = (changes: Partial<Persisted>) => {
  kept = { ...kept, ...changes };
  editor.setState(kept);
};

const client = new EpisodesClient({
  post: (message) => editor.postMessage(message),
  timers: pageTimers,
  query: kept.query,
  around: kept.anchor,
  changed: oncePerTurn(draw),
});

function draw(): void {
  render(<App client={client} state={client.state} kept={kept} keep={keep} />, document.body);
}

listen((message) => client.receive(message));
draw();
client.open();
