/** The toolkit's button. Each of its controls that few views use is a file of its own, so that a view loads no other. */
import { provideVSCodeDesignSystem, vsCodeButton } from "@vscode/webview-ui-toolkit";
import { type ComponentChildren, h } from "preact";

provideVSCodeDesignSystem().register(vsCodeButton());

export interface ButtonProps {
  appearance?: "primary" | "secondary" | "icon";
  /** What it does, for those who do not see its icon. */
  label?: string;
  onClick(): void;
  children: ComponentChildren;
}

export function Button({ appearance = "secondary", label, onClick, children }: ButtonProps) {
  return h("vscode-button", { appearance, onClick, title: label, "aria-label": label }, children);
}
