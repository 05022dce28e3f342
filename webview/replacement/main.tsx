/** Entry of the replacement editor: joins the editor's messages and the view. */
import "@vscode/codicons/dist/codicon.css";
import "./replacement.css";
import { render } from "preact";
import type { ReplacementViewMessage } from "../../schemas/replacementView.ts";
import { ReplacementClient } from "./client/replacementClient.ts";
import { App } from "./components/App.tsx";

declare function acquireVsCodeApi(): { postMessage(message: ReplacementViewMessage): void };

const editor = acquireVsCodeApi();
let drawing = false;
const client = new ReplacementClient({
  post: (message) => editor.postMessage(message),
  timers: {
    set: (callback, milliseconds) => setTimeout(callback, milliseconds),
    clear: (timer) => clearTimeout(timer as number),
  },
  changed: () => {
    // Several messages of one turn are drawn once.
    if (drawing) return;
    drawing = true;
    queueMicrotask(() => {
      drawing = false;
      draw();
    });
  },
});

function draw(): void {
  render(<App client={client} />, document.body);
}

addEventListener("message", ({ data }: MessageEvent<unknown>) => client.receive(data));
draw();
client.begin();
