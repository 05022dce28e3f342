/** Entry of the replacement editor: joins the editor's messages and the view. */
import "@vscode/codicons/dist/codicon.css";
import "./replacement.css";
import { render } from "preact";
import type { ReplacementViewMessage } from "../../schemas/replacementView.ts";
import { listen, oncePerTurn, pageTimers, theEditor } from "../client/page.ts";
import type { Kept } from "./client/kept.ts";
import { ReplacementClient } from "./client/replacementClient.ts";
import { App } from "./components/App.tsx";

const editor = theEditor<ReplacementViewMessage, Kept>();
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
listen((message) => client.receive(message));
draw();
client.begin();
