import type { FrozenForm } from "../../lora.ts";
import { inBlocks } from "./blockForm.ts";
import type { Form } from "./form.ts";
import { HALF } from "./halfForm.ts";

export function formOf(frozen: FrozenForm): Form {
  return frozen.kind === "half" ? HALF : inBlocks(frozen.block);
}
