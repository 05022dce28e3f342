/** `TOOLEXPANDER_PICTURE=1` keeps pictures of the editor in media/screenshots. */
import { mkdirSync } from "node:fs";
import path from "node:path";
import { root } from "../../sources.ts";
import type { EditorWindow } from "./window.ts";

/** @param notices whether what the editor tells stays: it covers a corner, and clearing it moves the focus */
export async function picture(window: EditorWindow, name: string, notices: "keep" | "clear" = "keep"): Promise<void> {
  if (!process.env.TOOLEXPANDER_PICTURE) return;
  if (notices === "clear") await window.run("Notifications: Clear All Notifications");
  // The palette fades away, and would be on the picture like a ghost.
  await window.page.locator(".quick-input-widget").waitFor({ state: "hidden" });
  const file = path.join(root, "media", "screenshots", `${name}.png`);
  mkdirSync(path.dirname(file), { recursive: true });
  await window.page.screenshot({ path: file });
}
