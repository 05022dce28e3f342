/** The sentence for an installation that cannot train. */
import { InputError } from "../../../../schemas/problem.ts";
import type { System } from "./cuda/librariesIn.ts";
import { runtimePackage } from "./cuda/runtimePackage.ts";
import { hasEngine } from "./engineHere.ts";

/** @throws InputError where nothing can be trained here, with what still works */
export function requireEngine(runtime: string | undefined = runtimePackage(), system: System = process): void {
  if (hasEngine(runtime, system)) return;
  throw new InputError(
    `ToolExpander has no engine for ${system.platform}-${system.arch} in this installation, so nothing can be trained, evaluated or generated here. Checking, converting and renaming files, looking at runs and exporting their models work.`,
  );
}
