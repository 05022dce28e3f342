/** The setting `toolexpander.nodePath`: another Node than the editor's own, which an update of the editor may end. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { InputError } from "../../../schemas/problem.ts";
import { plain } from "../../../server/toolcalls/display.ts";
import { cleanEnvironment } from "../../../server/training/nodeProcess.ts";

const OLDEST = 22;
const ANSWER_MS = 10_000;

/** @throws InputError where the program is no Node, or one without node:sqlite */
export async function checkNode(node: string): Promise<void> {
  const shown = `toolexpander.nodePath: "${plain(node, 200)}"`;
  let answer: string;
  try {
    const asked = await promisify(execFile)(node, ["--version"], { timeout: ANSWER_MS, env: cleanEnvironment() });
    answer = asked.stdout.trim();
  } catch (error) {
    const why = error instanceof Error ? plain(error.message.split("\n")[0] ?? "", 200) : String(error);
    throw new InputError(
      `${shown} cannot be run (${why}); set it to a Node of version ${OLDEST} or newer, or clear it.`,
    );
  }
  const major = Number(/^v(\d+)\.\d+\.\d+/.exec(answer)?.[1]);
  if (Number.isNaN(major)) {
    throw new InputError(`${shown} does not answer as Node does; set it to a Node of version ${OLDEST} or newer.`);
  }
  if (major < OLDEST) {
    throw new InputError(`${shown} is ${plain(answer)}; training needs Node ${OLDEST} or newer.`);
  }
}
