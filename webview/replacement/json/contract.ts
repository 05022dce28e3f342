/** What the view and its JSON editor, which is loaded when the first is opened, have of each other. */
import type { Completion } from "../../../schemas/replacementView.ts";
import type { PlacedFault } from "../client/faults.ts";

export interface JsonEditorOptions {
  parent: HTMLElement;
  text: string;
  label: string;
  /** Of element with what is wrong, for those who hear it. */
  describedBy: string;
  /** Of the page's policy. */
  nonce: string;
  /** What a person made of the text. */
  input(text: string): void;
  blur(): void;
  /** What could be typed there. */
  complete(text: string, offset: number): Promise<Completion[]>;
  /** Whether the text is not in the file: what it was is then known here alone. */
  isUnfinished(): boolean;
}

export interface JsonEditor {
  /** Shows a text; one that differs in its layout alone stays as a person has laid it out. */
  show(text: string): void;
  /** @param faults with paths from the value that is edited */
  mark(faults: readonly PlacedFault[]): void;
  destroy(): void;
}

/** What the script that is loaded later brings. */
export interface JsonEditors {
  open(options: JsonEditorOptions): JsonEditor;
}
