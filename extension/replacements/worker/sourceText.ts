/** Values of a JSON file as somebody has written them, with their own layout and all digits. */
import { findNodeAtLocation, type Node } from "jsonc-parser";
import type { Path } from "../../../schemas/replacementView.ts";
import { syntaxTree } from "../../../server/toolcalls/syntax.ts";

export class SourceText {
  readonly #text: string;
  #root: Node | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** Without the indentation of its place; undefined where there is nothing. */
  at(path: Path): string | undefined {
    this.#root ??= syntaxTree(this.#text);
    const node = this.#root && findNodeAtLocation(this.#root, [...path]);
    if (!node) return undefined;
    const line = this.#text.lastIndexOf("\n", node.offset) + 1;
    const indent = /^[ \t]*/.exec(this.#text.slice(line, node.offset))?.[0] ?? "";
    const text = this.#text.slice(node.offset, node.offset + node.length);
    // No line break stands inside a JSON string, so that what is taken away is layout.
    return text.replaceAll(`\n${indent}`, "\n");
  }
}
