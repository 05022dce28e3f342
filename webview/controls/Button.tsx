/** The toolkit's button. Each of its controls that few views use is a file of its own, so that a view loads no other. */
import { provideVSCodeDesignSystem, vsCodeButton } from "@vscode/webview-ui-toolkit";
import { type ComponentChildren, h } from "preact";

provideVSCodeDesignSystem().register(vsCodeButton());

export interface ButtonProps {
  appearance?: "primary" | "secondary" | "icon";
  /** What it does, for those who do not see its icon. */
  label?: string;
  /** Of a button that is on or off. */
  pressed?: boolean;
  onClick(): void;
  children: ComponentChildren;
}

export function Button({ appearance = "secondary", label, pressed, onClick, children }: ButtonProps) {
  const given = { appearance, onClick, title: label, "aria-label": label, "aria-pressed": pressed };
  return h("vscode-button", given, children);
}
