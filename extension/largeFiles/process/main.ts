/** The process that checks one large file and ends: started by the extension host, whose thread it keeps free. */
import { Value } from "@sinclair/typebox/value";
import { InputError } from "../../../schemas/problem.ts";
import { type CheckMessage, CheckRequest } from "../messages.ts";
import { checkFile } from "./checkFile.ts";

/** Exit code of a defect of ours. */
const DEFECT = 70;
/** What the disk refuses is not a defect of ours. */
const REFUSALS = new Set(["EACCES", "EPERM", "EBUSY", "ENOENT", "EIO", "EISDIR"]);

function serve(send: (message: CheckMessage) => Promise<void>): void {
  // Without an editor nobody reads what is found.
  process.once("disconnect", () => process.exit());
  let last: Promise<void> = Promise.resolve();
  const tell = (message: CheckMessage): void => {
    last = send(message);
  };
  process.once("message", (request: unknown) => {
    if (!Value.Check(CheckRequest, request)) throw new TypeError("The request is none.");
    checkFile(request, tell)
      .catch((error: unknown) => {
        const sentence = refusal(error);
        if (sentence !== undefined) return tell({ kind: "refused", sentence });
        console.error(error);
        process.exitCode = DEFECT;
      })
      .then(() => last)
      .finally(() => process.disconnect());
  });
}

function refusal(error: unknown): string | undefined {
  if (error instanceof InputError) return error.message;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return error instanceof Error && REFUSALS.has(code) ? `The file cannot be read: ${error.message}.` : undefined;
}

if (process.send === undefined) {
  process.stderr.write("This program is a process of the ToolExpander extension.\n");
  process.exitCode = 2;
} else {
  serve(
    (message) =>
      new Promise((sent) => {
        // An editor that is gone hears nothing; its end ends this process.
        process.send?.(message, () => sent());
      }),
  );
}
