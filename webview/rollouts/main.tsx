/** Entry of the rollout view: joins the editor's messages, what it keeps of the view, and the view. */
import "@vscode/codicons/dist/codicon.css";
import "./rollouts.css";
import { render } from "preact";
import type { ViewMessage } from "../../schemas/rolloutView.ts";
import { listen, oncePerTurn, pageTimers, theEditor } from "../client/page.ts";
import { RolloutClient } from "./client/rolloutClient.ts";
import { App } from "./components/App.tsx";
import { type Persisted, restore, viewOf } from "./state/persisted.ts";

const editor = theEditor<ViewMessage, Persisted>();
const { runFolder = "", title = "", kept: keptByPanel = "null" } = document.body.dataset;
let kept = restore([editor.getState(), JSON.parse(keptByPanel)], runFolder, title);
editor.setState(kept);

/** Scrolling changes what is kept all the time; the panel hears of it at this pace, milliseconds. */
const TELL_MS = 250;
let telling = false;

const keep = (changes: Partial<Persisted>) => {
  kept = { ...kept, ...changes, turn: kept.turn + 1 };
  editor.setState(kept);
  if (!telling) setTimeout(tellPanel, TELL_MS);
  telling = true;
};

function tellPanel(): void {
  telling = false;
  editor.postMessage({ kind: "keep", view: viewOf(kept) });
}

const client = new RolloutClient({
  post: (message) => editor.postMessage(message),
  timers: pageTimers,
  query: kept.query,
  follow: kept.anchor === null,
  around: kept.anchor,
  changed: oncePerTurn(draw),
});

function draw(): void {
  render(<App client={client} state={client.state} kept={kept} keep={keep} />, document.body);
}

listen((message) => client.receive(message));
draw();
client.open();
editor.postMessage({ kind: "here" });
