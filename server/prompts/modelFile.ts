/** Reading the JSON files of a Hugging Face model directory. They are machine-written and large: no positions are kept. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../../schemas/problem.ts";
import { plain } from "../toolcalls/display.ts";
import { isJsonObject } from "../toolcalls/json.ts";

/** @throws InputError when the file is missing or does not hold a JSON object */
export function readModelJson(dir: string, name: string): Record<string, unknown> {
  const file = join(dir, name);
  if (!existsSync(file)) {
    throw new InputError(`The model directory has no ${name}; a Hugging Face model directory is needed.`, {
      file: dir,
    });
  }
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new InputError(`This file cannot be read as JSON: ${plain((error as Error).message, 200)}.`, { file });
  }
  if (!isJsonObject(value)) throw new InputError("This file must hold a JSON object.", { file });
  return value;
}

/** As readModelJson, nothing where there is no such file. */
export function optionalModelJson(dir: string, name: string): Record<string, unknown> {
  return existsSync(join(dir, name)) ? readModelJson(dir, name) : {};
}
