/**
 * The process that exports one policy and ends. Of the extension host it keeps the memory of a whole model away, and it can be
 * ended at any moment.
 */
import { Value } from "@sinclair/typebox/value";
import { describe, InputError } from "../../../schemas/problem.ts";
import { readRunRecord } from "../../../server/store/runFolder.ts";
import { exportRun } from "../../../server/training/exportRun.ts";
import { type ExportMessage, ExportRequest } from "../messages.ts";

/** Exit code of a defect of ours. */
const DEFECT = 70;

/** Resolves when the message is on its way: the work after it blocks this thread. */
function tell(message: ExportMessage): Promise<void> {
  return new Promise((sent) => {
    // An editor that is gone hears nothing; its end ends this process.
    process.send?.(message, () => sent());
  });
}

async function exported({ run, to, as, dtype }: ExportRequest): Promise<void> {
  const record = readRunRecord(run);
  const { folder, step, files } = await exportRun(run, record, { to, as, dtype }, (found) =>
    tell({ kind: "found", step: found }),
  );
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  await tell({ kind: "finished", folder, step, bytes });
}

function serve(): void {
  process.once("disconnect", () => process.exit());
  process.once("message", (request: unknown) => {
    if (!Value.Check(ExportRequest, request)) throw new TypeError("The request is none.");
    exported(request)
      .catch(async (error: unknown) => {
        if (error instanceof InputError) return tell({ kind: "refused", sentence: describe(error) });
        console.error(error);
        process.exitCode = DEFECT;
      })
      .finally(() => process.disconnect());
  });
}

if (process.send === undefined) {
  process.stderr.write("This program is a process of the ToolExpander extension.\n");
  process.exitCode = 2;
} else serve();
