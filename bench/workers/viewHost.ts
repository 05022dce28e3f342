/**
 * The part of an extension host that serves one view, in a process of its own so that its processor time is told apart:
 * `viewHost.ts <rollouts|curves> <run folder> <bundles>`. Says its address, then answers what it is asked (bench/view/viewHost.ts).
 */
import type { HostMessage } from "../../schemas/rolloutView.ts";
import { startCurves, startHarness } from "../../test/view/harness.ts";
import type { HostAnswer, HostQuestion } from "../view/viewHost.ts";

const [name, folder = "", bundles = ""] = process.argv.slice(2);
const made = { folder: bundles, [Symbol.dispose]: () => undefined };
const harness = name === "curves" ? await startCurves(folder, made) : await startHarness(folder, made);

const say = (answer: HostAnswer): void => void process.send?.(answer);

process.on("message", ({ id, ask }: HostQuestion) => {
  if (ask === "hide" || ask === "show") harness.link.setVisible(ask === "show");
  const { user, system } = process.cpuUsage();
  const told = harness.sent as HostMessage[];
  say({
    id,
    cpuMilliseconds: (user + system) / 1000,
    memoryMB: process.memoryUsage().rss / 1e6,
    messages: told.length,
    openings: told.filter((message) => message.kind === "reply" && message.method === "open").length,
    log: harness.log,
  });
});
process.on("disconnect", () => process.exit());
say({ address: harness.address() });
