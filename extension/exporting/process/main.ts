/**
 * The process that exports one policy and ends. Of the extension host it keeps the memory of a whole model away, and it can be
 * ended at any moment.
 */
import { describe, InputError } from "../../../schemas/problem.ts";
import { readRunRecord } from "../../../server/store/runFolder.ts";
import { exportRun } from "../../../server/training/exportRun.ts";
import { serveOne, type Tell } from "../../processes/serveOne.ts";
import { type ExportMessage, ExportRequest } from "../messages.ts";

async function exported({ run, to, as, dtype }: ExportRequest, tell: Tell<ExportMessage>): Promise<void> {
  const record = readRunRecord(run);
  // What is told is on its way before the work that blocks this thread.
  const { folder, step, files } = await exportRun(run, record, { to, as, dtype }, (found) =>
    tell({ kind: "found", step: found }),
  );
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  await tell({ kind: "finished", folder, step, bytes });
}

serveOne<typeof ExportRequest, ExportMessage>({
  request: ExportRequest,
  work: exported,
  refusal: (error) => (error instanceof InputError ? { kind: "refused", sentence: describe(error) } : undefined),
});
