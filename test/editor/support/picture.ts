/** `TOOLEXPANDER_PICTURE=1` keeps pictures of the editor in media/screenshots. */
import { mkdirSync } from "node:fs";
import path from "node:path";
import { root } from "../../sources.ts";
import type { EditorWindow } from "./window.ts";

export async function picture(window: EditorWindow, name: string): Promise<void> {
  if (!process.env.TOOLEXPANDER_PICTURE) return;
  const file = path.join(root, "media", "screenshots", `${name}.png`);
  mkdirSync(path.dirname(file), { recursive: true });
  await window.page.screenshot({ path: file });
}
