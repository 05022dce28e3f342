/** Loads the JSON editor with the first that is opened: most edits of a sample need none. */
import type { JsonEditors } from "./contract.ts";

declare global {
  /** Left by the script when it has run. */
  var toolexpanderJsonEditors: JsonEditors | undefined;
}

// Known only while the view's own script runs.
const own = document.currentScript instanceof HTMLScriptElement ? document.currentScript : undefined;

/** Of the page's policy; a script and a style without it do nothing. */
export const pageNonce = own?.nonce ?? "";

let loading: Promise<JsonEditors> | undefined;

/** Rejects where it cannot be loaded; the next call tries again. */
export function loadJsonEditors(): Promise<JsonEditors> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(): Promise<JsonEditors> {
  const script = document.createElement("script");
  script.nonce = pageNonce;
  script.src = new URL("jsonEditor.js", own?.src ?? location.href).href;
  const loaded = new Promise<void>((resolve, reject) => {
    script.addEventListener("load", () => resolve());
    script.addEventListener("error", () => reject(new Error("The JSON editor could not be loaded.")));
  });
  document.head.append(script);
  await loaded;
  script.remove();
  if (!globalThis.toolexpanderJsonEditors) throw new Error("The JSON editor could not be started.");
  return globalThis.toolexpanderJsonEditors;
}
