/** A program: tests the device named by its first argument, with as many threads as its second says, and tells over the fork's channel. */
import { CHECKED_DEVICES } from "../../../../../schemas/devices.ts";
import { selfTest } from "./selfTest.ts";

const device = CHECKED_DEVICES.find((name) => name === process.argv[2]);
if (device === undefined || process.send === undefined) {
  process.stderr.write("This program tests a device for ToolExpander; `toolexpander devices` starts it.\n");
  process.exitCode = 2;
} else {
  // Whoever listens ends this process when the last finding has arrived; without anyone it ends itself.
  process.once("disconnect", () => process.exit(0));
  await selfTest(device, Number(process.argv[3] ?? 1), (finding) => process.send?.(finding));
}
