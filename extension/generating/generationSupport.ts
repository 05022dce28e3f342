/** Generating trajectories, as far as it is loaded at once: it waits for the command, or for what a closed window has cut off. */
import * as vscode from "vscode";
import { inBackground } from "../failures.ts";
import { loadBundle } from "../loadBundle.ts";
import type { Generations } from "./generating.ts";

/** What the bundle of its own brings, `dist/generating.cjs`. */
type Bundle = typeof import("./generating.ts");

export class GenerationSupport implements vscode.Disposable {
  readonly #make: () => Generations;
  #generations: Generations | undefined;

  constructor(context: vscode.ExtensionContext, log: vscode.LogOutputChannel) {
    const state = context.workspaceState;
    this.#make = () => {
      const { Generations } = loadBundle<Bundle>(context, "generating");
      return new Generations({ program: context.asAbsolutePath("dist/generateProcess.js"), log, state });
    };
    const cutOff = state.get<unknown>("generating" satisfies Bundle["GENERATING"]);
    if (vscode.workspace.isTrusted && Array.isArray(cutOff) && cutOff.length > 0)
      inBackground(this.generations.offer(), log);
  }

  get generations(): Generations {
    this.#generations ??= this.#make();
    return this.#generations;
  }

  dispose(): void {
    this.#generations?.dispose();
  }
}
