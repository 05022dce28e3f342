/** The toolkit's ring that turns while something is under way. */
import { provideVSCodeDesignSystem, vsCodeProgressRing } from "@vscode/webview-ui-toolkit";
import { h } from "preact";

provideVSCodeDesignSystem().register(vsCodeProgressRing());

export function ProgressRing({ label }: { label: string }) {
  return h("vscode-progress-ring", { "aria-label": label });
}
