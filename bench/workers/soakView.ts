/** A view without a page: the real client of the conversation, following the newest rows and leafing through the others. */
import { EVERYTHING } from "../../schemas/rolloutView.ts";
import { RolloutClient } from "../../webview/rollouts/client/rolloutClient.ts";
import type { FromView, ToView } from "../soak/messages.ts";

/** How often somebody scrolls, milliseconds, and the rows of a screen. */
const SCROLL_MS = 3000;
const SCREEN = 40;

const say = (message: FromView): void => void process.send?.(message);
let client: RolloutClient | undefined;
let looks = 0;

function look(): void {
  client?.dispose();
  client = new RolloutClient({
    post: (message) => say({ kind: "says", message }),
    timers: {
      set: (callback, milliseconds) => setTimeout(callback, milliseconds),
      clear: (timer) => clearTimeout(timer as NodeJS.Timeout),
    },
    query: EVERYTHING,
    follow: true,
    around: null,
    changed: ({ list }) => say({ kind: "shows", rows: list?.rows.length ?? 0 }),
  });
  client.open();
}

setInterval(() => {
  const total = client?.state.list?.rows.length ?? 0;
  const first = (looks++ * 7 * SCREEN) % Math.max(1, total);
  client?.look(first, first + SCREEN);
}, SCROLL_MS);

process.on("message", (message: ToView) => {
  if (message.kind === "look") look();
  else client?.receive(message.message);
});
process.on("disconnect", () => process.exit());
