/** A chat template that is ready to render. */
import type { PythonValue } from "../../toolcalls/python/value.ts";
import { globals } from "./globals.ts";
import { Interpreter } from "./interpreter.ts";
import { Scope } from "./scope.ts";
import { type Node, parseTemplate } from "./syntax.ts";
import { TemplateError, Work } from "./work.ts";

export class JinjaTemplate {
  readonly #program: Node;

  /** @throws TemplateError, or the parser's own error, on a text that is no template */
  constructor(source: string) {
    this.#program = parseTemplate(source);
  }

  /**
   * A function of its arguments alone, bounded in work, memory and length.
   * @throws TemplateError and PythonError where the template fails on these variables
   */
  render(variables: Iterable<readonly [string, PythonValue]>): string {
    const work = new Work();
    const scope = new Scope();
    for (const [name, value] of [...globals(work), ...variables]) scope.set(name, value);
    try {
      return new Interpreter(work).text([this.#program].flatMap(bodyOf), scope);
    } catch (error) {
      // Of the machine, not of the template's language: the stack's end, or a text of more than half a gigabyte.
      throw error instanceof RangeError ? new TemplateError("it is nested too deep, or its texts are too long") : error;
    }
  }
}

const bodyOf = (node: Node): Node[] => (node.type === "Program" ? node.body : [node]);
